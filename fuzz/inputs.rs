//! What each target does with bytes that a stranger may have made: `cargo fuzz` and `tests/replay.rs` run the same.

#![allow(dead_code, reason = "each of the two takes what it needs")]

use std::io::Cursor;
use std::path::Path;

use convscope_core::export::Zip;
use convscope_core::image::Image;
use convscope_core::model::Manifest;
use convscope_import::{Options, parse};
use convscope_page::Link;

/// A target: its name, and what it does with bytes.
type Target = (&'static str, fn(&[u8]));

/// All of them.
pub(crate) const TARGETS: [Target; 9] = [
    ("image", image),
    ("manifest", manifest),
    ("onnx", onnx),
    ("hdf5", |bytes| read(bytes, b"\x89HDF\r\n\x1a\n")),
    ("pickle", |bytes| read(bytes, b"\x80\x02")),
    ("zip", |bytes| read(bytes, b"PK\x03\x04")),
    ("keras", keras),
    ("safetensors", |bytes| read(bytes, b"")),
    ("link", link),
];

/// Runs the target of that name.
pub(crate) fn run(name: &str, bytes: &[u8]) {
    let (_, run) = TARGETS.iter().find(|(target, _)| *target == name).unwrap_or_else(|| panic!("no target {name}"));
    run(bytes);
}

fn image(bytes: &[u8]) {
    let _ = Image::decode(bytes);
}

fn manifest(bytes: &[u8]) {
    let _ = Manifest::parse(bytes);
}

/// A file of weights that begins as its kind does.
fn read(bytes: &[u8], start: &[u8]) {
    let mut bytes = bytes.to_vec();
    let known = start.len().min(bytes.len());
    bytes[..known].copy_from_slice(&start[..known]);
    // Numbers are read where they are packed.
    if let Ok(imported) = parse(Cursor::new(bytes), Path::new("net"), &Options::default()) {
        imported.tensors.values().for_each(|tensor| drop(tensor.read()));
    }
}

/// A configuration in an archive of Keras, which is written anew: a changed archive would be told by its checksums.
fn keras(bytes: &[u8]) {
    let archive = include_bytes!("../tests/data/field/nested.keras");
    // The weights lie there as they are, in front of the table of contents.
    let find = |part: &[u8]| archive.windows(part.len()).position(|window| window == part).unwrap_or_default();
    let weights = &archive[find(b"\x89HDF\r\n\x1a\n")..find(b"PK\x01\x02")];
    let mut zip = Zip::default();
    for (name, content) in [("config.json", bytes), ("model.weights.h5", weights)] {
        if zip.add(name, content).is_err() {
            return;
        }
    }
    if let Ok(zip) = zip.finish() {
        read(&zip, b"PK");
    }
}

fn onnx(bytes: &[u8]) {
    // The version of the format, which comes first.
    read(bytes, b"\x08");
}

fn link(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some((link, _)) = Link::parse(text)
    {
        // Written as a link again, it says what the next writing of it says: what a stranger's link leaves empty is gone after the first.
        let again = |link: &Link| Link::parse(&link.encode()).map(|(link, _)| link).unwrap_or_default();
        let once = again(&link);
        assert_eq!(again(&once), once);
    }
}
