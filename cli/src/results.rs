//! What `explain`, `deconvnet` and `filters` leave: result files in a folder, and one `manifest.json` about them all.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use convscope::error::Result;
use convscope::record::{Method, manifest_file};
use convscope::session::Session;
use serde_json::{Value, json};

use super::files::{Failure, make_folder, unused_stem, write};
use super::open::print;

/// The results so far.
pub(super) struct Results {
    folder: Option<PathBuf>,
    as_json: bool,
    stems: HashSet<String>,
    entries: Vec<Value>,
}

impl Results {
    /// Makes the folder, if there is to be one. With `as_json` each entry is printed too.
    pub(super) fn new(folder: Option<&Path>, as_json: bool) -> Result<Self> {
        if let Some(folder) = folder {
            make_folder(folder)?;
        }
        Ok(Self { folder: folder.map(Path::to_path_buf), as_json, stems: HashSet::new(), entries: vec![] })
    }

    /// A start for a picture's result files, that no other picture has.
    pub(super) fn stem(&mut self, picture: &Path) -> String {
        unused_stem(picture, &mut self.stems)
    }

    /// Whether there is a folder for files.
    pub(super) fn keeps_files(&self) -> bool {
        self.folder.is_some()
    }

    /// Writes a result file, if there is a folder for it.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.folder.as_ref().map_or(Ok(()), |folder| write(folder, name, bytes))
    }

    /// Adds what is said of one result.
    pub(super) fn add(&mut self, entry: Value) -> Result<()> {
        if self.as_json {
            print(&entry.to_string())?;
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Writes the manifest and gives it: the program, the model and the method, then `how`, then all results and failures.
    pub(super) fn finish(self, session: &Session, method: Method, how: Value, failures: &[Failure]) -> Result<Value> {
        let failure =
            |one: &Failure| json!({ "picture": one.picture.display().to_string(), "error": one.error.to_string() });
        let failures: Vec<Value> = failures.iter().map(failure).collect();
        let manifest = session.maker().manifest(method, how, &self.entries, &failures);
        self.write("manifest.json", &manifest_file(&manifest))?;
        Ok(manifest)
    }
}
