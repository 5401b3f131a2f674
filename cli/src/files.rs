//! Images in, one after the other, from files and folders alike; result files out, whole or not at all.

use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use convscope::error::{Error, Fault, Result};
pub(super) use convscope::export::MANIFEST;
use convscope::export::{Earlier, sha256};
use convscope::fault;
use convscope::image::Image;
use convscope::model::Model;

use indicatif::ProgressBar;

use super::say::{complain, note, visible};
use super::{bars, stop};

/// Endings of image files that are found in a folder; one that is named by itself may end in anything. Of some of
/// them it is said that they cannot be read.
const ENDINGS: [&str; 14] =
    ["png", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "avif", "jxl"];
/// An image that was read.
pub(super) struct Input {
    pub(super) path: PathBuf,
    pub(super) image: Arc<Image>,
    file: Vec<u8>,
}

/// An image that nothing could be made of, and why.
pub(super) struct Failure {
    pub(super) image: PathBuf,
    pub(super) error: Error,
}

impl Input {
    /// An error says which file it was.
    pub(super) fn read(path: &Path) -> Result<Self> {
        Self::of(path, std::fs::read(path).map_err(|error| Error::read(path, error))?)
    }

    /// The image in a file of that path.
    pub(super) fn of(path: &Path, file: Vec<u8>) -> Result<Self> {
        let image = Image::decode(&file).map_err(|error| {
            let (cause, path) = (Fault::from(&error), path.display());
            Error::Image(fault!("image-file", "{path}: {cause}", cause = cause, path))
        })?;
        Ok(Self { path: path.into(), image: Arc::new(image), file })
    }

    /// Bytes of the file.
    pub(super) fn file(&self) -> &[u8] {
        &self.file
    }

    /// Says where the image is none that the model was made for, as far as that can be told.
    pub(super) fn say_doubt(&self, model: &Model) {
        if let Some(doubt) = model.manifest.domain.as_ref().and_then(|domain| domain.doubt(&self.image)) {
            note(&format!("{}: {doubt}", self.name()));
        }
    }

    /// The path for people and manifests.
    pub(super) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// SHA-256 of the file, which names it to the last bit.
    pub(super) fn sha256(&self) -> String {
        sha256(&self.file)
    }

    /// The file name without its ending.
    pub(super) fn stem(&self) -> String {
        self.path.file_stem().map_or_else(|| "picture".into(), |stem| stem.to_string_lossy().into_owned())
    }
}

/// Does `each` for every image, those in folders too. One that fails is named on standard error and the rest go on, unless the
/// program is to stop; the failures are given back.
pub(super) fn for_each_image(
    files_and_folders: &[PathBuf],
    mut each: impl FnMut(&Input) -> Result<()>,
) -> Vec<Failure> {
    let images: Vec<(PathBuf, Result<()>)> = files_and_folders.iter().flat_map(|path| expand(path)).collect();
    let bar = (images.len() > 1).then(|| bars::bar(images.len(), "{bar:30} {pos}/{len} {msg}, {eta} left"));
    let (all, mut done) = (images.len(), 0);
    let mut failures = vec![];
    for (path, found) in images {
        if stop::asked() {
            break;
        }
        if let Some(bar) = &bar {
            bar.set_message(visible(&path.display().to_string()).into_owned());
        }
        let input = found.and_then(|()| Input::read(&path));
        if let Some(text) = input.as_ref().ok().and_then(|input| input.image.note()) {
            note(&format!("{}: {text}", path.display()));
        }
        match input.and_then(|input| each(&input)) {
            Ok(()) => {}
            // It is not finished, and nothing is wrong with it.
            Err(Error::Cancelled) if stop::asked() => break,
            Err(error) => {
                complain(&error);
                failures.push(Failure { image: path, error });
            }
        }
        done += 1;
        bar.iter().for_each(|bar| bar.inc(1));
    }
    bar.iter().for_each(ProgressBar::finish_and_clear);
    if stop::exit_code().is_some() {
        note(&format!("stopped; {done} of {all} images are done"));
    }
    failures
}

/// Exit code: success where all images were done.
pub(super) fn exit_code(failures: &[Failure]) -> ExitCode {
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A file is itself; a folder is the images in it, by name. Hidden ones are left out; results of this program and folders in it
/// too, which is said.
fn expand(path: &Path) -> Vec<(PathBuf, Result<()>)> {
    if !path.is_dir() {
        return vec![(path.into(), Ok(()))];
    }
    let all: std::io::Result<Vec<PathBuf>> =
        std::fs::read_dir(path).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut all = match all {
        Ok(all) => all,
        Err(error) => return vec![(path.into(), Err(Error::read(path, error)))],
    };
    all.retain(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')));
    let (mut folders, files): (Vec<PathBuf>, Vec<PathBuf>) = all.into_iter().partition(|path| path.is_dir());
    // Folders of results are not counted among those that are said to be left out.
    folders.retain(|folder| results_in(folder).is_empty());
    let results = results_in(path);
    let is_result = |path: &PathBuf| path.file_name().is_some_and(|name| results.contains(&*name.to_string_lossy()));
    let images = files.into_iter().filter(|path| is_image(path));
    let (results, mut images): (Vec<PathBuf>, Vec<PathBuf>) = images.partition(is_result);
    images.sort();
    say_left_out(path, results.len(), folders.len());
    if images.is_empty() {
        return vec![(path.into(), Err(no_images(&path.display().to_string())))];
    }
    images.into_iter().map(|path| (path, Ok(()))).collect()
}

/// Error of a folder in which there is nothing to look at.
pub(super) fn no_images(folder: &str) -> Error {
    Error::Image(fault!("no-images", "there is no image in the folder {folder}; name another", folder))
}

/// Whether a file's name is an image's; pipes and the like, which might never end, are none, and a link to nothing fails later.
pub(super) fn is_image(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let may_be_read = path.is_file() || path.is_symlink() && !path.exists();
    may_be_read && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// The names of the result files in a folder, by its manifest.
pub(super) fn results_in(folder: &Path) -> HashSet<String> {
    let manifest = std::fs::read(folder.join(MANIFEST)).ok();
    let earlier = manifest.and_then(|file| Earlier::parse(&file).ok()).unwrap_or_default();
    earlier.files().into_iter().map(|(file, _)| file).collect()
}

fn say_left_out(folder: &Path, results: usize, folders: usize) {
    let folder = folder.display();
    if results > 0 {
        note(&format!("{folder}: {results} images that convscope made are left out; name them to have them looked at"));
    }
    if folders > 0 {
        note(&format!("{folder}: its folders ({folders}) are not looked into; name them too to have their images"));
    }
}

/// Makes the folder for results.
pub(super) fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| Error::write(folder, error))
}

/// Writes a file under a passing name and renames it, so that a full disk leaves no half file behind.
pub(super) fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    write_with(&folder.join(name), |file| file.write_all(bytes))
}

/// Writes a file in that way, part by part.
pub(super) fn write_with(path: &Path, fill: impl FnOnce(&mut File) -> std::io::Result<()>) -> Result<()> {
    let wrong = |error| Error::write(path, error);
    let mut passing = tempfile::Builder::new();
    passing.prefix(".convscope-");
    // A passing file is private unless told otherwise; a result is as readable as any other new file, which the umask decides.
    #[cfg(unix)]
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    passing.permissions(mode);
    let mut file = passing.tempfile_in(parent(path)).map_err(wrong)?;
    fill(file.as_file_mut()).map_err(wrong)?;
    file.persist(path).map_err(|error| wrong(error.error))?;
    Ok(())
}

/// The folder that a file lies in, or will.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
