//! Hostile and broken bundles, each refused in a sentence.

use std::io::Write;

use rawzip::ZipArchiveWriter;
use serde_json::json;

use super::super::Asked;
use super::*;
use crate::card;
use crate::card::{Asks, Card, Gives};
use crate::export::Zip;

const LIMIT: usize = 1 << 20;

fn bundle() -> Vec<u8> {
    let mut bundle = Bundle::new(json!({ "program": "convscope 1", "results": [], "failures": [] }));
    bundle.add("map.npy", b"numbers".to_vec());
    bundle.zip(about(b"image"), Some(b"image".to_vec())).unwrap()
}

/// Evidence about an image, `cat.jpg`.
fn about(image: &[u8]) -> Evidence {
    const CARD: Card = card! {
        id: "a_cam", title: "A CAM", family: Cam, paper: ("Somebody 2026", ""), shows: "", limits: "",
        asks: Asks::CLASS_AT_LAYERS, gives: Gives::LayerMap { signed: false },
    };
    Evidence::new(Asked::default(), &CARD, "vgg16", Some(("cat.jpg", &sha256(image))))
}

fn zipped<'a>(files: impl IntoIterator<Item = (&'a str, Vec<u8>)>) -> Vec<u8> {
    let mut zip = Zip::default();
    files.into_iter().for_each(|(name, bytes)| zip.add(name, &bytes).unwrap());
    zip.finish().unwrap()
}

/// An archive of one deflated file, which is said to have the length and the sum of `content`, whatever `packed` is.
fn deflated(name: &str, content: &[u8], packed: &[u8]) -> Vec<u8> {
    let mut zip = ZipArchiveWriter::new(vec![]);
    let file = zip.new_file(name).compression_method(CompressionMethod::DEFLATE);
    let (mut entry, config) = file.start().unwrap();
    let mut writer = config.wrap(std::io::sink());
    writer.write_all(content).unwrap();
    let (_, descriptor) = writer.finish().unwrap();
    entry.write_all(packed).unwrap();
    entry.finish(descriptor).unwrap();
    zip.finish().unwrap()
}

fn refusal(zip: &[u8]) -> String {
    let error = Bundle::read(zip, LIMIT).unwrap_err();
    assert!(error.to_string().len() > 40, "{error} is no sentence");
    error.code().to_owned()
}

/// The files of the good bundle, changed.
fn with(change: impl FnOnce(&mut BTreeMap<String, Vec<u8>>)) -> Vec<u8> {
    let mut files = unpacked(&bundle(), LIMIT).unwrap();
    change(&mut files);
    zipped(files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())))
}

/// The archive with one name in place of another of its length, in both places where it stands.
fn renamed(zip: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut zip = zip.to_vec();
    let mut count = 0;
    for at in 0..zip.len() - from.len() {
        if zip[at..].starts_with(from.as_bytes()) {
            zip[at..at + from.len()].copy_from_slice(to.as_bytes());
            count += 1;
        }
    }
    assert_eq!(count, 2, "{from} stands in two places");
    zip
}

#[test]
fn a_good_bundle_is_read_stored_or_deflated() {
    let (read, evidence) = Bundle::read(&bundle(), LIMIT).unwrap();
    assert_eq!(read.files["map.npy"], b"numbers");
    assert_eq!((evidence.form, evidence.files.len()), (FORM, 2));
    let content = vec![7; 5000];
    let packed = miniz_oxide::deflate::compress_to_vec(&content, 6);
    let files = unpacked(&deflated("a", &content, &packed), LIMIT).unwrap();
    assert!(packed.len() < 100 && files["a"] == content);
}

#[test]
fn what_is_no_bundle_is_refused() {
    assert_eq!(refusal(b""), "bundle-no-zip");
    assert_eq!(refusal(b"\x89PNG\r\n\x1a\n and so on"), "bundle-no-zip");
    assert_eq!(refusal(&bundle()[..200]), "bundle-no-zip");
    assert_eq!(refusal(&zipped([("a.txt", vec![1])])), "bundle-no-manifest");
    for text in ["", "[]", "{}", r#"{"program":"convscope 1","results":[],"failures":[]}"#] {
        assert_eq!(refusal(&zipped([(MANIFEST, text.into())])), "bundle-foreign", "{text}");
    }
    let newer = zipped([(MANIFEST, br#"{"bundle":{"form":2,"more":1}}"#.to_vec())]);
    assert_eq!(refusal(&newer), "bundle-form");
}

#[test]
fn a_bomb_is_not_unpacked() {
    // A thousand times its size, as it says itself.
    let content = vec![0; 2 * LIMIT];
    let packed = miniz_oxide::deflate::compress_to_vec(&content, 9);
    assert!(packed.len() < 3000);
    assert_eq!(refusal(&deflated("zeros", &content, &packed)), "bundle-too-large");
    // One that says it has ten bytes is left after ten.
    assert_eq!(refusal(&deflated("zeros", &content[..10], &packed)), "bundle-unpacked");
    // Many that are small each are as large together.
    let halves = zipped([("a", vec![0; LIMIT / 2]), ("b", vec![0; LIMIT / 2]), ("c", vec![0])]);
    assert_eq!(refusal(&halves), "bundle-too-large");
    let names: Vec<String> = (0..=MAX_FILES).map(|number| number.to_string()).collect();
    assert_eq!(refusal(&zipped(names.iter().map(|name| (name.as_str(), vec![])))), "bundle-many-files");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let zip = zipped([("aaabbb.npy", vec![1])]);
    for name in ["../../.npy", "/etc/x.npy", "a/b/c/d.np", r"..\..\.npy", "C:\\xx\\.npy", "a\nbbbb.npy", "folder/abc"] {
        assert_eq!(refusal(&renamed(&zip, "aaabbb.npy", name)), "bundle-path", "{name}");
    }
    let two = zipped([("one.npy", vec![1]), ("two.npy", vec![1])]);
    assert_eq!(refusal(&renamed(&two, "two.npy", "one.npy")), "bundle-twice");
}

#[test]
fn files_that_are_missing_changed_or_put_in_are_named() {
    let said = |zip: &[u8]| Bundle::read(zip, LIMIT).unwrap_err();
    let error = said(&with(|files| drop(files.remove("map.npy"))));
    assert_eq!(error.code(), "bundle-missing");
    assert!(error.to_string().contains("map.npy"), "{error}");
    let error = said(&with(|files| files.insert("map.npy".into(), b"Numbers".to_vec()).map_or((), drop)));
    assert_eq!(error.code(), "bundle-changed");
    assert!(error.to_string().contains("map.npy"), "{error}");
    let error = said(&with(|files| files.insert("more.npy".into(), vec![]).map_or((), drop)));
    assert_eq!(error.code(), "bundle-unlisted");
    assert!(error.to_string().contains("more.npy"), "{error}");
    // A byte that rotted on the way.
    let mut zip = bundle();
    let at = zip.windows(7).position(|bytes| bytes == b"numbers").unwrap();
    zip[at] ^= 1;
    assert_eq!(refusal(&zip), "bundle-damaged");
}

#[test]
fn an_image_that_is_another_is_refused() {
    let bundle = Bundle::new(json!({})).zip(about(b"image"), Some(b"another".to_vec()));
    assert_eq!(refusal(&bundle.unwrap()), "bundle-image");
    let mut evidence = about(b"image");
    evidence.image.as_mut().unwrap().included = true;
    assert_eq!(refusal(&Bundle::new(json!({})).zip(evidence, None).unwrap()), "bundle-missing");
}
