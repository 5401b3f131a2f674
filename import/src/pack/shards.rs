//! Writes a packed model so that it is there as a whole or not at all.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use convscope_core::error::{Error, Result};
use convscope_core::fault;
use convscope_core::model::Sink;

/// A folder beside the one that is asked for, which takes its place at the end.
#[derive(Debug)]
pub(super) struct Output {
    out: PathBuf,
    temporary: TempDir,
}

impl Output {
    /// Checks that a model may be written to `out`, and begins.
    ///
    /// # Errors
    /// [`Error::Request`] where something else is there; [`Error::File`] where nothing can be written.
    pub(super) fn new(out: &Path) -> Result<Self> {
        check(out)?;
        let parent = match out.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(|error| Error::write(parent, error))?;
        let temporary = tempfile::Builder::new().prefix(".convscope-pack-").tempdir_in(parent);
        let temporary = temporary.map_err(|error| Error::write(parent, error))?;
        let output = Self { out: out.into(), temporary };
        // A folder in the temporary one has the permissions of any new folder; the temporary one is for its owner only.
        fs::create_dir(output.folder()).map_err(|error| Error::write(out, error))?;
        Ok(output)
    }

    fn folder(&self) -> PathBuf {
        self.temporary.path().join("model")
    }

    /// Puts the model in its place.
    ///
    /// # Errors
    /// [`Error::File`]; what was there before is there still.
    pub(super) fn finish(self) -> Result<()> {
        let old = self.temporary.path().join("old");
        let fails = |error| Error::write(&self.out, error);
        let replaces = self.out.exists();
        if replaces {
            check(&self.out)?;
            fs::rename(&self.out, &old).map_err(fails)?;
        }
        if let Err(error) = fs::rename(self.folder(), &self.out) {
            let error = fails(error);
            if replaces && fs::rename(&old, &self.out).is_err() {
                // Not to be deleted with the temporary folder.
                let kept = self.temporary.keep();
                return Err(Error::Request(fault!(
                    "model-kept-apart",
                    "{cause}; what was there is now in {folder}",
                    cause = error.fault().clone(),
                    folder = kept.join("old").display()
                )));
            }
            return Err(error);
        }
        if replaces { keep_others(&old, &self.out).map_err(fails) } else { Ok(()) }
    }
}

impl Sink for Output {
    fn file(&mut self, name: &str, content: Vec<u8>) -> Result<()> {
        let path = self.folder().join(name);
        // Some file systems report a full disk only when the bytes reach it.
        let written = File::create(&path).and_then(|mut file| file.write_all(&content).and_then(|()| file.sync_all()));
        // The reader knows the folder that was asked for, not the one beside it.
        written.map_err(|error| Error::write(&self.out.join(name), error))
    }
}

/// Moves what is no part of a packed model (a licence, say) from the old folder to the new one.
fn keep_others(old: &Path, new: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(old)? {
        let name = entry?.file_name();
        let text = name.to_string_lossy();
        let own = text == "model.json" || text.starts_with("weights-") && text.ends_with(".bin");
        if !own {
            fs::rename(old.join(&name), new.join(&name))?;
        }
    }
    Ok(())
}

/// Checks that an empty folder or a packed model is written over, and nothing else.
fn check(out: &Path) -> Result<()> {
    if !out.exists() {
        return Ok(());
    }
    let path = out.display();
    if !out.is_dir() {
        return Err(Error::Request(fault!("out-no-folder", "{path} is no folder; choose another folder", path)));
    }
    let mut entries = fs::read_dir(out).map_err(|error| Error::read(out, error))?;
    if entries.next().is_none() || is_packed(out) {
        return Ok(());
    }
    Err(Error::Request(fault!("out-in-use", "{path} is a folder with other files in it; choose another folder", path)))
}

/// Whether a folder holds a packed model, of this version or another.
pub(super) fn is_packed(folder: &Path) -> bool {
    let json = fs::read(folder.join("model.json")).ok();
    let json = json.and_then(|json| serde_json::from_slice::<serde_json::Value>(&json).ok());
    json.is_some_and(|json| json.get("format").is_some() && json.get("shards").is_some())
}
