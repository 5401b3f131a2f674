//! Every network of the field: small ones with the operations that exporters write, packed without a recipe, and what onnxruntime
//! 1.32.0 (of Keras's own file, Keras 3.15.1) gives for the same file and pixels.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::model;
use convscope::image::Image;
use convscope::model::{Folder, Packing};
use convscope_import::pack;
use serde::Deserialize;

const FIELD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/field");

/// Networks whose files end in probabilities.
const PROBABILITIES: [&str; 4] = ["bin_sigmoid.onnx", "ort_extended.onnx", "softmax_argmax.onnx", "squeeze_none.onnx"];

/// Networks whose file ends in logarithms of probabilities.
const LOGARITHMS: [&str; 1] = ["mnist.onnx"];

/// Networks of one logit, which makes two classes.
const SINGLE: [&str; 2] = ["bin_logit.onnx", "bin_sigmoid.onnx"];

/// Networks that round where ours does not: activations to 256 steps of a hundredth, or Pillow's greys to whole numbers.
const ROUNDED: [&str; 3] = ["mnist.onnx", "qdq.onnx", "qlinear.onnx"];

/// A network whose normalizations are those of training in onnxruntime, and those of use in ours, which notes it.
const IN_TRAINING: &str = "bn_training.onnx";

/// A file's image, and the output of onnxruntime.
#[derive(Deserialize)]
struct Reference {
    image: String,
    output: Vec<f32>,
}

#[test]
fn every_network_gives_what_onnxruntime_gives_and_is_explained() {
    let text = std::fs::read_to_string(Path::new(FIELD).join("onnxruntime.json")).unwrap();
    let references: BTreeMap<String, Reference> = serde_json::from_str(&text).unwrap();
    let mut wrong = vec![];
    for (file, Reference { image, output }) in &references {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("model");
        let packed = pack::run(&Path::new(FIELD).join(file), None, &out, Packing::F32);
        let notes = packed.unwrap_or_else(|error| panic!("{error}")).notes;
        let seen = model(&Folder(out)).observe(Image::open(Path::new(FIELD).join(image)).unwrap()).unwrap();
        let mut classes = seen.classes().to_vec();
        classes.sort_by_key(|class| class.index);
        let is = |list: &[&str]| list.contains(&file.as_str());
        let given = classes.iter().skip(usize::from(is(&SINGLE))).map(|class| match class.probability {
            Some(probability) if is(&PROBABILITIES) => probability,
            Some(probability) if is(&LOGARITHMS) => probability.ln(),
            _ => class.logit,
        });
        let given: Vec<f32> = given.collect();
        if file == IN_TRAINING {
            assert!(notes.iter().any(|note| note.to_string().contains("training mode")), "{notes:?}");
        } else if file == "softmax_argmax.onnx" {
            // The file gives the place of the largest.
            assert_eq!(seen.top().unwrap() as f32, output[0]);
        } else {
            assert_eq!(given.len(), output.len(), "{file}");
            let difference = given.iter().zip(output).fold(0_f32, |most, (one, two)| most.max((one - two).abs()));
            let allowed = if is(&ROUNDED) { 2e-3 } else { 2e-5 };
            println!("{file}: {difference:e}");
            if difference > allowed {
                wrong.push(format!("{file}: {given:?} for {output:?}"));
            }
        }
        for method in ["grad_cam", "layer_cam", "gradient", "guided_backprop", "lrp"] {
            let layer = if method.ends_with("cam") { "all" } else { "last" };
            for map in seen.explain(method).unwrap().class(seen.top().unwrap()).layer(layer).maps().unwrap() {
                assert!(map.signed.values.iter().all(|value| value.is_finite()), "{file}: {method}");
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(references.len() >= 38, "{}", references.len());
}
