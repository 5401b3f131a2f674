//! An image file in; result files out, whole or not at all.

use std::collections::HashSet;
use std::io::{ErrorKind, Read, Write};
use std::iter::successors;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use convscope::error::{Error, Fault, Result};
pub(super) use convscope::export::MANIFEST;
use convscope::export::{Earlier, sha256};
use convscope::fault;
use convscope::image::Image;
use convscope::model::Model;

use super::say::{note, to_standard_output};

/// Endings of image files that are found in a folder; one that is named by itself may end in anything. Of some of
/// them it is said that they cannot be read.
const ENDINGS: [&str; 14] =
    ["png", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "avif", "jxl"];
/// What stands for standard input, or standard output, where a file could be named.
const STANDARD: &str = "-";
/// The most bytes that are read of standard input, which need not end.
const MOST_BYTES: u64 = 1 << 30;

/// Whether a path stands for standard input, or standard output.
pub(super) fn is_standard(path: &Path) -> bool {
    path == Path::new(STANDARD)
}

/// The bytes of a file, or of standard input.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let read = if is_standard(path) { standard_input() } else { std::fs::read(path) };
    read.map_err(|error| Error::read(path, error))
}

/// The bytes of standard input, which can be had once, and are wanted as often as any file's.
fn standard_input() -> std::io::Result<Vec<u8>> {
    static READ: Mutex<Option<Vec<u8>>> = Mutex::new(None);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(bytes) = &*read {
        return Ok(bytes.clone());
    }
    let mut bytes = vec![];
    std::io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(std::io::Error::other("standard input has more than 1 GiB, and what is read has less"));
    }
    Ok(read.insert(bytes).clone())
}

/// An image that was read.
pub(super) struct Input {
    pub(super) path: PathBuf,
    pub(super) image: Arc<Image>,
    file: Vec<u8>,
}

impl Input {
    /// An error says which file it was.
    pub(super) fn read(path: &Path) -> Result<Self> {
        Self::of(path, read(path)?)
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
        let named = self.path.file_stem().filter(|_| !is_standard(&self.path));
        named.map_or_else(|| "picture".into(), |stem| stem.to_string_lossy().into_owned())
    }
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

/// Makes the folder for results.
pub(super) fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| Error::write(folder, error))
}

/// Writes a file under a passing name and renames it, so that a full disk leaves no half file behind.
pub(super) fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    write_with(&folder.join(name), |file| file.write_all(bytes))
}

/// Writes a file in that way, part by part; or standard output, where it is named.
pub(super) fn write_with(path: &Path, fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
    if is_standard(path) {
        return to_standard_output(fill);
    }
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

/// Whether nothing could be written for want of room: what comes next cannot be either.
pub(super) fn no_room(error: &Error) -> bool {
    let mut causes = successors(Some(error as &dyn std::error::Error), |error| error.source());
    let kind = causes.find_map(|cause| cause.downcast_ref::<std::io::Error>()).map(std::io::Error::kind);
    matches!(
        kind,
        Some(
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge | ErrorKind::ReadOnlyFilesystem
        )
    )
}

/// The folder that a file lies in, or will.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
