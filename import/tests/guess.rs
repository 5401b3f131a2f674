//! Packing without a recipe: what is guessed is said, and what is answered is taken.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod place;

use std::path::{Path, PathBuf};

use convscope_core::model::{Manifest, Packing};
use convscope_core::preprocess::{Channels, Fit, Preset};
use convscope_import::architecture::Architecture;
use convscope_import::pack::{self, Answers, ClassNames, Outputs};
use place::manifest;
use serde_json::json;

fn field(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/field").join(file)
}

fn packed(file: &str, answers: &Answers) -> Result<(Manifest, Vec<String>), String> {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("model");
    let summary = pack::run_with(&field(file), answers, &out, Packing::F16).map_err(|error| error.to_string())?;
    Ok((manifest(&out), summary.notes.iter().map(ToString::to_string).collect()))
}

#[test]
fn guesses_are_said() {
    let (manifest, notes) = packed("silu.onnx", &Answers::default()).unwrap();
    assert_eq!((manifest.id.as_str(), manifest.labels.len()), ("silu", 5));
    assert_eq!(manifest.preprocessing, Preset::ZeroToOne.preprocessing([32, 32]));
    assert!(notes[0].contains("silu") && notes[1].contains("guessed the preprocessing 0..1"), "{notes:?}");
    assert!(!manifest.taps.is_empty());
}

#[test]
fn answers_come_before_guesses() {
    let names: Vec<String> = ["cat", "dog", "bird", "fish", "horse"].map(Into::into).into();
    let answers = Answers {
        id: Some("mine".into()),
        preset: Some(Preset::Caffe),
        fit: Some(Fit::CentreCrop { short_side: 40 }),
        labels: Some(ClassNames::Names(names.clone())),
        taps: Some(vec!["Conv_4".into()]),
        outputs: Some(Outputs::Sigmoid),
        ..Answers::default()
    };
    let (manifest, notes) = packed("silu.onnx", &answers).unwrap();
    assert_eq!((manifest.id, manifest.labels, manifest.taps), ("mine".into(), names, vec!["Conv_4".to_owned()]));
    let given = manifest.preprocessing;
    assert_eq!(
        (given.channels, given.mean[0], given.fit),
        (Channels::Bgr, 103.939, Fit::CentreCrop { short_side: 40 })
    );
    assert!(manifest.probabilities.unwrap().ends_with("probabilities"));
    assert!(notes[1].starts_with("preprocessing caffe") && notes[1].contains("40 pixels"), "{notes:?}");
    // A network that takes any size is given the one that is asked for.
    let (manifest, _) = packed("silu.onnx", &Answers { input: Some([48, 64]), ..Answers::default() }).unwrap();
    assert_eq!((manifest.preprocessing.height, manifest.preprocessing.width), (48, 64));
}

#[test]
fn answers_that_do_not_fit_are_refused() {
    let five = |answers: Answers| packed("silu.onnx", &answers).unwrap_err();
    let imagenet = five(Answers { labels: Some(ClassNames::ImageNet), ..Answers::default() });
    assert!(imagenet.contains("1000 labels for the 5 classes"), "{imagenet}");
    assert!(five(Answers { id: Some("../a".into()), ..Answers::default() }).contains("../a"));
    assert!(five(Answers { std: Some([0.0; 3]), ..Answers::default() }).contains("divides by 0"));
    assert!(five(Answers { taps: Some(vec!["nowhere".into()]), ..Answers::default() }).contains("nowhere"));
    let whole = packed("uint8_in.onnx", &Answers { preset: Some(Preset::Tf), ..Answers::default() }).unwrap_err();
    assert!(whole.contains("whole numbers") && whole.contains("0..255"), "{whole}");
    let folder = pack::run_with(&field(""), &Answers::default(), Path::new("never"), Packing::F16).unwrap_err();
    assert!(folder.to_string().contains("is a folder"), "{folder}");
}

#[test]
fn a_whole_keras_model_is_what_a_recipe_makes_of_its_weights() {
    let place = tempfile::tempdir().unwrap();
    let [guessed, written] = ["guessed", "written"].map(|name| place.path().join(name));
    pack::run(&field("flat.h5"), None, &guessed, Packing::F32).unwrap();
    pack::run(&field("flat.h5"), Some(&field("keras_recipe.json")), &written, Packing::F32).unwrap();
    let read = |out: &Path| (manifest(out), place::stream(out));
    let ((ours, numbers), (theirs, expected)) = (read(&guessed), read(&written));
    assert_eq!(numbers, expected, "the weights lie in the same order, turned alike");
    assert_eq!(
        ours.nodes.iter().map(|node| node.op.name()).collect::<Vec<_>>(),
        theirs.nodes.iter().map(|node| node.op.name()).collect::<Vec<_>>()
    );
    assert_eq!([ours.preprocessing.height, ours.preprocessing.width], [32, 32]);
    assert_eq!(
        (ours.logits.as_deref(), ours.probabilities.as_deref()),
        (Some("predictions"), Some("predictions/softmax"))
    );
}

#[test]
fn an_architecture_that_is_not_the_files_is_refused() {
    let refused = |file: &str, architecture: &str| {
        let answers = Answers { architecture: Some(architecture.into()), ..Answers::default() };
        packed(file, &answers).unwrap_err()
    };
    // A VGG16 in small.
    let said = refused("../official/vgg16.safetensors", "vgg16");
    assert!(said.contains("classifier.0.bias has the shape [6], and that of vgg16 [4096]"), "{said}");
    let said = refused("../official/vgg16.safetensors", "resnet18");
    assert!(said.contains("resnet18 wants 102 of its 102 tensors") && said.contains("bn1.bias"), "{said}");
    let said = refused("../official/vgg16.safetensors", "resnet81");
    assert!(said.contains("did you mean resnet18"), "{said}");
    assert!(refused("silu.onnx", "vgg16").contains("its own graph"));
}

#[test]
fn an_architecture_is_told_by_the_shapes_of_its_tensors_too() {
    let known = Architecture::named("squeezenet1_1").unwrap();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("weights.safetensors");
    let packed = |side: usize, answers: &Answers| {
        let mut shapes = known.tensors(3);
        shapes.insert("features.0.weight".into(), vec![64, 3, side, side]);
        let mut end = 0;
        let entries = shapes.iter().map(|(name, shape)| {
            let start = end;
            end += 4 * shape.iter().product::<usize>();
            // As a wrapper of training calls them.
            (format!("module.{name}"), json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, end] }))
        });
        let header = serde_json::Value::Object(entries.collect()).to_string();
        let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![0; end]].concat();
        std::fs::write(&file, bytes).unwrap();
        pack::run_with(&file, answers, &place.path().join("model"), Packing::F16).map_err(|error| error.to_string())
    };
    let summary = packed(3, &Answers::default()).unwrap();
    assert!(
        summary.notes.iter().any(|note| note.to_string().contains("architecture squeezenet1_1")),
        "{:?}",
        summary.notes
    );
    let said = packed(5, &Answers::default()).unwrap_err();
    assert!(said.contains("weights only"), "{said}");
    let asked = Answers { architecture: Some("squeezenet1_1".into()), ..Answers::default() };
    let said = packed(5, &asked).unwrap_err();
    assert!(
        said.contains("module.features.0.weight has the shape [64, 3, 5, 5]") && said.contains("[64, 3, 3, 3]"),
        "{said}"
    );
}
