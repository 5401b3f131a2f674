//! Files of results: their names, and `manifest.json` about them all. The command line and the page's worker
//! write the same.
//!
//! Nothing of an earlier run is lost: the manifest of a folder tells of all runs into it ([`Earlier`]), and a file's name is given
//! to one result ([`Names`]).
//!
//! ```
//! use convscope_core::export::{Names, Zip};
//! use serde_json::json;
//!
//! let (mut names, files) = (Names::default(), |stem: &str| vec![format!("{stem}.grad_cam.conv.1.png")]);
//! let about = |image| json!({ "picture": image });
//! assert_eq!(names.start("cat", &about("a/cat.jpg"), files, |_| false), "cat");
//! assert_eq!(names.start("cat", &about("b/cat.jpg"), files, |_| false), "cat-2");
//! let mut zip = Zip::default();
//! zip.add("cat.txt", b"purr")?;
//! assert!(zip.finish()?.starts_with(b"PK"));
//! # Ok::<(), convscope_core::Error>(())
//! ```

mod bundle;
mod command_line;
mod earlier;
mod made;
mod names;
mod zip;

use serde_json::{Map as Members, Value, json};
use sha2::{Digest, Sha256};

use crate::card::Card;

pub use bundle::{Agreement, Asked, Bundle, BundledImage, Evidence, FileSum, MANIFEST, hidden};
pub use command_line::command_line;
pub use earlier::{Earlier, about};
pub use made::{About, Made, baselines};
pub use names::{LayerWords, Names};
pub use zip::{Zip, zip_holds};

/// Version of what is written as JSON, in manifests and on standard output. It rises where a member goes or changes its meaning; one
/// that is new does not raise it.
pub const JSON_VERSION: u32 = 1;

/// Model and device that made the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maker<'a> {
    /// The model's id.
    pub id: &'a str,
    /// Model's name for people.
    pub name: &'a str,
    /// SHA-256 that names it to the last bit.
    pub hash: &'a str,
    /// The device, for people.
    pub device: &'a str,
}

impl Maker<'_> {
    /// Entry of one result: the model and the device, and `rest`.
    pub fn entry(&self, rest: Value) -> Value {
        joined(json!({ "model": self.id, "device": self.device }), rest)
    }

    /// Head of a manifest: the program, the model and the method, then `how` it was asked.
    pub fn head(&self, card: &Card, how: Value) -> Value {
        let head = json!({
            "schema": "manifest",
            "version": JSON_VERSION,
            "program": concat!("convscope ", env!("CARGO_PKG_VERSION")),
            "model": { "id": self.id, "name": self.name, "hash": self.hash },
            "method": { "id": card.word(), "title": card.title, "paper": card.paper.url },
            "device": self.device,
        });
        joined(head, how)
    }
}

/// The manifest: its head, then all results and failures.
pub fn manifest(head: Value, results: &[Value], failures: &[Value]) -> Value {
    joined(head, json!({ "results": results, "failures": failures }))
}

/// SHA-256 of a file's bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A manifest as a file.
pub fn manifest_file(manifest: &Value) -> Vec<u8> {
    format!("{manifest:#}\n").into_bytes()
}

/// A name as part of a file name: `fire9/concat` becomes `fire9_concat`.
pub fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '_' }).collect()
}

/// The members of two JSON objects, those of the other where both have one.
pub fn joined(one: Value, other: Value) -> Value {
    let members = |value| match value {
        Value::Object(members) => members,
        _ => Members::new(),
    };
    Value::Object(members(one).into_iter().chain(members(other)).collect())
}
