//! From a model's name to a session; what is said on standard output and standard error.

use std::path::{Path, PathBuf};

use convscope::device::Opened;
use convscope::error::{Error, Result};
use convscope::model::{self, Embedded, Folder, Manifest, Model, Source};
use convscope::preprocess::Interpolation;
use convscope::session::Session;
use convscope::{device, embedded};
use pollster::block_on;

use super::{Place, With};

/// Where a packed model lies.
pub(super) enum Found {
    Folder(Folder),
    Embedded(Embedded),
}

impl Place {
    /// The folder of packed models.
    fn folder(&self) -> PathBuf {
        let named = || std::env::var_os("CONVSCOPE_WEIGHTS").map(PathBuf::from);
        self.weights.clone().or_else(named).unwrap_or_else(|| "weights".into())
    }

    /// All models: those of the folder, then the embedded one unless the folder has one of its name.
    pub(super) fn models(&self) -> Result<Vec<(String, Found)>> {
        let folder = self.folder();
        let mut found: Vec<(String, Found)> = match std::fs::read_dir(&folder) {
            Ok(entries) => {
                let there = |path: PathBuf| path.join("model.json").is_file().then_some(path);
                let folders = entries.filter_map(|entry| there(entry.ok()?.path()));
                let named = |path: PathBuf| Some((path.file_name()?.to_str()?.to_owned(), Found::Folder(Folder(path))));
                folders.filter_map(named).collect()
            }
            // The default folder need not be there; one that was asked for must.
            Err(error) if self.weights.is_some() => return Err(Error::read(&folder, error)),
            Err(_) => vec![],
        };
        found.sort_by(|one, other| one.0.cmp(&other.0));
        if found.iter().all(|(id, _)| id != embedded::ID) {
            found.push((embedded::ID.into(), Found::Embedded(embedded::SQUEEZENET)));
        }
        Ok(found)
    }

    fn model(&self, id: &str) -> Result<Found> {
        let mut models = self.models()?;
        let place = models.iter().position(|(name, _)| name == id);
        let place = place.ok_or_else(|| {
            let names: Vec<&str> = models.iter().map(|(name, _)| name.as_str()).collect();
            Error::Request(format!(
                "there is no model {id} in {}; there are {}: get others with `cargo xtask weights`, or name their folder with --weights",
                self.folder().display(),
                names.join(", ")
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

    fn load(&self, device: &convscope::device::Device) -> Result<Model> {
        let model = match self {
            Self::Folder(folder) => block_on(model::load(folder, device, |_| {})),
            Self::Embedded(embedded) => block_on(model::load(embedded, device, |_| {})),
        };
        model.map_err(|error| self.at(error))
    }

    /// An error of a packed model says which one.
    fn at(&self, error: Error) -> Error {
        match (error, self) {
            (Error::Weights(what), Self::Folder(folder)) => Error::Weights(format!("{}: {what}", folder.0.display())),
            (error, _) => error,
        }
    }
}

impl With {
    /// The session for the model and the device.
    pub(super) fn session(&self, resize: Option<Interpolation>) -> Result<Session> {
        let found = self.place.model(&self.model)?;
        let opened = block_on(device::open(self.device))?;
        eprintln!("convscope: {} on {}", self.model, opened.name);
        let mut model = found.load(&opened.device)?;
        if let Some(interpolation) = resize {
            model.manifest.preprocessing.interpolation = interpolation;
        }
        Ok(Session::new(model, &opened))
    }
}

/// The session for the packed model in a folder.
pub(super) fn session_of(folder: &Path, opened: &Opened) -> Result<Session> {
    let model = Found::Folder(Folder(folder.into())).load(&opened.device)?;
    Ok(Session::new(model, opened))
}

/// Prints a line of results; a closed pipe ends the program quietly, as it does for every filter.
pub(super) fn print(line: &str) -> Result<()> {
    use std::io::Write;
    let written = writeln!(std::io::stdout().lock(), "{line}");
    written.map_err(|error| Error::write(Path::new("the standard output"), error))
}

/// Says an error on standard error. The engine's sentences know nothing of a command line; what there is to write is added here.
pub(super) fn complain(error: &Error) {
    if matches!(error, Error::File { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe) {
        // Whoever read the results has enough of them.
        return;
    }
    let hint = if matches!(error, Error::Device(_)) { " (--device cpu)" } else { "" };
    eprintln!("convscope: {error}{hint}");
}
