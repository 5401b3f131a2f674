//! Packed models: any shard size loads to the same network, and every kind of damage is said in a sentence.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{Memory, Noise, model, pack, tiny};
use convscope::device::Opened;
use convscope::image::Image;
use convscope::model::{Codec, FORMAT, Folder, Model, Progress, column_chunks, decode, encode, load};
use pollster::block_on;
use serde_json::json;

fn try_load(memory: &Memory) -> Result<Model, convscope::Error> {
    block_on(load(memory, &Opened::cpu(), |_| {}))
}

fn refused(edit: impl FnOnce(&mut Memory)) -> String {
    let mut memory = tiny(Codec::Int8, 300);
    edit(&mut memory);
    match try_load(&memory) {
        Ok(_) => panic!("the damaged model was loaded"),
        Err(convscope::Error::Weights(what)) => what.to_string(),
        Err(error) => panic!("the wrong kind of error: {error:?}"),
    }
}

fn logits(memory: &Memory) -> Vec<f32> {
    let mut noise = Noise(1);
    let rgb = (0..192).map(|_| noise.below(256) as u8).collect();
    let mut classes = model(memory).observe(Image::from_rgb(8, 8, rgb).unwrap()).unwrap().classes().to_vec();
    classes.sort_by_key(|class| class.index);
    classes.iter().map(|class| class.logit).collect()
}

#[test]
fn shards_of_any_size_give_the_same_network() {
    for codec in [Codec::F32, Codec::F16, Codec::Int8, Codec::Int4] {
        let whole = logits(&tiny(codec, 1_000_000));
        for shard in [1, 7, 64, 333] {
            assert_eq!(logits(&tiny(codec, shard)), whole, "{codec:?} in shards of {shard}");
        }
    }
}

#[test]
fn codecs_lose_no_more_than_they_say() {
    let exact = logits(&tiny(Codec::F32, 1000));
    let scale = exact.iter().fold(0_f32, |scale, value| scale.max(value.abs()));
    for (codec, bound) in [(Codec::F16, 2e-3), (Codec::Int8, 3e-2), (Codec::Int4, 0.3)] {
        for (value, expected) in logits(&tiny(codec, 1000)).iter().zip(&exact) {
            assert!((value - expected).abs() <= bound * scale, "{codec:?}: {value} for {expected}");
        }
    }
}

#[test]
fn a_dense_layer_of_vgg16s_height_is_loaded_in_chunks() {
    // 25116 inputs, as VGG16's first dense layer has 25088, and 1024 of its 4096 outputs: 103 MB of float32, two chunks.
    let (height, width, classes) = (91, 92, 1024);
    let rows = 3 * height * width;
    let weight: Vec<f32> = Noise(4).many(rows * classes);
    let nodes = json!([
        { "name": "flat", "op": "flatten", "inputs": ["input"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "w" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let parameters = [("w".to_owned(), vec![rows, classes], weight)];
    let memory = pack([width as u32, height as u32], nodes, &[], classes, &parameters, Codec::Int4, 4_000_000);
    let model = model(&memory);
    assert_eq!(column_chunks(rows, classes, 64 << 20).collect::<Vec<_>>(), [0..667, 667..classes]);
    let mut noise = Noise(1);
    let rgb: Vec<u8> = (0..rows).map(|_| noise.below(256) as u8).collect();
    let image = Image::from_rgb(width as u32, height as u32, rgb.clone()).unwrap();
    let mut actual = model.observe(image).unwrap().classes().to_vec();
    actual.sort_by_key(|class| class.index);
    // By hand, from the tensor read as a whole.
    let bytes = encode(Codec::Int4, &parameters[0].2, &[rows, classes], 1).unwrap();
    let weight = decode(Codec::Int4, &bytes, &[rows, classes], 1);
    let mut expected = vec![0_f64; classes];
    for (row, weights) in weight.chunks_exact(classes).enumerate() {
        let (channel, place) = (row / (height * width), row % (height * width));
        let input = f64::from(rgb[3 * place + channel]) / 255.0;
        for (expected, weight) in expected.iter_mut().zip(weights) {
            *expected += input * f64::from(*weight);
        }
    }
    for (class, expected) in actual.iter().zip(&expected) {
        assert!((f64::from(class.logit) - expected).abs() < 1e-2, "{}: {} for {expected}", class.index, class.logit);
    }
    // The codec's own error: a tenth of the numbers or less, and as much of the logits.
    let exact = |class: usize| {
        let of_row = |row: usize| {
            f64::from(parameters[0].2[row * classes + class])
                * f64::from(rgb[3 * (row % (height * width)) + row / (height * width)])
                / 255.0
        };
        (0..rows).map(of_row).sum::<f64>()
    };
    let exact: Vec<f64> = (0..classes).map(exact).collect();
    let square = |numbers: &mut dyn Iterator<Item = f64>| numbers.map(|number| number * number).sum::<f64>();
    let lost = square(&mut exact.iter().zip(&expected).map(|(exact, expected)| exact - expected))
        / square(&mut exact.iter().copied());
    assert!(lost.sqrt() < 0.1, "{}", lost.sqrt());
}

#[test]
fn progress_counts_every_byte() {
    let memory = tiny(Codec::Int8, 100);
    let mut seen: Vec<Progress> = vec![];
    block_on(load(&memory, &Opened::cpu(), |progress| seen.push(progress))).unwrap();
    let total: u64 = memory.0.iter().filter(|(name, _)| name.ends_with(".bin")).map(|(_, b)| b.len() as u64).sum();
    assert!(seen.iter().all(|progress| progress.total == total));
    assert!(seen.windows(2).all(|pair| pair[0].done <= pair[1].done));
    assert_eq!(seen.last().map(|progress| progress.done), Some(total));
}

#[test]
fn a_folder_loads_like_memory() {
    let memory = tiny(Codec::F16, 200);
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &memory.0 {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let from_folder = block_on(load(&Folder(folder.path().into()), &Opened::cpu(), |_| {})).unwrap();
    let from_memory = try_load(&memory).unwrap();
    assert_eq!((from_folder.hash, from_folder.manifest), (from_memory.hash, from_memory.manifest));

    std::fs::remove_file(folder.path().join("weights-01.bin")).unwrap();
    let error = block_on(load(&Folder(folder.path().into()), &Opened::cpu(), |_| {})).unwrap_err().to_string();
    assert!(error.contains("weights-01.bin"), "{error}");
}

#[test]
fn a_damaged_shard_is_named() {
    let changed = refused(|memory| memory.0.get_mut("weights-01.bin").unwrap()[5] ^= 1);
    assert!(changed.contains("weights-01.bin") && changed.contains("SHA-256"), "{changed}");
    let short = refused(|memory| memory.0.get_mut("weights-00.bin").unwrap().truncate(299));
    assert!(short.contains("weights-00.bin has 299 bytes instead of 300"), "{short}");
    let long = refused(|memory| memory.0.get_mut("weights-00.bin").unwrap().push(0));
    assert!(long.contains("301 bytes instead of 300"), "{long}");
    let missing = refused(|memory| drop(memory.0.remove("weights-01.bin")));
    assert!(missing.contains("weights-01.bin"), "{missing}");
}

#[test]
fn a_manifest_that_does_not_fit_is_refused() {
    let newer = refused(|memory| memory.edit(|json| json["format"] = json!(FORMAT + 1)));
    assert!(newer.contains("format 4, newer than the 3") && newer.contains("update"), "{newer}");
    let unknown = refused(|memory| memory.edit(|json| json["nodes"][1]["op"] = json!("swish")));
    assert!(unknown.contains("the node a has the unknown op swish"), "{unknown}");
    let cut = refused(|memory| {
        let json = memory.0.get_mut("model.json").unwrap();
        json.truncate(json.len() / 2);
    });
    assert!(cut.contains("not JSON"), "{cut}");

    type Edit = fn(&mut serde_json::Value);
    let edits: [(&str, Edit); 14] = [
        ("no node before it", |json| json["nodes"][1]["inputs"] = json!(["nowhere"])),
        ("already taken", |json| json["nodes"][1]["name"] = json!("a/linear")),
        ("takes one input", |json| json["nodes"][1]["inputs"] = json!(["a/linear", "a/linear"])),
        ("missing tensor", |json| json["nodes"][0]["weight"] = json!("x.w")),
        ("in 3 groups", |json| json["nodes"][0]["groups"] = json!(3)),
        ("of 0", |json| json["nodes"][2]["stride"] = json!([0, 2])),
        ("window of 99", |json| json["nodes"][2]["kernel"] = json!([99, 99])),
        ("different sizes", |json| json["nodes"][8]["inputs"] = json!(["sum", "a"])),
        ("for 2 labels", |json| drop(json["labels"].as_array_mut().unwrap().pop())),
        ("is no node", |json| json["taps"] = json!(["z"])),
        ("behind the last shard", |json| json["tensors"]["d.b"]["offset"] = json!(1_000_000)),
        ("has 13 bytes", |json| json["tensors"]["d.b"]["bytes"] = json!(13)),
        ("plain file name", |json| json["shards"][0]["file"] = json!("../secret.bin")),
        ("divides by 0", |json| json["preprocessing"]["std"] = json!([0, 1, 1])),
    ];
    for (expected, edit) in edits {
        let said = refused(|memory| memory.edit(edit));
        assert!(said.contains(expected), "{said:?} does not say {expected:?}");
    }
    // Sizes that overflow must not pass as small ones.
    let huge =
        refused(|memory| memory.edit(|json| json["tensors"]["a.w"]["shape"] = json!([1_u64 << 40, 1_u64 << 40])));
    assert!(huge.contains("a.w"), "{huge}");
}
