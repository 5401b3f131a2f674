//! What the page saves and what the command line writes are the same files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::collections::BTreeMap;
use std::path::Path;

use convscope::embedded::SQUEEZENET;
use convscope::model::Embedded;
use convscope::protocol::{Event, Form};
use program::page::{Page, saved, unzipped};
use program::{convscope, repository, standard_error, text};
use serde_json::Value;

const CAT: &str = "core/examples/cat.jpg";

/// A page that has explained class 281 with that method.
fn explained(method: &str) -> Page<Embedded> {
    let mut page = Page::open(SQUEEZENET);
    page.look("cat.jpg", std::fs::read(repository(CAT)).unwrap());
    page.explain(method, 281);
    page
}

fn folder(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let file = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
    };
    std::fs::read_dir(path).unwrap().map(file).collect()
}

/// Without what differs from run to run.
fn manifest(file: &[u8]) -> Value {
    let mut manifest: Value = serde_json::from_slice(file).unwrap();
    manifest.as_object_mut().unwrap().remove("bundle");
    for result in manifest["results"].as_array_mut().unwrap() {
        assert!(result["seconds"].is_number());
        let image = result["picture"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        (result["seconds"], result["picture"]) = (Value::Null, image.into());
    }
    manifest
}

#[test]
fn the_pages_zip_is_the_command_lines_folder() {
    for (method, signed) in [("grad_cam", false), ("grad_cam", true), ("guided_backprop", false)] {
        let cat = std::fs::read(repository(CAT)).unwrap();
        let (name, zip) = saved(explained(method).export(Form::Bundle { image: Some(cat.clone()) }, signed));
        assert_eq!(name, format!("cat.{method}.281.zip"));
        let mut page = unzipped(&zip);
        assert_eq!(page.remove("cat.jpg"), Some(cat));
        let out = tempfile::tempdir().unwrap();
        let common =
            ["--class", "281", "--layer", "all", "--colormap", "viridis", "--opacity", "0.5", "--device", "cpu"];
        let arguments =
            [&["explain", CAT, "--method", method, "--weights", "models", "--out", text(out.path())], &common[..]];
        let signed: &[&str] = if signed { &["--signed"] } else { &[] };
        let output = convscope(&[arguments.concat().as_slice(), signed].concat());
        assert!(output.status.success(), "{}", standard_error(&output));
        let mut command_line = folder(out.path());
        assert_eq!(
            manifest(&page.remove("manifest.json").unwrap()),
            manifest(&command_line.remove("manifest.json").unwrap())
        );
        let maps = if method == "grad_cam" { 18 } else { 1 };
        assert_eq!(page.len(), 2 * maps);
        assert!(page == command_line, "the same names, and the same bytes in each file");
    }
}

#[test]
fn the_manifest_can_be_had_alone_and_nothing_before_there_is_something() {
    let mut page = explained("grad_cam");
    let (name, bytes) = saved(page.export(Form::Manifest, false));
    assert_eq!((name.as_str(), manifest(&bytes)["results"].as_array().map(Vec::len)), ("manifest.json", Some(18)));
    // Another image has not been explained yet.
    page.look("cat.jpg", std::fs::read(repository(CAT)).unwrap());
    let events = page.export(Form::Bundle { image: None }, false);
    assert!(matches!(&events[..], [Event::Failed(fault)] if fault.code() == "nothing-to-save"), "{events:?}");
}
