//! Pictures in, one after the other, from files and folders alike; result files out, whole or not at all.

use std::collections::HashSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use convscope::error::{Error, Result};
use convscope::picture::Picture;
use indicatif::{ProgressBar, ProgressStyle};

use super::open::complain;

/// What a picture's file name ends in where it is found in a folder; one that is named by itself may end in anything.
const ENDINGS: [&str; 9] = ["png", "jpg", "jpeg", "jfif", "webp", "gif", "bmp", "tif", "tiff"];

/// A picture that nothing could be made of, and why.
pub(super) struct Failure {
    pub(super) picture: PathBuf,
    pub(super) error: Error,
}

/// Does `each` for every picture, those in folders too. One that fails is named on standard error and the rest go on; the failures
/// are given back.
pub(super) fn for_each_picture(
    files_and_folders: &[PathBuf],
    mut each: impl FnMut(&Path, &Picture) -> Result<()>,
) -> Vec<Failure> {
    let pictures: Vec<(PathBuf, Result<()>)> = files_and_folders.iter().flat_map(|path| expand(path)).collect();
    // indicatif draws nothing where standard error is no terminal.
    let bar = if pictures.len() > 1 { ProgressBar::new(pictures.len() as u64) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}, {eta} left") {
        bar.set_style(style);
    }
    let mut failures = vec![];
    for (path, found) in pictures {
        bar.set_message(path.display().to_string());
        let picture = found.and_then(|()| read(&path));
        if let Some(note) = picture.as_ref().ok().and_then(Picture::note) {
            bar.suspend(|| eprintln!("convscope: {}: {note}", path.display()));
        }
        if let Err(error) = picture.and_then(|picture| each(&path, &picture)) {
            bar.suspend(|| complain(&error));
            failures.push(Failure { picture: path, error });
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    failures
}

/// Whether all pictures were done.
pub(super) fn exit_code(failures: &[Failure]) -> ExitCode {
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A file is itself; a folder is the pictures in it, by name, hidden ones and folders in it left out.
fn expand(path: &Path) -> Vec<(PathBuf, Result<()>)> {
    if !path.is_dir() {
        return vec![(path.into(), Ok(()))];
    }
    let is_picture = |path: &PathBuf| {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        !hidden && path.is_file() && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
    };
    let all: std::io::Result<Vec<PathBuf>> =
        std::fs::read_dir(path).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    match all {
        Err(error) => vec![(path.into(), Err(Error::read(path, error)))],
        Ok(all) => {
            let mut pictures: Vec<PathBuf> = all.into_iter().filter(is_picture).collect();
            pictures.sort();
            if pictures.is_empty() {
                let none = format!("there is no picture in the folder {}; name another", path.display());
                return vec![(path.into(), Err(Error::Picture(none)))];
            }
            pictures.into_iter().map(|path| (path, Ok(()))).collect()
        }
    }
}

/// Reads a picture; an error says which.
fn read(path: &Path) -> Result<Picture> {
    let bytes = std::fs::read(path).map_err(|error| Error::read(path, error))?;
    Picture::decode(&bytes).map_err(|error| Error::Picture(format!("{}: {error}", path.display())))
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
    let folder = parent(path);
    let mut file = tempfile::Builder::new().prefix(".convscope-").tempfile_in(folder).map_err(wrong)?;
    fill(file.as_file_mut()).map_err(wrong)?;
    #[cfg(unix)]
    {
        // A passing file is private; a result is as readable as any other new file would be.
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)).map_err(wrong)?;
    }
    file.persist(path).map_err(|error| wrong(error.error))?;
    Ok(())
}

/// The folder that a file lies in, or will.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The file name without its ending; a second picture of the same name gets a number, so that no result is lost.
pub(super) fn unused_stem(path: &Path, used: &mut HashSet<String>) -> String {
    let stem = path.file_stem().map_or_else(|| "picture".into(), |stem| stem.to_string_lossy().into_owned());
    let names = std::iter::once(stem.clone()).chain((2..).map(|number| format!("{stem}-{number}")));
    let free = names.into_iter().find(|name| !used.contains(name)).unwrap_or(stem);
    used.insert(free.clone());
    free
}
