//! Which class a word means, and that none is chosen silently where it means several.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../tests/common/mod.rs"]
mod common;
mod program;

use common::{Memory, tiny};
use convscope::image::Image;
use convscope::model::{Codec, Manifest};
use program::{convscope, standard_error, standard_output, text};
use serde_json::json;

fn model(labels: [&str; 3]) -> Memory {
    let mut model = tiny(Codec::F32, 1000);
    model.edit(|manifest| manifest["labels"] = json!(labels));
    model
}

/// What each word means to a model of these classes: an index, or what is said instead.
fn means(labels: [&str; 3], words: &[&str]) -> Vec<Result<usize, String>> {
    let manifest = Manifest::parse(&model(labels).0["model.json"]).unwrap();
    let index = |word: &&str| {
        manifest.target(word).and_then(|target| target.resolve(&[])).map(|target| target.single().unwrap())
    };
    words.iter().map(|word| index(word).map_err(|error| error.to_string())).collect()
}

#[test]
fn a_label_that_is_a_number_is_no_index() {
    // As ImageFolder sorts its folders.
    let words = ["0", "1", "2", "10", "name:1", "name:2", "index:1", "index:2", "name:10"];
    let found = means(["1", "10", "2"], &words);
    let said = |found: &Result<usize, String>| found.clone().unwrap_err();
    assert_eq!(found[0], Ok(0));
    assert_eq!(
        said(&found[1]),
        "in the model tiny, 1 is the index of 10 and the name of another; say index:1 or name:1"
    );
    // The index and the name are of the same class.
    assert_eq!(found[2..], [Ok(2), Ok(1), Ok(0), Ok(2), Ok(1), Ok(2), Ok(1)]);
    let words = ["3", "index:3", "name:3", "-1", "index:-1", "index:x"];
    for (word, found) in words.iter().zip(means(["1", "10", "2"], &words)) {
        let said = said(&found);
        assert!(said.contains(&format!("no class {word}; give an index from 0 to 2")), "{word}: {said}");
    }
}

#[test]
fn classes_of_one_name_are_all_named() {
    let found = means(["Cardigan", "crane", "cardigan"], &["cardigan", "name:CARDIGAN", "index:2", "Crane"]);
    let both = "is the name of 2 classes; say index:0 (Cardigan) or index:2 (cardigan)";
    assert_eq!(found[0], Err(format!("in the model tiny, cardigan {both}")));
    assert_eq!(found[1], Err(format!("in the model tiny, name:CARDIGAN {both}")));
    assert_eq!(found[2..], [Ok(2), Ok(1)]);
    // A name of a number that two have.
    let found = means(["1", "x", "1"], &["1", "name:1", "0"]);
    assert!(found[0].as_ref().unwrap_err().ends_with("say index:1 or name:1"));
    assert!(found[1].as_ref().unwrap_err().ends_with("say index:0 (1) or index:2 (1)"));
    assert_eq!(found[2], Ok(0));
}

/// ImageNet has two cranes, two cardigans and two maillots.
#[test]
fn the_command_line_asks_which_one() {
    let folder = tempfile::tempdir().unwrap();
    let (image, out) = (folder.path().join("grey.png"), folder.path().join("out"));
    std::fs::write(&image, Image::from_rgb(8, 8, vec![90; 192]).unwrap().png().unwrap()).unwrap();
    let explain = |class: &str| {
        convscope(&["explain", text(&image), "--out", text(&out), "--device", "cpu", "--json", "--class", class])
    };
    for (class, first, second) in [("crane", 134, 517), ("cardigan", 264, 474), ("maillot", 638, 639)] {
        let output = explain(class);
        let errors = standard_error(&output);
        assert_eq!(output.status.code(), Some(1), "{class}");
        assert!(
            errors.contains(&format!("index:{first} ")) && errors.contains(&format!("index:{second} ")),
            "{errors}"
        );
    }
    assert!(!out.exists());
    let found = |class: &str| standard_output(&explain(class))[0]["class"]["index"].clone();
    assert_eq!([found("index:517"), found("134"), found("name:tench"), found("Great White_shark")], [517, 134, 0, 2]);
    // No advice on options that are called -1.
    let errors = standard_error(&explain("-1"));
    assert!(errors.contains("no class -1; give an index from 0 to 999") && !errors.contains("tip"), "{errors}");
    let output = convscope(&["classify", text(&image), "--top", "-1"]);
    let errors = standard_error(&output);
    assert!(errors.contains("invalid value '-1' for '--top") && !errors.contains("tip"), "{errors}");
}

#[test]
fn several_classes_are_explained_one_after_the_other() {
    let (folder, image) = (tempfile::tempdir().unwrap(), program::repository("core/examples/cat.jpg"));
    let explain = |class: &str, more: &[&str]| {
        let asked = ["explain", text(&image), "--out", text(folder.path()), "--device", "cpu", "--class", class];
        convscope(&[&asked[..], more].concat())
    };
    let lines = standard_output(&explain("285, tench,top1", &["--json"]));
    let told = |line: &serde_json::Value| (line["class"]["index"].clone(), line["map"].clone());
    assert_eq!(
        lines.iter().map(told).collect::<Vec<_>>(),
        [(json!(285), json!("cat.grad_cam.conv10.285.npy")), (json!(0), json!("cat.grad_cam.conv10.0.npy"))]
    );
    let ids = |line: &serde_json::Value| -> Vec<String> {
        line["diagnosis"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    // Of two classes, each has a map of its own.
    assert!(lines.iter().all(|line| ids(line) == ["coincide"]), "{lines:?}");
    let errors = standard_error(&explain("285,1000", &[]));
    assert!(errors.contains("no class 1000; give an index from 0 to 999"), "{errors}");
}
