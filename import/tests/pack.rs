//! Packing: files and recipes in, a folder that is whole or not there out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod place;

use std::fs;
use std::path::Path;

use convscope_core::model::{Codec, FORMAT, MAX_SHARD_BYTES, Manifest, Packing, Shard};
use convscope_core::nn::Op;
use convscope_import::pack;
use place::{Place, manifest, noise, stream};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

#[test]
fn codecs_keep_their_bounds() {
    let place = Place::new();
    for (packing, codec, bound) in [
        (Packing::F32, Codec::F32, 0.0),
        (Packing::F16, Codec::F16, 1.0 / 2048.0),
        (Packing::Int8, Codec::Int8, 1.0001 / 254.0),
    ] {
        let summary = place.pack("out", packing).unwrap();
        assert_eq!((summary.id.as_str(), summary.tensors, summary.shards), ("net", 3, 1));
        assert_eq!(summary.losses.iter().map(|loss| loss.numbers).sum::<usize>(), 90 + 5 + 150);
        for loss in &summary.losses {
            let bound = if loss.codec == codec { bound } else { 0.0 };
            assert!(loss.max_relative <= bound && loss.max_absolute <= bound, "{loss:?}");
            assert!(bound == 0.0 || loss.max_absolute > 0.0, "{loss:?}");
        }
        let manifest = manifest(&place.path("out"));
        assert_eq!(
            (&manifest.labels[..], manifest.packing),
            (&["one", "two", "three"].map(String::from)[..], Some(packing))
        );
        assert_eq!(manifest.tensors["conv/kernel"].shape, [5, 3, 3, 2]);
        assert_eq!(manifest.tensors["conv/bias"].codec, Codec::F32);
        assert_eq!((manifest.tensors["fc/kernel"].codec, manifest.tensors["fc/kernel"].axis), (codec, 1));
        assert_eq!(fs::metadata(place.path("out/weights-00.bin")).unwrap().len(), summary.bytes);
    }
}

#[test]
fn int4_is_for_dense_layers() {
    let place = Place::new();
    let summary = place.pack("out", Packing::Int4).unwrap();
    let tensors = manifest(&place.path("out")).tensors;
    let codec = |name: &str| tensors[name].codec;
    assert_eq!([codec("conv/kernel"), codec("conv/bias"), codec("fc/kernel")], [Codec::Int8, Codec::F32, Codec::Int8]);
    // Steps of 0.35 of the root mean square, whose error is that by the root of 12, in the dense layer alone.
    let loss = summary.losses.iter().find(|loss| loss.codec == Codec::Int8).unwrap();
    assert_eq!(loss.numbers, 240);
    assert!((0.05..0.11).contains(&loss.relative()), "{}", loss.relative());
}

#[test]
fn a_model_of_the_first_format_is_packed_anew() {
    let place = Place::new();
    place.pack("out", Packing::F32).unwrap();
    // As the first version wrote it: shards as they are, and no word of it.
    let stream = stream(&place.path("out"));
    let path = place.path("out/model.json");
    let mut old: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let hash: String = Sha256::digest(&stream).iter().map(|byte| format!("{byte:02x}")).collect();
    old["format"] = json!(1);
    old["shards"] = json!([{ "file": "weights-00.bin", "bytes": stream.len(), "sha256": hash }]);
    fs::write(&path, old.to_string()).unwrap();
    fs::write(place.path("out/weights-00.bin"), stream).unwrap();
    pack::run(&place.path("out"), None, &place.path("new"), Packing::F32).unwrap();
    assert_eq!(manifest(&place.path("new")).format, FORMAT);
    assert_eq!(self::stream(&place.path("new")), self::stream(&place.path("out")));
}

#[test]
fn kernels_are_turned() {
    let place = Place::new();
    place.pack("out", Packing::F32).unwrap();
    let entry = manifest(&place.path("out")).tensors["conv/kernel"].clone();
    let bytes = stream(&place.path("out"));
    let at = |index: usize| {
        let start = entry.offset as usize + 4 * index;
        f32::from_le_bytes(bytes[start..start + 4].try_into().unwrap())
    };
    let kernel = noise(90);
    for (h, w, i, o) in [(0, 0, 0, 0), (2, 1, 0, 4), (1, 0, 2, 3)] {
        assert_eq!(at(((o * 3 + i) * 3 + h) * 2 + w), kernel[((h * 2 + w) * 3 + i) * 5 + o]);
    }
}

#[test]
fn a_large_model_is_cut_and_packed_again_without_change() {
    let place = Place::new();
    place.weights(&[("fc/kernel", vec![72, 20_000], noise(72 * 20_000))]);
    place.recipe(|recipe| {
        recipe["nodes"] = json!([
            { "name": "flat", "inputs": ["input"], "op": "flatten" },
            { "name": "fc", "inputs": ["flat"], "op": "dense", "weight": "fc/kernel" },
            { "name": "prob", "inputs": ["fc"], "op": "softmax" }
        ]);
        recipe["taps"] = json!([]);
        recipe["labels"] = (0..20_000).map(|index| index.to_string()).collect();
    });
    let summary = place.pack("out", Packing::F32).unwrap();
    let shards = manifest(&place.path("out")).shards;
    assert_eq!(
        shards.iter().map(Shard::stream_bytes).collect::<Vec<_>>(),
        [MAX_SHARD_BYTES, 4 * 72 * 20_000 - MAX_SHARD_BYTES]
    );
    let lengths =
        ["out/weights-00.bin", "out/weights-01.bin"].map(|file| fs::metadata(place.path(file)).unwrap().len());
    assert_eq!(shards.iter().map(|shard| shard.bytes).collect::<Vec<_>>(), lengths);
    assert_eq!((summary.shards, summary.bytes), (2, lengths.iter().sum()));
    assert!(summary.bytes < 4 * 72 * 20_000, "numbers that repeat are compressed");

    let again = pack::run(&place.path("out"), None, &place.path("again"), Packing::F32).unwrap();
    assert_eq!(again, summary);
    assert_eq!(fs::read(place.path("again/model.json")).unwrap(), fs::read(place.path("out/model.json")).unwrap());
    let small = pack::run(&place.path("out"), None, &place.path("out"), Packing::Int8).unwrap();
    assert_eq!(manifest(&place.path("out")).shards[0].stream_bytes(), 72 * 20_000 + 4 * 20_000);
    assert_eq!(small.shards, 1);
    assert!(!place.path("out/weights-01.bin").exists());
    let back = pack::run(&place.path("out"), None, &place.path("back"), Packing::F32).unwrap();
    assert!(back.notes[0].to_string().contains("int8"), "{:?}", back.notes);

    fs::write(place.path("again/weights-01.bin"), "short").unwrap();
    let error = pack::run(&place.path("again"), None, &place.path("never"), Packing::F32).unwrap_err().to_string();
    assert!(error.contains("weights-01.bin") && !place.path("never").exists(), "{error}");
    let error = pack::run(&place.path("back"), Some(&place.path("recipe.json")), &place.path("never"), Packing::F32);
    assert!(error.unwrap_err().to_string().contains("needs no recipe"));
    place.no_leftovers();
}

#[test]
fn only_a_packed_model_is_replaced() {
    let place = Place::new();
    fs::create_dir(place.path("out")).unwrap();
    place.pack("out", Packing::F32).unwrap();
    fs::write(place.path("out/LICENSE"), "mine").unwrap();
    place.pack("out", Packing::Int8).unwrap();
    assert_eq!(manifest(&place.path("out")).tensors["fc/kernel"].codec, Codec::Int8);
    assert_eq!(fs::read_to_string(place.path("out/LICENSE")).unwrap(), "mine");

    place.weights(&[("conv/kernel", vec![3, 2, 3, 5], vec![f32::NAN; 90])]);
    assert!(place.pack("out", Packing::Int8).is_err());
    assert_eq!(manifest(&place.path("out")).tensors["fc/kernel"].codec, Codec::Int8);

    let place = Place::new();
    fs::create_dir(place.path("photos")).unwrap();
    fs::write(place.path("photos/cat.jpg"), "").unwrap();
    let error = place.pack("photos", Packing::F32).unwrap_err().to_string();
    assert!(error.contains("photos") && error.contains("another folder"), "{error}");
    let error = place.pack("recipe.json", Packing::F32).unwrap_err().to_string();
    assert!(error.contains("no folder"), "{error}");
    let error = place.pack("recipe.json/inside", Packing::F32).unwrap_err().to_string();
    assert!(error.contains("cannot write"), "{error}");
    place.no_leftovers();
}

#[test]
fn an_onnx_file_needs_no_recipe() {
    let place = Place::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/residual.onnx");
    let summary = pack::run(&source, None, &place.path("out"), Packing::F16).unwrap();
    assert_eq!((summary.id.as_str(), summary.tensors), ("residual", 7));
    assert_eq!(summary.notes.len(), 4, "{:?}", summary.notes);
    let manifest = manifest(&place.path("out"));
    assert_eq!([manifest.preprocessing.width, manifest.preprocessing.height], [9, 9]);
    assert_eq!(manifest.taps, ["relu", "layer1.0.conv2", "layer1.0.downsample", "layer1.0.relu"]);
    assert_eq!(manifest.labels, ["class_0", "class_1", "class_2", "class_3", "class_4"]);
    assert_eq!(manifest.nodes.iter().filter(|node| matches!(node.op, Op::Add(_))).count(), 1);
}

#[test]
fn a_recipe_says_what_the_outputs_are() {
    let residual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/residual.onnx");
    let packed = |outputs: &str, labels: Value| {
        let place = Place::new();
        place.recipe(|recipe| {
            let recipe = recipe.as_object_mut().unwrap();
            recipe.retain(|key, _| !["nodes", "layout", "logits", "probabilities", "taps"].contains(&key.as_str()));
            (recipe["labels"], recipe["preprocessing"]["width"], recipe["preprocessing"]["height"]) =
                (labels, json!(9), json!(9));
            recipe.insert("outputs".into(), json!(outputs));
        });
        pack::run(&residual, Some(&place.path("recipe.json")), &place.path("out"), Packing::F32).unwrap();
        manifest(&place.path("out"))
    };
    let end = |manifest: &Manifest| {
        let name = manifest.probabilities.as_ref()?;
        manifest.nodes.iter().find(|node| node.name == *name).map(|node| node.op.clone())
    };
    let labels = json!(["a", "b", "c", "d", "e"]);
    // The file ends in five numbers; the importer takes them for logits and adds a softmax, unless it is told otherwise.
    assert!(matches!(end(&packed("softmax", labels.clone())), Some(Op::Softmax(_))));
    assert!(matches!(end(&packed("sigmoid", labels)), Some(Op::Sigmoid(_))));
    let raw = packed("raw", json!([]));
    assert_eq!((end(&raw), raw.labels), (None, (0..5).map(|index| format!("output {index}")).collect()));
    assert!(!raw.nodes.iter().any(|node| matches!(node.op, Op::Softmax(_) | Op::Sigmoid(_))));

    let place = Place::new();
    place.recipe(|recipe| recipe["outputs"] = json!("raw"));
    assert!(place.refused().contains("raw outputs do not have"), "{}", place.refused());
}

#[test]
fn files_that_are_given_with_a_recipe_make_the_model_that_those_of_a_folder_make() {
    let place = Place::new();
    let read = |name: &str| fs::read(place.path(name)).unwrap();
    let labels = |name: &str| Ok(read(name));
    let recipe = pack::Recipe::given(Path::new("recipe.json"), &read("recipe.json"), labels).unwrap();
    let file = std::io::Cursor::new(read("net.weights"));
    let draft = pack::Draft::by_recipe(file, "net.weights".into(), &recipe).unwrap();
    place.pack("out", Packing::Int8).unwrap();
    let expected = manifest(&place.path("out"));
    assert_eq!((draft.manifest.labels, draft.manifest.nodes), (expected.labels, expected.nodes));
    let refused = pack::Recipe::given(Path::new("recipe.json"), b"{", |_| Ok(vec![])).unwrap_err().to_string();
    assert!(refused.contains("recipe.json") && refused.contains("JSON"), "{refused}");
}
