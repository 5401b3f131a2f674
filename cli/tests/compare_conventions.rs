//! `compare-conventions` on the embedded SqueezeNet.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod program;

use convscope::image::Image;
use program::{convscope, standard_error, standard_output, text};
use serde_json::{Value, json};

const CAT: &str = "core/examples/cat.jpg";

fn compare(more: &[&str]) -> std::process::Output {
    convscope(&[&["compare-conventions", CAT, "--device", "cpu"], more].concat())
}

#[test]
fn maps_stand_side_by_side_with_the_choice_that_makes_them_differ() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("compared");
    let layer = ["--layer", "fire9/concat", "--class", "285"];
    let output = compare(&[&layer[..], &["--output-dir", text(&out), "--json"]].concat());
    assert!(output.status.success(), "{}", standard_error(&output));
    let lines = standard_output(&output);
    let names = ["paper", "keras_notebook", "pytorch_grad_cam", "torch_cam", "tf_keras_vis", "captum", "xplique"];
    assert_eq!(lines.iter().map(|line| line["convention"]["name"].as_str().unwrap()).collect::<Vec<_>>(), names);
    assert_eq!((&lines[0]["against"], &lines[0]["sentence"]), (&Value::Null, &Value::Null));
    for line in &lines[1..] {
        let sentence = line["sentence"].as_str().unwrap();
        assert!(sentence.contains("from paper") || sentence.contains("that of paper"), "{sentence}");
        assert!(line["largest"].as_f64().unwrap() >= line["root_mean_square"].as_f64().unwrap());
        assert!((-1.0..=1.0).contains(&line["correlation"].as_f64().unwrap()));
        let share = line["share"].as_f64();
        assert_eq!(share.is_some(), line["field"].is_string());
        assert!(share.is_none_or(|share| share >= 0.5 && line["shares"][0]["share"].as_f64() == Some(share)));
    }
    assert_eq!((&lines[1]["field"], &lines[1]["layer"]), (&json!("score"), &json!("fire9/concat")));
    let cat = Image::open(program::repository(CAT)).unwrap();
    for line in &lines {
        let file = |name: &str| out.join(line[name].as_str().unwrap());
        let drawn = Image::open(file("overlay")).unwrap();
        assert_eq!((drawn.width(), drawn.height()), (cat.width(), cat.height()));
        let map = std::fs::read(file("map")).unwrap();
        assert_eq!(npyz::NpyFile::new(&map[..]).unwrap().shape(), [224, 224]);
    }
    let sheet = Image::open(out.join(lines[0]["sheet"].as_str().unwrap())).unwrap();
    assert_eq!(sheet.width(), 4 * 344);
    let manifest: Value = program::manifest(&out);
    assert_eq!(manifest["results"].as_array().unwrap().len(), 7);
    // Fifteen images and maps, and what tells of them.
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 7 * 2 + 1 + 1);
}

#[test]
fn the_first_that_is_named_is_what_the_others_are_compared_with() {
    let output = compare(&["--method", "layer_cam", "--conventions", "captum,paper"]);
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{}", standard_error(&output));
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() == 3 && lines[0].ends_with("for Egyptian_cat"), "{text}");
    assert!(lines[1].starts_with("  captum") && lines[2].starts_with("  paper") && lines[2].contains("from captum"));
    let of_scores = compare(&["--method", "occlusion", "--set", "window=112", "--set", "stride=112", "--json"]);
    let lines = standard_output(&of_scores);
    assert_eq!((lines.len(), &lines[1]["field"], &lines[1]["layer"]), (2, &json!("score"), &json!("input")));
}

#[test]
fn what_cannot_be_compared_is_said_before_an_image_is_read() {
    let cases: [(&[&str], &str); 7] = [
        (&["--conventions", "paper"], "name two or more"),
        (&["--method", "activations"], "has one convention only, paper"),
        (&["--method", "eigen_cam"], "eigen_cam has one convention only, paper; choose one of grad_cam, "),
        (&["--conventions", "paper,captun"], "did you mean captum?"),
        (&["--method", "rise", "--conventions", "paper,logit"], "choose one of softmax, logit"),
        (&["--layer", "all"], "one layer at a time"),
        (&["--method", "rise", "--set", "masks"], "write it as KEY=VALUE"),
    ];
    for (arguments, words) in cases {
        let output = convscope(&[&["compare-conventions", "nowhere.png", "--device", "cpu"], arguments].concat());
        let errors = standard_error(&output);
        assert!(output.status.code() == Some(1) && errors.contains(words), "{arguments:?}: {errors}");
        assert!(!errors.contains("nowhere"), "{errors}");
    }
}
