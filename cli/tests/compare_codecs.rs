//! `compare-codecs` on the embedded SqueezeNet and on a small model without classifier.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../tests/common/mod.rs"]
mod common;
mod program;

use std::path::{Path, PathBuf};

use common::{Noise, pack, tiny};
use convscope::image::Image;
use convscope::model::{Codec, Packing};
use convscope_import::pack as packing;
use program::{convscope, repository, standard_error, standard_output, text};
use serde_json::json;

const SQUEEZENET: &str = "models/squeezenet1_1";

/// A folder of three images, one of them broken.
fn images(place: &Path) -> PathBuf {
    let folder = place.join("pictures");
    std::fs::create_dir(&folder).unwrap();
    let mut noise = Noise(3);
    for name in ["a.png", "b.png"] {
        // Patches, since a network sees little in noise.
        let patches: Vec<u8> = (0..48).map(|_| noise.below(256) as u8).collect();
        let pixel = |index: usize| [0, 1, 2].map(|c| patches[3 * (index / 64 / 16 * 4 + index % 64 / 16) + c]);
        let image = Image::from_rgb(64, 64, (0..64 * 64).flat_map(pixel).collect()).unwrap();
        std::fs::write(folder.join(name), image.png().unwrap()).unwrap();
    }
    std::fs::write(folder.join("broken.png"), "no image").unwrap();
    folder
}

#[test]
fn answers_of_a_smaller_codec_are_measured() {
    let place = tempfile::tempdir().unwrap();
    let (images, exact, half) = (images(place.path()), place.path().join("f32"), place.path().join("f16"));
    packing::run(&repository(SQUEEZENET), None, &exact, Packing::F32).unwrap();
    packing::run(&repository(SQUEEZENET), None, &half, Packing::F16).unwrap();
    let arguments = ["compare-codecs", text(&images), "--reference", text(&exact), "--device", "cpu", "--json"];
    let candidates = ["--candidate", text(&half), "--candidate", SQUEEZENET];
    let output = convscope(&[&arguments[..], &candidates].concat());
    let errors = standard_error(&output);
    assert!(errors.contains("broken.png") && output.status.code() == Some(1), "{errors}");
    let lines = standard_output(&output);
    assert_eq!(lines.len(), 2);
    let number = |line: usize, path: &str| lines[line].pointer(path).and_then(serde_json::Value::as_f64).unwrap();
    for (line, report) in lines.iter().enumerate() {
        assert_eq!((&report["pictures"], &report["maps"]["kind"]), (&json!(2), &json!("grad_cam")));
        assert_eq!(number(line, "/classes/top1_agreement"), 1.0);
        assert!(number(line, "/maps/compared") + number(line, "/maps/both_blank") >= 30.0);
    }
    // Half precision loses a little of everything.
    assert!((1e-7..1e-2).contains(&number(0, "/classes/logit_rms_relative")));
    assert!(number(0, "/classes/logit_rms") <= number(0, "/classes/logit_max"));
    assert!((0.99..1.0).contains(&number(0, "/maps/least")));
    assert!((1e-7..1e-2).contains(&number(0, "/channel_sums/largest")));
    // The embedded model is int8, so float32 of it is the very same.
    assert_eq!(number(1, "/classes/logit_max"), 0.0);
    assert_eq!(number(1, "/channel_sums/largest"), 0.0);
    assert!(number(1, "/maps/least") > 0.999_999);
    // In words too.
    let output = convscope(&[&arguments[..arguments.len() - 1], &candidates[..2]].concat());
    let words = String::from_utf8(output.stdout).unwrap();
    assert!(words.contains("top 1 the same for 100.0 %") && words.contains("fire9/concat"), "{words}");
}

#[test]
fn without_classifier_sums_over_channels_are_compared_and_other_networks_refused() {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, memory: &common::Memory| {
        let folder = place.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        for (file, bytes) in &memory.0 {
            std::fs::write(folder.join(file), bytes).unwrap();
        }
        folder
    };
    let base = |codec| {
        let parameters = [("w".to_owned(), vec![6, 3, 3, 3], Noise(2).many(162))];
        let nodes = json!([
            { "name": "one/linear", "op": "conv2d", "inputs": ["input"], "weight": "w" },
            { "name": "one", "op": "relu", "inputs": ["one/linear"] },
        ]);
        pack([16, 16], nodes, &["one"], 0, &parameters, codec, 1000)
    };
    let folders =
        [write("f32", &base(Codec::F32)), write("int8", &base(Codec::Int8)), write("other", &tiny(Codec::F32, 1000))];
    let image = images(place.path()).join("a.png");
    let run = |candidate: &Path| {
        let files = ["--reference", text(&folders[0]), "--candidate", text(candidate)];
        convscope(&[&["compare-codecs", text(&image), "--device", "cpu", "--json"][..], &files].concat())
    };
    let output = run(&folders[1]);
    assert!(output.status.success(), "{}", standard_error(&output));
    let line = standard_output(&output).remove(0);
    assert_eq!((&line["classes"], &line["maps"]["kind"]), (&json!(null), &json!("channel_sum")));
    assert!(line["channel_sums"]["largest"].as_f64().unwrap() > 0.0);
    assert!((0.99..1.0).contains(&line["maps"]["least"].as_f64().unwrap()), "{line}");
    let output = run(&folders[2]);
    assert!(standard_error(&output).contains("another network") && output.status.code() == Some(1));
}
