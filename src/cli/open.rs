//! From a model's name to a session, and pictures one after the other.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use convscope::error::{Error, Result};
use convscope::model::{self, Embedded, Folder, Manifest, Model, Source};
use convscope::picture::Picture;
use convscope::preprocess::Interpolation;
use convscope::session::Session;
use convscope::{device, embedded};
use indicatif::{ProgressBar, ProgressStyle};
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

    fn load(&self, device: &burn::tensor::Device) -> Result<Model> {
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

/// Reads a picture; an error says which.
pub(super) fn picture(path: &Path) -> Result<Picture> {
    let bytes = std::fs::read(path).map_err(|error| Error::read(path, error))?;
    Picture::decode(&bytes).map_err(|error| Error::Picture(format!("{}: {error}", path.display())))
}

/// Does `each` for every picture. One that fails is reported, by `failed` too, and the rest go on; the exit code says so.
pub(super) fn for_each_picture(
    pictures: &[PathBuf],
    mut each: impl FnMut(&Path, &Picture) -> Result<()>,
    mut failed: impl FnMut(&Path, &Error),
) -> ExitCode {
    // indicatif draws nothing where standard error is no terminal.
    let bar = if pictures.len() > 1 { ProgressBar::new(pictures.len() as u64) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}, {eta} left") {
        bar.set_style(style);
    }
    let mut code = ExitCode::SUCCESS;
    for path in pictures {
        bar.set_message(path.display().to_string());
        if let Err(error) = picture(path).and_then(|picture| each(path, &picture)) {
            bar.suspend(|| eprintln!("convscope: {error}"));
            failed(path, &error);
            code = ExitCode::FAILURE;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    code
}

/// Prints a line of results; a closed pipe ends the program quietly, as it does for every filter.
pub(super) fn print(line: &str) -> Result<()> {
    use std::io::Write;
    let written = writeln!(std::io::stdout().lock(), "{line}");
    written.map_err(|error| Error::write(Path::new("the standard output"), error))
}
