//! Built-in architectures beside torchvision's networks: the same weights, by a formula, and the logits that these give.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use common::model;
use convscope::image::Image;
use convscope::model::{Folder, Packing};
use convscope::preprocess::Fit;
use convscope_import::architecture::architectures;
use convscope_import::pack::{self, Answers};
use serde_json::json;

const SIDE: u32 = 224;
const CLASSES: usize = 5;
/// Bytes of the largest file of weights that is made here; `CONVSCOPE_WHOLE` has all networks made, VGG's with 553 MB too.
const MOST: usize = 100 << 20;

/// The networks whose files are no larger.
const COMPARED: [&str; 9] = [
    "squeezenet1_0",
    "squeezenet1_1",
    "resnet18",
    "resnet34",
    "resnet50",
    "densenet121",
    "mobilenet_v2",
    "efficientnet_b0",
    "efficientnet_lite0",
];

/// Steele et al. 2014, splitmix64.
fn mixed(number: u64) -> u64 {
    let z = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Numbers from -1 to 1, by FNV-1a of the name.
fn noise(name: &str) -> impl Iterator<Item = f32> {
    let fnv = |seed: u64, byte| (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    let seed = name.bytes().fold(0xCBF2_9CE4_8422_2325, fnv);
    (0..).map(move |place| (mixed(seed.wrapping_add(place)) >> 40) as f32 / (1 << 23) as f32 - 1.0)
}

fn weight(name: &str, shape: &[usize]) -> impl Iterator<Item = f32> {
    let inner = shape[1..].iter().product::<usize>() as f64;
    let (scale, shift) = match shape.len() {
        4 => ((6.0 / inner).sqrt() as f32, 0.0),
        2 => ((3.0 / inner).sqrt() as f32, 0.0),
        _ if name.ends_with("running_var") => (0.5, 1.0),
        _ if name.ends_with("weight") => (0.25, 1.0),
        _ => (0.125, 0.0),
    };
    noise(name).take(shape.iter().product()).map(move |number| shift + scale * number)
}

/// A file of safetensors with those tensors.
fn write(path: &Path, shapes: &BTreeMap<String, Vec<usize>>) {
    let mut header = serde_json::Map::new();
    let mut end = 0;
    for (name, shape) in shapes {
        let start = end;
        end += 4 * shape.iter().product::<usize>();
        header.insert(name.clone(), json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, end] }));
    }
    let header = serde_json::to_vec(&header).unwrap();
    let mut file = BufWriter::new(File::create(path).unwrap());
    file.write_all(&(header.len() as u64).to_le_bytes()).unwrap();
    file.write_all(&header).unwrap();
    // The order of the offsets is that of the names.
    for (name, shape) in shapes {
        weight(name, shape).for_each(|number| file.write_all(&number.to_le_bytes()).unwrap());
    }
    file.flush().unwrap();
}

fn image() -> Image {
    let pixels = (SIDE * SIDE * 3) as usize;
    Image::from_rgb(SIDE, SIDE, noise("image").take(pixels).map(|number| (number * 127.5 + 127.5) as u8).collect())
        .unwrap()
}

#[test]
fn state_dicts_of_known_networks_give_torchvisions_logits() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/architectures.json");
    let expected: BTreeMap<String, Vec<f32>> = serde_json::from_slice(&std::fs::read(data).unwrap()).unwrap();
    let whole = std::env::var_os("CONVSCOPE_WHOLE").is_some();
    let image = Arc::new(image());
    let mut compared = vec![];
    // Keras's are torchvision's by other names.
    for architecture in architectures().filter(|one| expected.contains_key(one.id)) {
        let shapes = architecture.tensors(CLASSES);
        let bytes: usize = shapes.values().map(|shape| 4 * shape.iter().product::<usize>()).sum();
        if bytes > MOST && !whole {
            continue;
        }
        let place = tempfile::tempdir().unwrap();
        let (file, out) = (place.path().join("weights.safetensors"), place.path().join("model"));
        write(&file, &shapes);
        // The whole image, so that no pixel is looked for between others.
        let answers = Answers { fit: Some(Fit::Squash), ..Answers::default() };
        let summary = pack::run_with(&file, &answers, &out, Packing::F32).unwrap();
        let told = format!("took the architecture {}, since the tensors", architecture.id);
        assert!(summary.notes.iter().any(|note| note.to_string().starts_with(&told)), "{:?}", summary.notes);
        let seen = model(&Folder(out)).observe(image.clone()).unwrap();
        let mut classes = seen.classes().to_vec();
        classes.sort_by_key(|class| class.index);
        let expected = &expected[architecture.id];
        let largest = expected.iter().fold(1.0_f32, |most, logit| most.max(logit.abs()));
        assert_eq!(classes.len(), expected.len());
        for (class, expected) in classes.iter().zip(expected) {
            assert!(
                (class.logit - expected).abs() < 1e-3 * largest,
                "{}: {} for {expected}",
                architecture.id,
                class.logit
            );
        }
        let worst =
            classes.iter().zip(expected).map(|(class, expected)| (class.logit - expected).abs()).fold(0.0, f32::max);
        println!("{}: {} MB, largest difference {worst:.2e} of {largest:.3}", architecture.id, bytes >> 20);
        compared.push(architecture.id);
    }
    if whole {
        assert_eq!(compared.len(), expected.len());
    } else {
        assert_eq!(compared, COMPARED);
    }
}
