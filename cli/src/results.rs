//! Result files of methods in a folder, and one `manifest.json` about them all, those of earlier runs into the folder
//! included.

use std::fs::File;
use std::path::{Path, PathBuf};

use convscope::artifact::Artifact;
use convscope::error::{Error, Fault, Result};
use convscope::export::{Earlier, Made, Names, about, joined, manifest, manifest_file};
use convscope::fault;
use serde_json::{Value, json};

use super::bundle::Gathered;
use super::destination::Destination;
use super::files::{Input, MANIFEST, make_folder, write};
use super::images::Failure;
use super::say::print_json;
use super::stop;

/// The results so far.
pub(super) struct Results<'a> {
    folder: Option<PathBuf>,
    bundle: Option<&'a Gathered>,
    as_json: bool,
    /// Head of the manifest.
    head: Value,
    names: Names,
    entries: Vec<Value>,
}

impl<'a> Results<'a> {
    /// Makes the folder, if there is to be one. From now on Ctrl-C waits for the manifest.
    pub(super) fn new(to: Destination<'a>, head: Value) -> Result<Self> {
        let mut names = Names::default();
        if let Some(folder) = to.out {
            make_folder(folder)?;
            names = Names::new(&earlier(folder)?);
        }
        stop::on_signals();
        let folder = to.out.map(Path::to_path_buf);
        Ok(Self { folder, bundle: to.bundle, as_json: to.json, head, names, entries: vec![] })
    }

    /// Whether there is a place for files.
    pub(super) fn keeps_files(&self) -> bool {
        self.folder.is_some() || self.bundle.is_some()
    }

    /// Stem of the result files about an image: its name, unless another result would lose its place; see [`Names`].
    pub(super) fn start(&mut self, input: &Input, files: impl Fn(&str) -> Vec<String>) -> String {
        self.start_about(&input.stem(), &json!(input.name()), &json!(input.sha256()), files)
    }

    /// Stem of the result files about the network alone.
    pub(super) fn start_without_image(&mut self, wanted: &str, files: impl Fn(&str) -> Vec<String>) -> String {
        self.start_about(wanted, &Value::Null, &Value::Null, files)
    }

    fn start_about(
        &mut self,
        wanted: &str,
        image: &Value,
        sha256: &Value,
        files: impl Fn(&str) -> Vec<String>,
    ) -> String {
        if !self.keeps_files() {
            return wanted.into();
        }
        let folder = self.folder.as_deref();
        let there = |file: &str| folder.is_some_and(|folder| folder.join(file).symlink_metadata().is_ok());
        self.names.start(wanted, &about(&self.head, image, sha256), files, there)
    }

    /// Keeps other runs out of the folder, as long as this is held, so that two results do not choose one name; where a system
    /// cannot lock folders, nothing.
    pub(super) fn lock(&self) -> Option<File> {
        self.folder.as_deref().and_then(lock)
    }

    /// Writes a result file, if there is a place for it.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.bundle.iter().for_each(|bundle| bundle.add(name, bytes));
        self.folder.as_ref().map_or(Ok(()), |folder| write(folder, name, bytes))
    }

    /// Writes the files of an artifact, if there is a place for them, and gives their names.
    pub(super) fn write_all(&self, made: &Made<'_>, stem: &str, artifact: &Artifact) -> Result<Option<Vec<String>>> {
        if !self.keeps_files() {
            return Ok(None);
        }
        let files = made.files(stem, artifact);
        files.iter().zip(made.bytes(artifact)?).try_for_each(|(name, bytes)| self.write(name, &bytes))?;
        Ok(Some(files))
    }

    /// Adds what the manifest says of one result. A line of JSON says `more` too.
    pub(super) fn add(&mut self, entry: Value, more: Value) -> Result<()> {
        self.entries.push(entry.clone());
        if self.as_json { print_json("result", joined(entry, more)) } else { Ok(()) }
    }

    /// Writes the manifest: its head with `rest`, then all results and failures, and those of earlier runs. Gives this run's.
    pub(super) fn finish(self, rest: Value, failures: &[Failure]) -> Result<Value> {
        let failure =
            |one: &Failure| json!({ "picture": one.image.display().to_string(), "error": one.error.to_string() });
        let failures: Vec<Value> = failures.iter().map(failure).collect();
        let own = manifest(joined(self.head, rest), &self.entries, &failures);
        self.bundle.iter().for_each(|bundle| bundle.tell(&own));
        if let Some(folder) = &self.folder {
            // Read anew: another run may have come to its end meanwhile.
            let _lock = lock(folder);
            let whole = earlier(folder)?.merge(own.clone());
            write(folder, MANIFEST, &manifest_file(&whole))?;
        }
        Ok(own)
    }
}

fn lock(folder: &Path) -> Option<File> {
    let folder = File::open(folder).ok()?;
    folder.lock().ok().map(|()| folder)
}

/// Contents of a folder's manifest. One that is not ours must not be lost.
fn earlier(folder: &Path) -> Result<Earlier> {
    let path = folder.join(MANIFEST);
    match std::fs::read(&path) {
        Ok(file) => Earlier::parse(&file).map_err(|error| {
            let path = path.display();
            Error::Request(fault!(
                "not-added-to",
                "{path} cannot be added to, since {cause}; move it away, or choose another folder",
                cause = Fault::from(&error),
                path
            ))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Earlier::default()),
        Err(error) => Err(Error::read(&path, error)),
    }
}
