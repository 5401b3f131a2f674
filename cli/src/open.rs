//! Opening of a model by its name, on its device.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use convscope::device::{Choice, Opened};
use convscope::embedded;
use convscope::error::{Error, Result};
use convscope::fault;
use convscope::model::{self, Embedded, Folder, Manifest, Model, Source};
use convscope::preprocess::Interpolation;
use pollster::block_on;

use super::device;
use super::say::note;

/// Place of packed models.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// Folder of packed models, which come before the program's own of the same name [default: $CONVSCOPE_WEIGHTS, else
    /// convscope/models in the folder for the user's data, where the program's own comes first]
    #[arg(long, value_name = "DIR")]
    pub(super) weights: Option<PathBuf>,
}

/// Model, and the device that it runs on.
#[derive(Debug, Args)]
pub(super) struct With {
    /// Which model; `convscope models` lists them
    #[arg(long, value_name = "ID", default_value = "squeezenet1_1")]
    pub(super) model: String,
    #[command(flatten)]
    pub(super) place: Place,
    /// Where to compute
    #[arg(long, default_value = "auto", value_parser = crate::named::named::<Choice>())]
    pub(super) device: Choice,
}

/// Packed model, where it was found.
pub(super) enum Found {
    Folder(Folder),
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

impl Place {
    /// The folder of packed models, if there is one, and whether it was asked for.
    pub(super) fn folder(&self) -> (Option<PathBuf>, bool) {
        let named = || folder_of("CONVSCOPE_WEIGHTS");
        let asked = self.weights.clone().or_else(named);
        let is_asked = asked.is_some();
        (asked.or_else(own_folder), is_asked)
    }

    /// All models: those of the folder by name, then the embedded one. Of two that bear its name, the folder's comes first if the
    /// folder was asked for, and the embedded one if it is the user's own; [`Self::say_which`] says so.
    pub(super) fn models(&self) -> Result<Vec<(String, Found)>> {
        let (folder, asked) = self.folder();
        let mut found: Vec<(String, Found)> = match folder.as_ref().map(std::fs::read_dir) {
            Some(Ok(entries)) => {
                let there = |path: PathBuf| path.join("model.json").is_file().then_some(path);
                let folders = entries.filter_map(|entry| there(entry.ok()?.path()));
                let named = |path: PathBuf| Some((path.file_name()?.to_str()?.to_owned(), Found::Folder(Folder(path))));
                folders.filter_map(named).collect()
            }
            // The user's own folder need not be there; one that was asked for must.
            Some(Err(error)) if self.weights.is_some() => {
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

    /// Says which model bears the name of the embedded one, where that is a question.
    pub(super) fn say_which(&self) {
        let (Some(folder), asked) = self.folder() else { return };
        let (id, place) = (embedded::ID, folder.join(embedded::ID));
        if !place.join("model.json").is_file() {
            return;
        }
        let (place, folder) = (place.display(), folder.display());
        note(&if asked {
            format!("{id} is that of {place}, not the program's own")
        } else {
            format!(
                "{id} is the program's own, not that of {place}; to have that one, name the folder {folder} in the command"
            )
        });
    }

    fn model(&self, id: &str) -> Result<Found> {
        let mut models = self.models()?;
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
    /// `model.json`, read and checked.
    pub(super) fn manifest(&self) -> Result<Manifest> {
        let read = async |name| match self {
            Self::Folder(folder) => folder.read(name, &mut |_| {}).await,
            Self::Embedded(embedded) => embedded.read(name, &mut |_| {}).await,
        };
        Manifest::parse(&block_on(read("model.json"))?).map_err(|error| self.at(error))
    }

    /// The model on a device.
    pub(super) fn load(&self, opened: &Opened) -> Result<Model> {
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

impl With {
    /// The model on the device.
    pub(super) fn model(&self, resize: Option<Interpolation>) -> Result<Arc<Model>> {
        let found = self.place.model(&self.model)?;
        let opened = device::open(self.device)?;
        if self.model == embedded::ID {
            self.place.say_which();
        }
        note(&format!("{} on {}", self.model, opened.name));
        let mut model = found.load(&opened)?;
        if let Some(interpolation) = resize {
            model.manifest.preprocessing.interpolation = interpolation;
        }
        Ok(Arc::new(model))
    }
}
