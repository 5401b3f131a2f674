//! Networks as exporters write them, packed and looked at, with what onnxruntime 1.32.0 gives for the same file and pixels.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::path::Path;

use common::{Memory, maps, model};
use convscope::explain::AttributionMap;
use convscope::image::Image;
use convscope::model::{Codec, Folder, Manifest, Packing};
use convscope::observation::Observation;
use convscope::predictions::Class;
use convscope_import::pack;
use serde_json::json;
use tempfile::TempDir;

const FIELD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/field");

const PAD: (&str, [f32; 5]) = ("ref_32x32.png", [-0.61638, -0.459344, -1.149602, -0.588461, -0.133714]);
const SILU: (&str, [f32; 5]) = ("ref_32x32.png", [-0.063196, -0.305197, -0.699844, 0.351357, -0.52951]);
const CEIL: (&str, [f32; 5]) = ("ref_16x16.png", [-0.500315, -0.220795, -0.804356, -0.498187, -0.163829]);
const WHOLE: (&str, [f32; 5]) = ("ref_16x16.png", [-0.401648, -0.146607, -0.605152, -0.182466, -0.197202]);

/// A packed file of the field, looked at with its image; and what was noted.
fn looked(file: &str, image: &str, packing: Packing) -> (Observation, Vec<String>, TempDir) {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("model");
    let summary = pack::run(&Path::new(FIELD).join(file), None, &out, packing).unwrap();
    let notes = summary.notes.iter().map(ToString::to_string).collect();
    let image = Image::open(Path::new(FIELD).join(image)).unwrap();
    (model(&Folder(out)).observe(image).unwrap(), notes, place)
}

fn by_index(seen: &Observation) -> Vec<Class> {
    let mut classes = seen.classes().to_vec();
    classes.sort_by_key(|class| class.index);
    classes
}

#[track_caller]
fn close(actual: &[f32], expected: &[f32]) {
    assert_eq!(actual.len(), expected.len(), "{actual:?}");
    assert!(actual.iter().zip(expected).all(|(one, other)| (one - other).abs() < 2e-5), "{actual:?} for {expected:?}");
}

#[test]
fn pads_pools_activations_and_whole_pixels_are_what_the_file_says() {
    for (file, image, expected) in [
        ("pad_maxpool_same_gap.onnx", PAD.0, PAD.1),
        ("maxpool_ceil_asym_gap.onnx", CEIL.0, CEIL.1),
        ("uint8_in.onnx", WHOLE.0, WHOLE.1),
        ("silu.onnx", SILU.0, SILU.1),
    ] {
        let (seen, notes, _place) = looked(file, image, Packing::F32);
        close(&by_index(&seen).iter().map(|class| class.logit).collect::<Vec<_>>(), &expected);
        assert_eq!(
            notes.iter().any(|note| note.contains("0..255, since the file's input takes whole numbers")),
            file.starts_with("uint8"),
            "{notes:?}"
        );
    }
}

#[test]
fn a_recipe_that_scales_whole_pixels_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let recipe = place.path().join("recipe.json");
    let mut text = json!({ "id": "a", "name": "A", "licence": "none", "source": "a test", "preprocessing": { "width": 32, "height": 32,
        "fit": { "kind": "squash" }, "interpolation": "nearest", "channels": "rgb", "scale": 0.5, "mean": [0, 0, 0], "std": [1, 1, 1] } });
    std::fs::write(&recipe, text.to_string()).unwrap();
    let pack =
        || pack::run(&Path::new(FIELD).join("uint8_in.onnx"), Some(&recipe), &place.path().join("out"), Packing::Int8);
    let error = pack().unwrap_err().to_string();
    assert!(error.contains("scale to 1"), "{error}");
    text["preprocessing"]["scale"] = json!(1);
    std::fs::write(&recipe, text.to_string()).unwrap();
    pack().unwrap();
}

fn gradient(seen: &Observation, class: usize, convention: &str) -> AttributionMap {
    maps(seen, "gradient", class, "last", convention).remove(0)
}

#[test]
fn one_logit_is_two_classes_that_are_both_explained() {
    // onnxruntime: bin_logit gives -0.175733, bin_sigmoid 0.45618; 1 / (1 + exp(0.175733)) = 0.456180.
    for file in ["bin_logit.onnx", "bin_sigmoid.onnx"] {
        let (seen, notes, _place) = looked(file, "ref_32x32.png", Packing::F32);
        let classes = by_index(&seen);
        close(&classes.iter().map(|class| class.probability.unwrap()).collect::<Vec<_>>(), &[0.54382, 0.45618]);
        close(&classes.iter().map(|class| class.logit).collect::<Vec<_>>(), &[0.175733, -0.175733]);
        assert!(notes.iter().any(|note| note.contains("one logit")), "{notes:?}");
        let [no, yes] = [0, 1].map(|class| gradient(&seen, class, "paper").image.unwrap());
        assert!(yes.iter().any(|&value| value != 0.0));
        assert!(no.iter().zip(&yes).all(|(no, yes)| *no == -yes), "what speaks for one speaks against the other");
        // d sigmoid(x) / dx = p (1 - p).
        let share = gradient(&seen, 1, "keras_notebook").image.unwrap();
        let expected: Vec<f32> = yes.iter().map(|value| value * 0.45618 * 0.54382).collect();
        close(&share, &expected);
        assert_eq!(maps(&seen, "grad_cam", 0, "last", "paper").len(), 1);
    }
}

/// A network of one dense layer on 2 x 2 pixels, its weights 12 halves.
fn small(classes: usize, value: f32) -> Memory {
    let nodes = json!([
        { "name": "flat", "op": "flatten", "inputs": ["input"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "w" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let weight = ("w".to_owned(), vec![12, classes], vec![value; 12 * classes]);
    common::pack([2, 2], nodes, &[], classes, &[weight], Codec::F32, 1000)
}

fn white() -> Image {
    Image::from_rgb(2, 2, vec![255; 12]).unwrap()
}

#[test]
fn an_old_model_of_one_class_gets_its_opposite() {
    let old = small(1, 0.5);
    let manifest = Manifest::parse(&old.0["model.json"]).unwrap();
    assert_eq!(manifest.labels, ["not class_0", "class_0"]);
    // What is written from it now is read as it is.
    let again = Manifest::parse(&serde_json::to_vec(&manifest).unwrap()).unwrap();
    assert_eq!(again, manifest);
    let seen = model(&old).observe(white()).unwrap();
    // 12 times 0.5; Python: 1 / (1 + exp(-6)) = 0.9975273768.
    let classes = by_index(&seen);
    close(&[classes[0].logit, classes[1].logit], &[-6.0, 6.0]);
    close(&[classes[0].probability.unwrap(), classes[1].probability.unwrap()], &[0.002_472_6, 0.997_527_4]);
}

#[test]
fn a_network_without_feature_maps_has_a_gradient() {
    let seen = model(&small(3, 0.5)).observe(white()).unwrap();
    assert!(gradient(&seen, 1, "paper").image.unwrap().iter().all(|&value| value == 0.5));
    let error = seen.explain("grad_cam").unwrap().map().unwrap_err().to_string();
    assert!(error.contains("no feature maps") && error.contains("gradient"), "{error}");
    assert_eq!(maps(&seen, "gradient", 1, "nowhere", "paper").len(), 1, "at the input no layer is asked for");
}

#[test]
fn nan_is_an_error_that_names_the_layer() {
    let error = model(&small(3, 3e38)).observe(white()).unwrap_err().to_string();
    assert!(error.contains("the layer logits") && error.contains("not a number"), "{error}");
}
