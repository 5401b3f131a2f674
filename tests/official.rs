//! Weight files in the layouts that VGG16 is published in, against what Keras and PyTorch compute with the same files.
//!
//! `tests/tools/make_official.py` makes the files and the numbers beside them: small ones, which lie in `tests/data/official`, and
//! those of the official sizes, which are tested if `$CONVSCOPE_OFFICIAL` names their folder.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use convscope::image::Image;
use convscope::model::{Folder, Packing};
use convscope::request::Layers;
use convscope_import::pack;
use serde::Deserialize;
use serde_json::{Value, json};

/// The largest difference as a share of the largest number. Measured: at most 3e-6 but for one map of Keras's at full size, where
/// PyTorch in double precision differs from TensorFlow by as much (1.1e-4).
const CLOSE: f32 = 1e-5;
const CLOSE_AT_FULL_SIZE: f32 = 1e-3;

#[derive(Deserialize)]
struct Expected {
    file: String,
    recipe: Option<String>,
    full: bool,
    side: u32,
    short_side: u32,
    logits: Option<Vec<f32>>,
    class: Option<usize>,
    maps: BTreeMap<String, Vec<f32>>,
    sums: BTreeMap<String, Vec<f32>>,
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The published recipe, changed for small files only in the sizes and the names of the classes.
fn recipe(expected: &Expected, folder: &Path) -> Option<PathBuf> {
    let (id, rest) = expected.recipe.as_deref()?.split_once(' ').unwrap_or((expected.recipe.as_deref()?, ""));
    let published = repository("import/recipes").join(id).join("recipe.json");
    let mut recipe: Value = serde_json::from_slice(&fs::read(published).unwrap()).unwrap();
    if !expected.full {
        let preprocessing = &mut recipe["preprocessing"];
        preprocessing["width"] = json!(expected.side);
        preprocessing["height"] = json!(expected.side);
        if preprocessing["fit"]["kind"] == "centre_crop" {
            preprocessing["fit"]["short_side"] = json!(expected.short_side);
        }
        if let Some(logits) = &expected.logits {
            recipe["labels"] = (0..logits.len()).map(|class| class.to_string()).collect();
        }
    }
    if rest == "without nodes" {
        recipe.as_object_mut().unwrap().retain(|key, _| !["nodes", "layout"].contains(&key.as_str()));
    }
    let path = folder.join("recipe.json");
    fs::write(&path, recipe.to_string()).unwrap();
    Some(path)
}

/// The largest difference as a share of the largest number.
fn difference(actual: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(actual.len(), expected.len());
    let largest = expected.iter().fold(0_f32, |largest, value| largest.max(value.abs()));
    assert!(largest > 0.0, "nothing to compare with");
    actual.iter().zip(expected).fold(0_f32, |worst, (one, two)| worst.max((one - two).abs())) / largest
}

/// Packs a file as f32, looks at the image, and gives the largest differences of logits, maps and sums.
fn compare(folder: &Path, expected: &Expected) -> [f32; 3] {
    let scratch = tempfile::tempdir().unwrap();
    let recipe = recipe(expected, scratch.path());
    let out = scratch.path().join("model");
    pack::run(&folder.join(&expected.file), recipe.as_deref(), &out, Packing::F32).unwrap();
    let model = common::model(&Folder(out));
    let seen = model.observe(Image::open(repository("core/examples/cat.jpg")).unwrap()).unwrap();
    let mut classes = seen.classes().to_vec();
    classes.sort_by_key(|class| class.index);
    let logits: Vec<f32> = classes.iter().map(|class| class.logit).collect();
    let mut worst = [0_f32; 3];
    worst[0] = expected.logits.as_ref().map_or(0.0, |expected| difference(&logits, expected));
    if let Some(class) = expected.class {
        let layers = Layers::Named(expected.maps.keys().cloned().collect());
        let maps = seen.explain("grad_cam").unwrap().class(class).layers(layers).maps().unwrap();
        assert_eq!(maps.len(), expected.maps.len());
        for map in maps {
            worst[1] = worst[1].max(difference(&map.signed.values, &expected.maps[&map.layer]));
        }
    }
    for (layer, sums) in &expected.sums {
        let mut channels = common::activation(&seen, layer).channels;
        channels.sort_by_key(|(channel, _)| *channel);
        let actual: Vec<f32> = channels.into_iter().map(|(_, sum)| sum as f32).collect();
        worst[2] = worst[2].max(difference(&actual, sums));
    }
    worst
}

fn compare_all(folder: &Path) -> usize {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    for path in &files {
        let expected: Expected = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let worst = compare(folder, &expected);
        println!("{}: logits {:.1e}, maps {:.1e}, channel sums {:.1e}", expected.file, worst[0], worst[1], worst[2]);
        let close = if expected.full { CLOSE_AT_FULL_SIZE } else { CLOSE };
        assert!(worst.iter().all(|&worst| worst < close), "{}", expected.file);
    }
    files.len()
}

#[test]
fn every_layout_gives_the_logits_and_maps_of_its_framework() {
    assert_eq!(compare_all(&repository("tests/data/official")), 9);
}

#[test]
fn files_of_the_official_sizes_do_too() {
    match std::env::var_os("CONVSCOPE_OFFICIAL").map(PathBuf::from) {
        Some(folder) => assert!(compare_all(&folder) > 0, "no files in {}", folder.display()),
        None => println!("SKIPPED: set CONVSCOPE_OFFICIAL to a folder that tests/tools/make_official.py filled"),
    }
}

/// The classes' names and the preprocessing are what the maker of the weights says, and go into `model.json`.
#[test]
fn each_maker_has_its_own_preprocessing() {
    let read = |id: &str| pack::Recipe::read(&repository("import/recipes").join(id).join("recipe.json")).unwrap();
    let (keras, torch) = (read("vgg16_keras"), read("vgg16_torchvision"));
    assert_eq!((keras.labels().len(), torch.labels().len()), (1000, 1000));
    assert_eq!(keras.labels()[285], "Egyptian_cat");
    let text = |recipe: &pack::Recipe| serde_json::to_value(&recipe.preprocessing).unwrap();
    assert_eq!(text(&keras)["channels"], "bgr");
    assert_eq!(text(&torch)["fit"], json!({ "kind": "centre_crop", "short_side": 256 }));
    assert_eq!(text(&read("vgg16_keras_notop")), text(&keras));
}
