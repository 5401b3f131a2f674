//! What the page saves and what the command line writes are the same files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use convscope::device::Choice;
use convscope::embedded;
use convscope::host::{Host, World};
use convscope::model::Embedded;
use convscope::protocol::{Command, Event, Form, Save};
use convscope::render::{Colormap, MapStyle};
use pollster::block_on;
use program::{convscope, repository, standard_error, text};
use serde_json::Value;

const CAT: &str = "web/static/examples/cat.jpg";

/// The page's world, with the embedded model.
#[derive(Default)]
struct Page(RefCell<Vec<Event>>);

impl World for Page {
    type Source = Embedded;

    async fn source(&self, _: &str) -> Embedded {
        embedded::SQUEEZENET
    }

    fn emit(&self, event: Event) {
        self.0.borrow_mut().push(event);
    }

    fn now(&self) -> f64 {
        0.0
    }

    async fn pause(&self) -> bool {
        true
    }
}

impl Page {
    fn say(&self, host: &mut Host, command: Command) -> Vec<Event> {
        block_on(host.handle(command, self));
        self.0.take()
    }
}

fn style(signed: bool) -> MapStyle {
    MapStyle { colormap: Colormap::Viridis, opacity: 0.5, signed }
}

fn save(form: Form, signed: bool) -> Command {
    let file = std::fs::read(repository(CAT)).unwrap();
    Command::Save(Save { picture: "cat.jpg".into(), file, style: style(signed), form })
}

/// The one file that a page was given.
fn saved(events: Vec<Event>) -> (String, Vec<u8>) {
    match <[Event; 1]>::try_from(events) {
        Ok([Event::Saved { name, bytes }]) => (name, bytes),
        other => panic!("not one file: {other:?}"),
    }
}

/// A page that has explained class 281 with that method.
fn explained(method: &str) -> (Page, Host) {
    let (page, mut host) = (Page::default(), Host::default());
    page.say(&mut host, Command::Open { model: embedded::ID.into(), device: Choice::Cpu });
    page.say(&mut host, Command::Look { file: std::fs::read(repository(CAT)).unwrap() });
    let (method, convention) = (method.into(), "paper".into());
    page.say(&mut host, Command::Explain { method, class: 281, layer: "all".into(), convention });
    (page, host)
}

fn unzipped(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let archive = rawzip::ZipArchive::from_slice(zip).unwrap();
    let mut entries = archive.entries();
    let mut files = BTreeMap::new();
    while let Some(entry) = entries.next_entry().unwrap() {
        let found = archive.get_entry(entry.wayfinder()).unwrap();
        let mut bytes = vec![];
        found.verifying_reader(found.data()).read_to_end(&mut bytes).unwrap();
        files.insert(entry.file_path().try_normalize().unwrap().as_ref().to_owned(), bytes);
    }
    files
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
    for result in manifest["results"].as_array_mut().unwrap() {
        assert!(result["seconds"].is_number());
        let picture = result["picture"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        (result["seconds"], result["picture"]) = (Value::Null, picture.into());
    }
    manifest
}

#[test]
fn the_pages_zip_is_the_command_lines_folder() {
    for (method, signed) in [("grad_cam", false), ("grad_cam", true), ("guided_backprop", false)] {
        let (page, mut host) = explained(method);
        let (name, zip) = saved(page.say(&mut host, save(Form::Zip, signed)));
        assert_eq!(name, format!("cat.{method}.281.zip"));
        let mut page = unzipped(&zip);
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
    let (page, mut host) = explained("grad_cam");
    let (name, bytes) = saved(page.say(&mut host, save(Form::Manifest, false)));
    assert_eq!((name.as_str(), manifest(&bytes)["results"].as_array().map(Vec::len)), ("manifest.json", Some(18)));
    // Another picture has not been explained yet.
    page.say(&mut host, Command::Look { file: std::fs::read(repository(CAT)).unwrap() });
    let events = page.say(&mut host, save(Form::Zip, false));
    assert!(
        matches!(&events[..], [Event::Failed { message }] if message.contains("no whole explanation")),
        "{events:?}"
    );
}
