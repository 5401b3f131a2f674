//! Files and folders that are either whole or absent: written beside their place, then renamed into it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The unfinished sibling of `path`; on the same file system, so that the final rename is atomic.
fn partial(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.partial-{}", std::process::id()))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn create_parent(path: &Path) -> Result<()> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).with_context(|| format!("cannot create the folder {}", parent.display()))
}

/// Writes `bytes` to `path`.
///
/// # Errors
/// When the folder cannot be created or written; `path` is then as it was.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    create_parent(path)?;
    let part = partial(path);
    let written = fs::write(&part, bytes).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        let _ = remove(&part);
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// Builds a folder with `fill` and puts it in the place of `path`, replacing what was there.
///
/// # Errors
/// When `fill` fails or the folder cannot be put in place; the old `path` then stays.
pub fn folder(path: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    create_parent(path)?;
    let part = partial(path);
    let finish = || -> Result<()> {
        remove(&part)?;
        fs::create_dir(&part)?;
        fill(&part)?;
        remove(path)?;
        fs::rename(&part, path)?;
        Ok(())
    };
    let finished = finish().with_context(|| format!("cannot write the folder {}", path.display()));
    if finished.is_err() {
        let _ = remove(&part);
    }
    finished
}

/// Copies every file below `from` to the same place below `to`.
///
/// # Errors
/// When a file cannot be read or written.
pub fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create the folder {}", to.display()))?;
    let entries = fs::read_dir(from).with_context(|| format!("cannot read the folder {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| format!("cannot copy to {}", target.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_folder_leaves_the_old_one_and_nothing_else() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let place = dir.path().join("site");
        folder(&place, |part| Ok(fs::write(part.join("a.txt"), "old")?)).expect("the first");
        let failed = folder(&place, |part| {
            fs::write(part.join("a.txt"), "new")?;
            anyhow::bail!("the disk is full")
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(place.join("a.txt")).expect("kept"), "old");
        assert_eq!(fs::read_dir(dir.path()).expect("readable").count(), 1);
    }

    #[test]
    fn a_new_folder_replaces_the_old_one_whole() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let place = dir.path().join("deep/site");
        folder(&place, |part| Ok(fs::write(part.join("old.txt"), "old")?)).expect("the first");
        folder(&place, |part| Ok(fs::write(part.join("new.txt"), "new")?)).expect("the second");
        assert!(place.join("new.txt").is_file() && !place.join("old.txt").exists());
    }

    #[test]
    fn a_tree_is_copied_with_its_folders() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let from = dir.path().join("from");
        write(&from.join("a/b.txt"), b"deep").expect("written");
        copy_tree(&from, &dir.path().join("to")).expect("copied");
        assert_eq!(fs::read(dir.path().join("to/a/b.txt")).expect("there"), b"deep");
    }
}
