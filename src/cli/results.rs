//! What `explain`, `deconvnet` and `filters` leave in their folder: result files, and one `manifest.json` about them all.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use convscope::error::Result;
use convscope::session::Session;
use serde_json::{Map, Value, json};

use super::files::{Failure, make_folder, unused_stem, write};
use super::open::print;

/// How the results were made, for people.
pub(super) struct Method {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) paper: &'static str,
}

/// The results so far.
pub(super) struct Results {
    folder: PathBuf,
    as_json: bool,
    stems: HashSet<String>,
    entries: Vec<Value>,
}

impl Results {
    /// Makes the folder. With `as_json` each entry is printed too.
    pub(super) fn new(folder: &Path, as_json: bool) -> Result<Self> {
        make_folder(folder)?;
        Ok(Self { folder: folder.into(), as_json, stems: HashSet::new(), entries: vec![] })
    }

    /// A start for a picture's result files, that no other picture has.
    pub(super) fn stem(&mut self, picture: &Path) -> String {
        unused_stem(picture, &mut self.stems)
    }

    /// Writes a result file.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        write(&self.folder, name, bytes)
    }

    /// Adds what is said of one result: the model and the device, and `rest`.
    pub(super) fn add(&mut self, session: &Session, rest: Value) -> Result<()> {
        let model = json!({ "model": session.model().manifest.id, "device": session.device_name() });
        let entry = joined(model, rest);
        if self.as_json {
            print(&entry.to_string())?;
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Writes the manifest: the program, the model and the method, then `rest`, then all results and failures.
    pub(super) fn finish(self, session: &Session, method: &Method, rest: Value, failures: &[Failure]) -> Result<()> {
        let manifest = &session.model().manifest;
        let head = json!({
            "program": concat!("convscope ", env!("CARGO_PKG_VERSION")),
            "model": { "id": manifest.id, "name": manifest.name, "hash": session.model().hash },
            "method": { "id": method.id, "title": method.title, "paper": method.paper },
            "device": session.device_name(),
        });
        let failure = |one: &Failure| json!({ "picture": one.picture, "error": one.error.to_string() });
        let failures: Vec<Value> = failures.iter().map(failure).collect();
        let tail = json!({ "results": self.entries, "failures": failures });
        let summary = joined(joined(head, rest), tail);
        write(&self.folder, "manifest.json", format!("{summary:#}\n").as_bytes())
    }
}

/// The members of two JSON objects.
fn joined(one: Value, other: Value) -> Value {
    let members = |value| match value {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    Value::Object(members(one).into_iter().chain(members(other)).collect())
}
