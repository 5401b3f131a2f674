//! What is left of results: the names of their files, and `manifest.json` about them all. The command line and the page's worker
//! write the same.
//!
//! Nothing of an earlier run is lost: the manifest of a folder tells of all runs into it ([`Earlier`]), and a file's name is given
//! to one result ([`Names`]).

mod earlier;
mod names;
mod zip;

use serde_json::{Map as Members, Value, json};
use sha2::{Digest, Sha256};

use crate::card::Card;
use crate::explain::Map;
use crate::numbers::Class;
use crate::preprocess::Region;

pub use earlier::{Earlier, about};
pub use names::{LayerWords, Names};
pub use zip::Zip;

/// What results were made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maker<'a> {
    /// The model's id.
    pub id: &'a str,
    /// Its name for people.
    pub name: &'a str,
    /// SHA-256 that names it to the last bit.
    pub hash: &'a str,
    /// The device, for people.
    pub device: &'a str,
}

/// How results were made, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method<'a> {
    /// The name on the command line and in file names.
    pub id: &'a str,
    /// The name for people.
    pub title: &'a str,
    /// The paper's address.
    pub paper: &'a str,
}

impl<'a> From<&'a Card> for Method<'a> {
    fn from(card: &'a Card) -> Self {
        Self { id: &card.id, title: &card.title, paper: &card.paper.url }
    }
}

impl Maker<'_> {
    /// What is said of one result: the model and the device, and `rest`.
    pub fn entry(&self, rest: Value) -> Value {
        joined(json!({ "model": self.id, "device": self.device }), rest)
    }

    /// What a manifest begins with: the program, the model and the method, then `how` it was asked.
    pub fn head(&self, method: Method<'_>, how: Value) -> Value {
        let head = json!({
            "program": concat!("convscope ", env!("CARGO_PKG_VERSION")),
            "model": { "id": self.id, "name": self.name, "hash": self.hash },
            "method": { "id": method.id, "title": method.title, "paper": method.paper },
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

/// A map of one layer, with everything that is said of it.
#[derive(Clone, Copy, Debug)]
pub struct MapRecord<'a> {
    /// The picture's path or name.
    pub picture: &'a str,
    /// SHA-256 of its file.
    pub picture_sha256: &'a str,
    /// The method's id.
    pub method: &'a str,
    /// The convention's name.
    pub convention: &'a str,
    /// The class it is about.
    pub class: &'a Class,
    /// Whether it is shown with its sign.
    pub signed: bool,
    /// The part of the picture that the network saw.
    pub region: Region,
    /// The map.
    pub map: &'a Map,
    /// Seconds that all maps of the picture took.
    pub seconds: f64,
}

impl MapRecord<'_> {
    /// The names of the picture and of the array, which begin with `stem`.
    pub fn files(&self, stem: &str, layers: &LayerWords) -> [String; 2] {
        let sign = if self.signed { "_signed" } else { "" };
        let name = format!("{stem}.{}{sign}.{}.{}", self.method, layers.of(&self.map.layer), self.class.index);
        [format!("{name}.png"), format!("{name}.npy")]
    }

    /// The map as a `.npy` file: 0 to 1, or as computed where it is shown with its sign.
    pub fn array(&self) -> Vec<u8> {
        if self.signed { self.map.signed.npy() } else { self.map.normalised.npy() }
    }

    /// What is said of it in the manifest. `files` are those of [`Self::files`], if they were written.
    pub fn entry(&self, maker: &Maker<'_>, files: Option<&[String; 2]>) -> Value {
        let map = self.map;
        maker.entry(json!({
            "picture": self.picture, "picture_sha256": self.picture_sha256, "method": self.method, "convention": self.convention, "layer": map.layer,
            "class": self.class, "signed": self.signed, "shape": [map.normalised.height, map.normalised.width],
            "region": self.region, "raw_maximum": map.raw_maximum.is_finite().then_some(map.raw_maximum),
            "blank": map.blank.map(|blank| blank.to_string()), "seconds": self.seconds,
            "overlay": files.map(|files| &files[0]), "map": files.map(|files| &files[1]),
        }))
    }
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
