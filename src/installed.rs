//! Packed models on this machine: the program's own, and those of a folder.
//!
//! ```
//! use convscope::device::Opened;
//! use convscope::installed::Installed;
//!
//! let models = Installed::default();
//! let found = models.find("squeezenet1_1")?;
//! assert_eq!(found.manifest()?.labels.len(), 1000);
//! let model = found.load(&Opened::cpu())?;
//! assert_eq!(model.device, "CPU");
//! # Ok::<(), convscope::Error>(())
//! ```

use std::path::{Path, PathBuf};

use pollster::block_on;

use crate::device::Opened;
use crate::embedded;
use crate::error::{Error, Result};
use crate::fault;
use crate::model::{self, Embedded, Folder, JSON, Manifest, Model, Source};

/// Models that can be had by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Installed {
    /// Folder of packed models that was asked for; else `$CONVSCOPE_WEIGHTS`, else `convscope/models` in the folder for the user's data.
    pub asked: Option<PathBuf>,
}

/// Packed model, where it was found.
#[derive(Clone, Debug)]
pub enum Found {
    /// A folder with `model.json` in it.
    Folder(Folder),
    /// A part of the program.
    Embedded(Embedded),
}

/// The folder that an environment variable names.
fn folder_of(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// The user's own folder of models, below that for the data of programs: by the XDG base directory specification, and where it does not
/// hold.
fn own_folder() -> Option<PathBuf> {
    // A relative path is to be left unheard.
    let data = folder_of("XDG_DATA_HOME").filter(|folder| folder.is_absolute());
    let data = data.or_else(|| folder_of("LOCALAPPDATA").filter(|_| cfg!(windows)));
    let data = data.or_else(|| folder_of("HOME").map(|home| home.join(".local/share")));
    data.map(|data| data.join("convscope/models"))
}

impl Installed {
    /// The folder of packed models, if there is one, and whether it was asked for.
    pub fn folder(&self) -> (Option<PathBuf>, bool) {
        let asked = self.asked.clone().or_else(|| folder_of("CONVSCOPE_WEIGHTS"));
        let is_asked = asked.is_some();
        (asked.or_else(own_folder), is_asked)
    }

    /// All models: those of the folder by name, then the embedded one. Of two that bear its name, the folder's comes first if the
    /// folder was asked for, and the embedded one if it is the user's own.
    ///
    /// # Errors
    /// [`Error::File`] where the folder that was asked for cannot be read.
    pub fn all(&self) -> Result<Vec<(String, Found)>> {
        let (folder, asked) = self.folder();
        let mut found: Vec<(String, Found)> = match folder.as_ref().map(std::fs::read_dir) {
            Some(Ok(entries)) => {
                let there = |path: PathBuf| path.join(JSON).is_file().then_some(path);
                let folders = entries.filter_map(|entry| there(entry.ok()?.path()));
                let named = |path: PathBuf| Some((path.file_name()?.to_str()?.to_owned(), Found::folder(&path)));
                folders.filter_map(named).collect()
            }
            // The user's own folder need not be there; one that was asked for must.
            Some(Err(error)) if self.asked.is_some() => {
                return Err(Error::read(&folder.unwrap_or_default(), error));
            }
            _ => vec![],
        };
        found.sort_by(|one, other| one.0.cmp(&other.0));
        let own = (embedded::ID.to_owned(), Found::Embedded(embedded::SQUEEZENET));
        match found.iter().position(|(id, _)| id == embedded::ID) {
            None => found.push(own),
            Some(_) if asked => {}
            Some(place) => found[place] = own,
        }
        Ok(found)
    }

    /// The model of that name.
    ///
    /// # Errors
    /// [`Error::Request`] naming the models there are, and those of [`Self::all`].
    pub fn find(&self, id: &str) -> Result<Found> {
        let mut models = self.all()?;
        let place = models.iter().position(|(name, _)| name == id);
        let place = place.ok_or_else(|| {
            let names: Vec<&str> = models.iter().map(|(name, _)| name.as_str()).collect();
            Error::Request(fault!(
                "model-unknown",
                "there is no model {model} in {folder}; there are {known}: get others with `convscope pull`, or name their folder with --weights",
                model = id,
                folder = self.folder().0.unwrap_or_default().display(),
                known = names.join(", ")
            ))
        })?;
        Ok(models.swap_remove(place).1)
    }
}

impl Found {
    /// The packed model of a folder.
    pub fn folder(path: &Path) -> Self {
        Self::Folder(Folder(path.into()))
    }

    /// `model.json`, read and checked.
    ///
    /// # Errors
    /// [`Error::File`] where it cannot be read, [`Error::Weights`] where it is none.
    pub fn manifest(&self) -> Result<Manifest> {
        let read = async |name| match self {
            Self::Folder(folder) => folder.read(name, &mut |_| {}).await,
            Self::Embedded(embedded) => embedded.read(name, &mut |_| {}).await,
        };
        Manifest::parse(&block_on(read(JSON))?).map_err(|error| self.at(error))
    }

    /// The numbers of a model, as they are packed; see [`Source::stream`].
    ///
    /// # Errors
    /// Those of [`Source::stream`].
    pub fn stream(&self, manifest: &Manifest) -> Result<Vec<u8>> {
        let stream = match self {
            Self::Folder(folder) => block_on(folder.stream(manifest)),
            Self::Embedded(embedded) => block_on(embedded.stream(manifest)),
        };
        stream.map_err(|error| self.at(error))
    }

    /// The model on a device.
    ///
    /// # Errors
    /// Those of [`model::load`].
    pub fn load(&self, opened: &Opened) -> Result<Model> {
        let model = match self {
            Self::Folder(folder) => block_on(model::load(folder, opened, |_| {})),
            Self::Embedded(embedded) => block_on(model::load(embedded, opened, |_| {})),
        };
        model.map_err(|error| self.at(error))
    }

    /// An error of a packed model says which one.
    fn at(&self, error: Error) -> Error {
        match (error, self) {
            (Error::Weights(what), Self::Folder(folder)) => {
                let folder = folder.0.display();
                Error::Weights(fault!("model-folder", "{folder}: {cause}", cause = what, folder))
            }
            (error, _) => error,
        }
    }
}
