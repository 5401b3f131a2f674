//! `pack`: a folder of files, some of them broken, and options instead of a recipe.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use std::fs;
use std::path::Path;

use program::convscope as run;

const FIELD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/field");

#[test]
fn broken_files_among_twenty_are_named_and_the_others_packed() {
    let place = tempfile::tempdir().unwrap();
    let (files, out) = (place.path().join("files"), place.path().join("out"));
    fs::create_dir(&files).unwrap();
    let mut whole: Vec<_> = fs::read_dir(FIELD).unwrap().map(|entry| entry.unwrap().path()).collect();
    whole.retain(|path| path.extension().is_some_and(|ending| ending == "onnx"));
    whole.sort();
    let mut sources = vec![];
    for path in &whole[..15] {
        let copy = files.join(path.file_name().unwrap());
        fs::copy(path, &copy).unwrap();
        sources.push(copy);
    }
    let bytes = fs::read(&whole[0]).unwrap();
    let broken = [
        ("empty.onnx", vec![]),
        ("cut.onnx", bytes[..bytes.len() / 2].to_vec()),
        ("zeros.onnx", vec![0; 4096]),
        ("text.onnx", b"It was a dark and stormy night".to_vec()),
        ("page.onnx", b"<!DOCTYPE html><html><body>404</body></html>".to_vec()),
    ];
    for (name, content) in &broken {
        fs::write(files.join(name), content).unwrap();
        sources.insert(sources.len() / 2, files.join(name));
    }
    let mut arguments = vec!["pack"];
    arguments.extend(sources.iter().map(|source| source.to_str().unwrap()));
    arguments.extend(["--unmeasured", "--out", out.to_str().unwrap()]);
    let output = run(&arguments);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said.lines().count(), broken.len(), "{said}");
    for (name, _) in &broken {
        assert!(said.lines().any(|line| line.contains(name)), "{name}: {said}");
        assert!(!out.join(name).exists());
    }
    for path in &whole[..15] {
        assert!(out.join(path.file_name().unwrap()).join("model.json").is_file(), "{}", path.display());
    }
}

#[test]
fn options_answer_what_is_guessed() {
    let place = tempfile::tempdir().unwrap();
    let (out, labels) = (place.path().join("out"), place.path().join("labels.txt"));
    fs::write(&labels, "cat\ndog\nbird\nfish\nhorse\n").unwrap();
    let source = Path::new(FIELD).join("silu.onnx");
    let [source, out, labels] = [&source, &out, &labels].map(|path| path.to_str().unwrap());
    let given = ["--preset", "-1..1", "--labels", labels, "--id", "mine", "--input", "40x48", "--short-side", "48"];
    let output = run(&[&["pack", source, "--out", out][..], &given].concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("packed mine") && said.contains("preprocessing -1..1"), "{said}");
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(Path::new(out).join("model.json")).unwrap()).unwrap();
    assert_eq!(manifest["labels"][4], "horse");
    assert_eq!(manifest["preprocessing"]["mean"][0], 1.0);
    assert_eq!([&manifest["preprocessing"]["width"], &manifest["preprocessing"]["height"]], [40, 48]);
    // A recipe says all that the options would.
    let output = run(&["pack", source, "--recipe", labels, "--preset", "tf", "--out", out]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be used with"));
    for wrong in [["--mean", "1,2"], ["--input", "big"], ["--preset", "keras"]] {
        assert!(!run(&[&["pack", source, "--out", out][..], &wrong].concat()).status.success(), "{wrong:?}");
    }
}
