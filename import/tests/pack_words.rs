//! Packing: what is wrong with a file or a recipe is said of that file, with what it has and what was wanted.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod place;

use std::fs;
use std::path::{Path, PathBuf};

use convscope_core::model::Packing;
use convscope_import::pack;
use place::{Place, manifest, stream, tensors};
use serde_json::{Value, json};

#[test]
fn what_does_not_fit_is_said() {
    let place = Place::new();
    place.recipe(|recipe| recipe["preprocessing"]["width"] = json!(7));
    assert!(place.refused().contains("fc takes [50, 1, 1] but is given [60, 1, 1]"));
    place.recipe(|recipe| recipe["layout"] = json!("oihw"));
    assert!(place.refused().contains("conv/linear has a weight of shape"));
    place.recipe(|recipe| recipe["nodes"][3]["weight"] = json!("fc/weights"));
    let error = place.refused();
    assert!(error.contains("1 of its 3 tensors"), "{error}");
    assert!(error.contains("fc/weights (fc/kernel?)") && error.contains("conv/bias [5]"), "{error}");
    place.recipe(|recipe| recipe["labels"] = json!(["one"]));
    assert!(place.refused().contains("has 1 labels for the 3 classes that fc gives"));
    place.recipe(|recipe| recipe["taps"] = json!(["convv"]));
    assert!(place.refused().contains("taps names convv, and no layer is called so (the nearest is conv)"));
    place.recipe(|recipe| recipe["logits"] = json!("nope"));
    assert!(
        place.refused().contains("logits names nope, and no layer is called so; name one of conv/linear, conv, flat")
    );
    place.recipe(|recipe| recipe["probabilities"] = json!("conv"));
    assert!(place.refused().contains("probabilities names conv, which gives maps"));
    place.recipe(|recipe| recipe["logits"] = Value::Null);
    assert!(place.refused().contains("no logits"));
    place.recipe(|recipe| (recipe["logits"], recipe["probabilities"]) = (Value::Null, Value::Null));
    assert!(place.refused().contains("3 labels, and the graph ends in no classifier"));
    place.recipe(|recipe| {
        recipe.as_object_mut().unwrap().retain(|key, _| !["nodes", "layout"].contains(&key.as_str()));
    });
    let error = place.refused();
    assert!(
        error.contains("weights only: conv/bias [5], conv/kernel [3, 2, 3, 5]") && error.contains("ONNX"),
        "{error}"
    );
    let mut tensors = tensors();
    tensors[0].2[7] = f32::INFINITY;
    place.weights(&tensors);
    place.recipe(|_| {});
    assert!(place.refused().contains("conv/kernel"), "{}", place.refused());
    fs::remove_file(place.path("net.weights")).unwrap();
    assert!(place.refused().contains("net.weights"));
}

/// There is no `model.json` yet when a recipe or a file is wrong, and getting it again helps nobody.
#[test]
fn a_packed_model_is_not_blamed_before_there_is_one() {
    let place = Place::new();
    type Edit = fn(&mut Value);
    let edits: [(Edit, &str); 9] = [
        (|recipe| recipe["preprocessing"]["width"] = json!(7), "width and height"),
        (|recipe| recipe["layout"] = json!("oihw"), "layout"),
        (|recipe| recipe["nodes"][0]["weight"] = json!("conv/weight"), "(conv/kernel?)"),
        (|recipe| recipe["labels"] = json!(["one"]), "1 labels"),
        (|recipe| recipe["taps"] = json!(["convv"]), "tap"),
        (|recipe| recipe["logits"] = json!("nope"), "logits"),
        (|recipe| recipe["nodes"][0]["op"] = json!("conv"), "the node conv/linear has the unknown op conv"),
        (
            |recipe| recipe["nodes"][0]["biass"] = json!("conv/bias"),
            "the node conv/linear: the key biass is unknown (the nearest is bias)",
        ),
        (
            |recipe| recipe["nodes"][3] = json!({ "name": "fc", "inputs": ["flat"], "op": "dense" }),
            "the node fc: missing",
        ),
    ];
    for (edit, part) in edits {
        place.recipe(edit);
        let error = place.refused();
        assert!(error.contains(part) && error.contains(';'), "{part}: {error}");
        assert!(!error.contains("model.json") && !error.contains("again"), "{error}");
    }
    place.recipe(|recipe| recipe["preprocessing"]["fit"]["short_side"] = json!(9));
    assert!(place.refused().contains("the key preprocessing.fit.short_side is unknown"), "{}", place.refused());
}

#[test]
fn labels_and_recipes_are_read_as_editors_save_them() {
    let place = Place::new();
    let recipe = fs::read(place.path("recipe.json")).unwrap();
    fs::write(place.path("recipe.json"), [b"\xef\xbb\xbf", &recipe[..]].concat()).unwrap();
    fs::write(place.path("labels.txt"), b"\xef\xbb\xbfcat\r\ndog\r\nbird\r\n").unwrap();
    place.pack("out", Packing::F32).unwrap();
    assert_eq!(manifest(&place.path("out")).labels, ["cat", "dog", "bird"]);
    // "épagneul" in Latin-1, and a text in UTF-16.
    fs::write(place.path("labels.txt"), b"cat\ndog\n\xe9pagneul\n").unwrap();
    let error = place.refused();
    assert!(error.contains("labels.txt is not UTF-8: line 3 has the byte 0xe9"), "{error}");
    assert!(error.contains("save it as UTF-8") && !error.contains("permissions"), "{error}");
    fs::write(place.path("labels.txt"), b"\xff\xfec\0a\0t\0").unwrap();
    assert!(place.refused().contains("UTF-16"));
}

/// The notes in words.
fn told(notes: &[convscope_core::error::Fault]) -> Vec<String> {
    notes.iter().map(ToString::to_string).collect()
}

/// What is left out is said, and a bias beside a kernel that is used is not left out like a counter.
#[test]
fn spare_tensors_are_noted() {
    let place = Place::new();
    let summary = place.pack("out", Packing::F32).unwrap();
    assert_eq!(told(&summary.notes), ["left out tensors that the recipe has no use for: unused"]);
    place.recipe(|recipe| drop(recipe["nodes"][0].as_object_mut().unwrap().remove("bias")));
    let summary = place.pack("out", Packing::F32).unwrap();
    assert!(summary.notes[0].to_string().contains("takes others of: conv/bias; name them"), "{:?}", summary.notes);
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data").join(name)
}

/// `tests/tools/make_checkpoint.py` wrote the file: a model in `DataParallel`, and settings, scores and the optimizer beside it. Its
/// parameters are 0, 1/8, 2/8 and so on.
#[test]
fn a_checkpoint_of_the_field_is_packed() {
    let place = Place::new();
    place.recipe(|recipe| {
        recipe["layout"] = json!("oihw");
        (recipe["preprocessing"]["width"], recipe["preprocessing"]["height"]) = (json!(4), json!(4));
        (recipe["nodes"][0]["weight"], recipe["nodes"][0]["bias"]) = (json!("0.weight"), json!("0.bias"));
        (recipe["nodes"][3]["weight"], recipe["nodes"][3]["bias"]) = (json!("3.weight"), json!("3.bias"));
    });
    let out = place.path("out");
    let summary = pack::run(&data("checkpoint.pth.tar"), Some(&place.path("recipe.json")), &out, Packing::F32).unwrap();
    let beside = "args (argparse.Namespace), best (numpy._core.multiarray.scalar), best_acc1, epoch, optimizer";
    let expected = [
        format!("took the tensors in state_dict and left out what is beside it: {beside}"),
        "the file has other prefixes than the recipe and the same names behind them: took module.0.bias for 0.bias, and so on".into(),
        "left out tensors that the recipe has no use for: module.1.bias, module.1.running_mean, module.1.running_var, module.1.weight"
            .into(),
    ];
    assert_eq!(told(&summary.notes), expected);
    let tensors = manifest(&out).tensors;
    let numbers: Vec<f32> = stream(&out).as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
    let values = |name: &str| {
        let entry = &tensors[name];
        &numbers[entry.offset as usize / 4..][..entry.bytes as usize / 4]
    };
    let counted = |count: u8| -> Vec<f32> { (0..count).map(|number| f32::from(number) / 8.0).collect() };
    assert_eq!((values("0.weight"), values("0.bias")), (&counted(54)[..], &counted(2)[..]));
    // [3, 8] in PyTorch, [8, 3] here.
    assert_eq!(tensors["3.weight"].shape, [8, 3]);
    assert_eq!(values("3.weight")[..4], [0.0, 1.0, 2.0, 0.125]);
}

#[test]
fn names_of_keras_in_several_attributes_are_names_of_keras() {
    let place = Place::new();
    let out = place.path("out");
    pack::run(&data("layer_names0.h5"), Some(&place.path("recipe.json")), &out, Packing::F32).unwrap();
    assert_eq!(manifest(&out).tensors.keys().collect::<Vec<_>>(), ["conv/bias", "conv/kernel", "fc/kernel"]);
}

#[test]
fn what_is_no_file_of_weights_is_called_by_its_name() {
    let place = Place::new();
    let refused = |source: &Path| pack::run(source, None, &place.path("out"), Packing::F32).unwrap_err().to_string();
    // A whole model of Keras has a graph, which may have layers that are not read.
    let mut bytes = fs::read(data("official/keras2_model.h5")).unwrap();
    let places = (0..bytes.len() - 12).filter(|&place| bytes[place..].starts_with(b"MaxPooling2D")).collect::<Vec<_>>();
    places.into_iter().for_each(|place| bytes[place..place + 12].copy_from_slice(b"OwnPooling2D"));
    fs::write(place.path("own.h5"), bytes).unwrap();
    let error = refused(&place.path("own.h5"));
    assert!(error.contains("Keras model") && error.contains("format=\"onnx\"") && error.contains("nodes"), "{error}");
    assert!(error.contains("(OwnPooling2D)"), "{error}");
    assert!(!error.contains("weights only"), "{error}");
    fs::create_dir(place.path("saved")).unwrap();
    fs::write(place.path("saved/saved_model.pb"), "").unwrap();
    assert!(refused(&place.path("saved")).contains("SavedModel"));
    fs::create_dir(place.path("web")).unwrap();
    fs::write(place.path("web/model.json"), r#"{"format": "layers-model", "modelTopology": {}}"#).unwrap();
    for path in ["web", "web/model.json"] {
        let error = refused(&place.path(path));
        assert!(error.contains(path) && error.contains("TensorFlow.js"), "{error}");
    }
}

/// `fixed_size.onnx` was made for 4 x 4 pixels and ends in a dense layer that takes what comes of no others.
#[test]
fn a_size_that_is_not_the_files_is_blamed() {
    let place = Place::new();
    let pack = |width: u32| {
        place.recipe(|recipe| {
            let graph = ["nodes", "layout", "logits", "probabilities"];
            recipe.as_object_mut().unwrap().retain(|key, _| !graph.contains(&key.as_str()));
            recipe["rename"] = json!({ "convv": "first" });
            recipe["preprocessing"]["width"] = json!(width);
        });
        pack::run(&data("fixed_size.onnx"), Some(&place.path("recipe.json")), &place.path("out"), Packing::F32)
    };
    let notes = pack(4).unwrap().notes;
    assert!(notes.iter().any(|note| note.to_string().contains("no layer is called convv (conv?)")), "{notes:?}");
    let error = pack(6).unwrap_err().to_string();
    assert!(error.contains("made for images of 4 x 4 pixels and cannot take the recipe's 6 x 4"), "{error}");
}
