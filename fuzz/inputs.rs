//! What each target does with bytes that a stranger may have made: `cargo fuzz` and `tests/replay.rs` run the same.

#![allow(dead_code, reason = "each of the two takes what it needs")]

use std::io::Cursor;
use std::path::Path;

use convscope_core::image::Image;
use convscope_core::model::Manifest;
use convscope_import::{Options, parse};
use convscope_page::Link;

/// A target: its name, and what it does with bytes.
type Target = (&'static str, fn(&[u8]));

/// All of them.
pub(crate) const TARGETS: [Target; 8] = [
    ("image", image),
    ("manifest", manifest),
    ("onnx", onnx),
    ("hdf5", |bytes| read(bytes, b"\x89HDF\r\n\x1a\n")),
    ("pickle", |bytes| read(bytes, b"\x80\x02")),
    ("zip", |bytes| read(bytes, b"PK\x03\x04")),
    ("safetensors", |bytes| read(bytes, b"")),
    ("link", link),
];

/// Runs the target of that name.
pub(crate) fn run(name: &str, bytes: &[u8]) {
    TARGETS.iter().filter(|(target, _)| *target == name).for_each(|(_, run)| run(bytes));
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
    let _ = parse(Cursor::new(bytes), Path::new("net"), &Options::default());
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
