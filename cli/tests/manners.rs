//! How the command line behaves towards shells, terminals and folders.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../tests/common/mod.rs"]
mod common;
mod program;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use convscope::image::Image;
use program::{convscope, manifest, standard_error, standard_output, text};

/// A folder with a folder of grey images in it.
fn images(count: usize) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let images = folder.path().join("pictures");
    std::fs::create_dir(&images).unwrap();
    let grey = Image::from_rgb(8, 8, vec![90; 192]).unwrap().png().unwrap();
    for number in 0..count {
        std::fs::write(images.join(format!("{number:03}.png")), &grey).unwrap();
    }
    (folder, images)
}

/// The program with its own model, whatever folder of others the tests are run with.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_convscope"));
    command.env_remove("CONVSCOPE_WEIGHTS");
    command
}

#[test]
fn a_closed_pipe_ends_the_work_at_once_and_quietly() {
    let (folder, images) = images(300);
    let out = folder.path().join("out");
    let arguments = ["explain", text(&images), "--json", "--class", "1", "--device", "cpu", "--out", text(&out)];
    let mut child = program().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // As `| head -1` does it.
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = standard_error(&output);
    assert!(output.status.success() && errors.lines().count() == 1, "{errors}");
    let manifest = manifest(&out);
    let results = manifest["results"].as_array().unwrap();
    assert!((1..100).contains(&results.len()), "{} of 300 images were done", results.len());
    assert_eq!(manifest["failures"], serde_json::json!([]));
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 2 * results.len() + 1);
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_what_is_finished_with_its_manifest() {
    use std::collections::BTreeSet;
    let (folder, images) = images(500);
    let out = folder.path().join("out");
    let arguments =
        ["explain", text(&images), "--layer", "all", "--class", "1", "--device", "cpu", "--out", text(&out)];
    let child = program().args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let started = || std::fs::read_dir(&out).is_ok_and(|files| files.count() > 3);
    while !started() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let errors = standard_error(&output);
    assert_eq!(output.status.code(), Some(130), "{errors}");
    assert!(errors.contains("convscope: stopped; ") && errors.contains(" of 500 images are done"), "{errors}");
    let manifest = manifest(&out);
    let results = manifest["results"].as_array().unwrap();
    assert!(!results.is_empty() && results.len() < 500 * 10);
    let named = results.iter().flat_map(|result| ["overlay", "map"].map(|member| result[member].as_str().unwrap()));
    let named: BTreeSet<String> = named.chain(["manifest.json"]).map(str::to_owned).collect();
    let there = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(there.collect::<BTreeSet<_>>(), named);
    assert_eq!(manifest["failures"], serde_json::json!([]));
}

#[cfg(unix)]
#[test]
fn files_are_as_private_as_the_umask_says() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, images) = images(1);
    for (umask, expected) in [("077", 0o600), ("002", 0o664), ("022", 0o644)] {
        let (out, report) = (folder.path().join(umask), folder.path().join(format!("{umask}.html")));
        let script = r#"umask "$1"; shift; exec "$@""#;
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh", umask, env!("CARGO_BIN_EXE_convscope"), "explain", text(&images)]);
        let output =
            command.args(["--device", "cpu", "--out", text(&out), "--report", text(&report)]).output().unwrap();
        assert!(output.status.success(), "{}", standard_error(&output));
        let entries = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
        for file in entries.chain([report]) {
            let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, expected, "{umask}: {}", file.display());
        }
    }
}

/// Another program's text in a terminal: a title, a cleared screen, and the same by one character.
const ESCAPES: &str = "a\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}2Jb";

fn harmless(output: &Output) {
    for stream in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(stream.clone()).unwrap();
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    }
}

#[test]
fn names_and_labels_do_not_drive_the_terminal() {
    let (folder, images) = images(1);
    let weights = folder.path().join("weights");
    std::fs::create_dir_all(weights.join("evil")).unwrap();
    let mut model = common::tiny(convscope::model::Codec::F32, 1000);
    model.edit(|manifest| {
        for member in ["name", "licence", "source"] {
            manifest[member] = ESCAPES.into();
        }
        manifest["labels"] = serde_json::json!([ESCAPES, ESCAPES, "c"]);
    });
    for (name, bytes) in model.0 {
        std::fs::write(weights.join("evil").join(name), bytes).unwrap();
    }
    let common = ["--weights", text(&weights)];
    let output = convscope(&[&["models"][..], &common].concat());
    harmless(&output);
    assert!(String::from_utf8_lossy(&output.stdout).contains("a\\u{1b}]0;owned\\u{7}\\u{1b}[2J\\u{9b}2Jb"));
    let output = convscope(&[&["models", "--json"][..], &common].concat());
    harmless(&output);
    assert!(standard_output(&output).iter().any(|model| model["name"] == ESCAPES), "the name is the same, once read");
    let image = if cfg!(unix) { images.join(format!("{ESCAPES}.png")) } else { images.join("x.png") };
    std::fs::copy(images.join("000.png"), &image).unwrap();
    let with = [&["--model", "evil", "--device", "cpu"][..], &common].concat();
    for json in [&["--json"][..], &[]] {
        let output = convscope(&[&["classify", text(&images)][..], &with, json].concat());
        assert!(output.status.success(), "{}", standard_error(&output));
        harmless(&output);
    }
    std::fs::write(&image, "no image").unwrap();
    harmless(&convscope(&[&["classify", text(&images)][..], &with].concat()));
    let out = folder.path().join("out");
    let arguments = ["explain", text(&images), "--out", text(&out), "--class", ESCAPES];
    harmless(&convscope(&[&arguments[..], &with].concat()));
}

#[test]
fn the_programs_own_model_is_replaced_only_where_that_is_asked_for() {
    let (folder, images) = images(1);
    let mut model = common::tiny(convscope::model::Codec::F32, 1000);
    model.edit(|manifest| manifest["id"] = "squeezenet1_1".into());
    // In the user's own folder, and in one of the current folder that nobody asks for.
    for place in ["data/convscope/models/squeezenet1_1", "weights/squeezenet1_1", "weights/other"] {
        let place = folder.path().join(place);
        std::fs::create_dir_all(&place).unwrap();
        for (name, bytes) in &model.0 {
            std::fs::write(place.join(name), bytes).unwrap();
        }
    }
    let run = |arguments: &[&str], variable: Option<&str>| {
        let mut command = program();
        command.args(arguments).current_dir(folder.path()).env_remove("CONVSCOPE_WEIGHTS");
        command.env("XDG_DATA_HOME", folder.path().join("data"));
        command.envs(variable.map(|value| ("CONVSCOPE_WEIGHTS", value))).output().unwrap()
    };
    let classify = ["classify", text(&images), "--device", "cpu", "--json", "--top", "1000"];
    let classes = |output: &Output| standard_output(output)[0]["classes"].as_array().unwrap().len();
    let lying = run(&classify, None);
    assert_eq!(classes(&lying), 1000);
    let errors = standard_error(&lying);
    let own = folder.path().join("data/convscope/models/squeezenet1_1");
    assert!(errors.contains(&format!("squeezenet1_1 is the program's own, not that of {}", own.display())), "{errors}");
    for output in [run(&[&classify[..], &["--weights", "weights"]].concat(), None), run(&classify, Some("weights"))] {
        assert_eq!(classes(&output), 3);
        let errors = standard_error(&output);
        assert!(errors.contains("not the program's own"), "{errors}");
    }
    let listed = run(&["models", "--json"], None);
    assert_eq!(standard_output(&listed)[0]["place"], "embedded");
    assert!(standard_error(&listed).contains("is the program's own"));
    let listed: Vec<_> = standard_output(&listed).iter().map(|model| model["id"].clone()).collect();
    assert!(!listed.iter().any(|id| id == "other"), "{listed:?}");
    assert!(listed.iter().any(|id| id == "efficientnet_lite0"), "{listed:?}");
}

#[test]
fn what_a_folder_holds_and_is_not_explained_is_named() {
    let (_folder, images) = images(2);
    std::fs::create_dir(images.join("deeper")).unwrap();
    for name in ["a.heic", "b.HEIF", "c.avif", "d.jxl", "e.tiff"] {
        std::fs::write(images.join(name), "no image").unwrap();
    }
    std::fs::write(images.join("notes.txt"), "no image").unwrap();
    let output = convscope(&["classify", text(&images), "--device", "cpu", "--json"]);
    let errors = standard_error(&output);
    assert_eq!((output.status.code(), standard_output(&output).len()), (Some(1), 2), "{errors}");
    for name in ["a.heic", "b.HEIF", "c.avif", "d.jxl", "e.tiff"] {
        assert_eq!(errors.lines().filter(|line| line.contains(name)).count(), 1, "{name}: {errors}");
    }
    assert!(errors.contains("its folders (1) are not looked into") && !errors.contains("notes"), "{errors}");
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_is_an_image_that_cannot_be_read() {
    let (_folder, images) = images(1);
    std::os::unix::fs::symlink("gone.png", images.join("link.png")).unwrap();
    let output = convscope(&["classify", text(&images), "--device", "cpu", "--json"]);
    assert_eq!((output.status.code(), standard_output(&output).len()), (Some(1), 1));
    assert!(standard_error(&output).contains("link.png"));
}

/// It came from Mesa's Vulkan layer, so this says something only where that is installed.
#[test]
fn nothing_of_others_stands_before_an_answer_without_a_desktop() {
    let (_folder, images) = images(1);
    for device in ["auto", "gpu"] {
        let mut command = program();
        for name in ["XDG_RUNTIME_DIR", "WAYLAND_DISPLAY", "DISPLAY"] {
            command.env_remove(name);
        }
        let output = command.args(["classify", text(&images), "--device", device]).output().unwrap();
        let errors = standard_error(&output);
        assert!(errors.lines().all(|line| line.starts_with("convscope: ")), "{errors}");
    }
}
