//! A folder of images, one of them broken, through every subcommand that takes images.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../tests/common/mod.rs"]
mod common;
mod program;

use std::collections::BTreeMap;
use std::path::Path;

use common::Noise;
use convscope::image::Image;
use program::{convscope, standard_error, standard_output, text};
use serde_json::Value;

const IMAGES: usize = 20;
const BROKEN: usize = 7;

fn name(index: usize) -> String {
    format!("image-{index:02}.{}", if index == 3 { "PNG" } else { "png" })
}

/// Twenty tiny images, the eighth of them cut short, and what is not to be taken for one.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut noise = Noise(11);
    for index in 0..IMAGES {
        let rgb = noise.many(3 * 12 * 10).iter().map(|value| (127.5 + 127.5 * value) as u8).collect();
        let mut png = Image::from_rgb(12, 10, rgb).unwrap().png().unwrap();
        if index == BROKEN {
            png.truncate(png.len() / 2);
        }
        std::fs::write(folder.path().join(name(index)), png).unwrap();
    }
    std::fs::write(folder.path().join("notes.txt"), "no image").unwrap();
    std::fs::write(folder.path().join(".hidden.png"), "no image").unwrap();
    std::fs::create_dir(folder.path().join("below.png")).unwrap();
    folder
}

/// Runs a subcommand on the folder; gives how many lines of JSON each image got.
fn lines_of(folder: &Path, arguments: &[&str]) -> BTreeMap<String, usize> {
    let output = convscope(&[&[arguments[0], text(folder), "--device", "cpu", "--json"], &arguments[1..]].concat());
    let errors = standard_error(&output);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    let named: Vec<&str> = errors.lines().filter(|line| line.contains("image-")).collect();
    assert!(named.len() == 1 && named[0].contains(&name(BROKEN)), "{errors}");
    assert!(!errors.contains("notes") && !errors.contains("hidden") && !errors.contains("below"), "{errors}");
    let mut counts = BTreeMap::new();
    for line in standard_output(&output) {
        let image = Path::new(line["picture"].as_str().unwrap()).file_name().unwrap().to_str().unwrap().to_owned();
        *counts.entry(image).or_default() += 1;
    }
    counts
}

/// The folder's images but the broken one, with `count` results each.
fn all(count: usize) -> BTreeMap<String, usize> {
    (0..IMAGES).filter(|&index| index != BROKEN).map(|index| (name(index), count)).collect()
}

fn files(folder: &Path, ending: &str) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|other| other == ending)).count()
}

fn broken_in_manifest(out: &Path) {
    let manifest: Value = program::manifest(out);
    let failures = manifest["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 1);
    assert!(failures[0]["picture"].as_str().unwrap().ends_with(&name(BROKEN)));
}

#[test]
fn classify_goes_on_after_a_broken_image() {
    let folder = folder();
    assert_eq!(lines_of(folder.path(), &["classify", "--top", "1"]), all(1));
}

#[test]
fn explain_goes_on_after_a_broken_image() {
    let (folder, out) = (folder(), tempfile::tempdir().unwrap());
    assert_eq!(lines_of(folder.path(), &["explain", "--layer", "fire9/concat", "--out", text(out.path())]), all(1));
    assert_eq!((files(out.path(), "png"), files(out.path(), "npy")), (IMAGES - 1, IMAGES - 1));
    broken_in_manifest(out.path());
}

#[test]
fn activations_go_on_after_a_broken_image() {
    let (folder, out) = (folder(), tempfile::tempdir().unwrap());
    assert_eq!(lines_of(folder.path(), &["activations", "--layer", "fire9/concat", "--out", text(out.path())]), all(1));
    assert_eq!(files(out.path(), "png"), IMAGES - 1);
}

#[test]
fn deconvnet_goes_on_after_a_broken_image() {
    let (folder, out) = (folder(), tempfile::tempdir().unwrap());
    let ask = ["deconvnet", "--layer", "fire2/concat", "--channels", "top2", "--out", text(out.path())];
    assert_eq!(lines_of(folder.path(), &ask), all(2));
    assert_eq!(files(out.path(), "png"), 2 * (IMAGES - 1));
    broken_in_manifest(out.path());
}

#[test]
fn files_and_folders_go_together_and_an_empty_folder_is_named() {
    let (folder, empty) = (folder(), tempfile::tempdir().unwrap());
    let first = folder.path().join(name(0));
    let output = convscope(&["classify", text(&first), text(empty.path()), text(&first), "--device", "cpu", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(standard_error(&output).contains(&format!("no image in the folder {}", text(empty.path()))));
    assert_eq!(standard_output(&output).len(), 2);
}
