//! Files made to do harm, on the command line: each is answered by a sentence within two seconds of computing and 512 MB of address
//! space.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../tests/common/mod.rs"]
mod common;
mod program;

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output};

use convscope::export::Zip;
use convscope::image::Image;
use convscope::model::Codec;
use program::{standard_error, text};
use serde_json::json;

/// KiB of address space.
const MEMORY: u32 = 512 << 10;
/// Seconds of computing.
const SECONDS: u32 = 2;
/// Tensors of a file of very many.
const COUNT: usize = 40_000;

/// Runs the program with so much memory and time that a file made to do harm may not need more.
fn limited(arguments: &[&str]) -> Output {
    let script = format!("ulimit -v {MEMORY} && ulimit -t {SECONDS} && exec \"$@\"");
    let program = env!("CARGO_BIN_EXE_convscope");
    // Each thread has a stack and an allocator's arena of address space: no more of them on a larger machine.
    Command::new("sh")
        .args(["-c", &script, "sh", program])
        .args(arguments)
        .env("RAYON_NUM_THREADS", "2")
        .output()
        .unwrap()
}

/// Packs a file; gives the one sentence that refuses it.
#[track_caller]
fn refused(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    fs::write(&path, bytes).unwrap();
    let output = limited(&["pack", text(&path), "--out", text(&folder.join("out"))]);
    let errors = standard_error(&output);
    assert_eq!(output.status.code(), Some(1), "{name}: {errors}");
    assert_eq!(errors.lines().count(), 1, "{name}: {errors}");
    assert!(!folder.join("out").exists(), "{name}");
    errors
}

/// A number as protobuf has it.
fn number(mut rest: usize) -> Vec<u8> {
    let mut bytes = vec![];
    while rest > 127 {
        bytes.push((rest & 127) as u8 | 128);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

/// A field of protobuf with bytes.
fn field(tag: usize, content: &[u8]) -> Vec<u8> {
    [number(tag << 3 | 2), number(content.len()), content.to_vec()].concat()
}

/// A field of protobuf with a number.
fn whole(tag: usize, value: usize) -> Vec<u8> {
    [number(tag << 3), number(value)].concat()
}

fn node(op: &str, inputs: &[&str], output: &str) -> Vec<u8> {
    let mut parts: Vec<u8> = inputs.iter().flat_map(|input| field(1, input.as_bytes())).collect();
    parts.extend([field(2, output.as_bytes()), field(3, output.as_bytes()), field(4, op.as_bytes())].concat());
    // Along which axis a Concat joins; the others do not ask.
    parts.extend(field(5, &[field(1, b"axis"), whole(3, 0), whole(20, 2)].concat()));
    field(1, &parts)
}

/// A tensor of float32 numbers.
fn tensor(name: &str, shape: &[usize], values: &[u8]) -> Vec<u8> {
    let sizes: Vec<u8> = shape.iter().flat_map(|&size| whole(1, size)).collect();
    field(5, &[sizes, whole(2, 1), field(8, name.as_bytes()), field(9, values)].concat())
}

fn value(tag: usize, name: &str, shape: &[usize]) -> Vec<u8> {
    let sizes: Vec<u8> = shape.iter().flat_map(|&size| field(1, &whole(1, size))).collect();
    let kind = field(1, &[whole(1, 1), field(2, &sizes)].concat());
    field(tag, &[field(1, name.as_bytes()), field(2, &kind)].concat())
}

fn onnx(parts: &[Vec<u8>], output: &str) -> Vec<u8> {
    let ends = [value(11, "x", &[1, 3, 8, 8]), value(12, output, &[1, 3, 8, 8])].concat();
    [whole(1, 8), field(7, &[parts.concat(), ends].concat()), field(8, &whole(2, 13))].concat()
}

#[test]
fn files_of_weights_that_ask_for_more_than_they_hold() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    // 1.9 MB of a pickle that make 300,000 tensors of 400,000 sizes each, by way of the memo.
    let storage = b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x01tQq\x01";
    let pickle = [
        &b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\nq\x00"[..],
        storage,
        b"(",
        &b"K\x01".repeat(400_000),
        b"tq\x02(h\x01K\x00h\x02h\x02tq\x03",
        &b"h\x00h\x03R".repeat(220_000),
        b".",
    ];
    refused(place, "memo.pth", &pickle.concat());
    // One weight of 4 MB read by thousands of convolutions.
    let mut parts = vec![
        tensor("first", &[1024, 3, 1, 1], &vec![0; 4 * 1024 * 3]),
        tensor("again", &[1024, 1024, 1, 1], &vec![0; 4 << 20]),
        node("Conv", &["x", "first"], "c0"),
    ];
    for index in 0..4900 {
        parts.push(node("Conv", &[&format!("c{index}"), "again"], &format!("c{}", index + 1)));
    }
    let said = refused(place, "shared.onnx", &onnx(&parts, "c4900"));
    assert!(said.contains("far more memory"), "{said}");
    // A weight without numbers.
    let parts = [tensor("none", &[0, 3, 1, 1], &[]), node("Conv", &["x", "none"], "y")];
    refused(place, "zero.onnx", &onnx(&parts, "y"));
    // Constants that double forty times, which the graph needs.
    let one = field(5, &[whole(1, 1), whole(2, 1), field(8, b"c0"), field(9, &[0; 4])].concat());
    let mut parts = vec![one];
    for index in 0..40 {
        let input = format!("c{index}");
        parts.push(node("Concat", &[&input, &input], &format!("c{}", index + 1)));
    }
    parts.push(node("Add", &["x", "c40"], "y"));
    refused(place, "doubled.onnx", &onnx(&parts, "y"));
}

#[test]
fn configurations_of_keras_that_ask_for_more_than_they_hold() {
    let place = tempfile::tempdir().unwrap();
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/official/odd.h5");
    let archive = |config: &str| {
        let mut zip = Zip::default();
        zip.add("config.json", config.as_bytes()).unwrap();
        zip.add("model.weights.h5", &fs::read(&weights).unwrap()).unwrap();
        zip.finish().unwrap()
    };
    // A long name around thousands of layers, each of which has it in its path.
    let layer =
        |class: &str, inner: &str| format!(r#"{{"class_name":"{class}","config":{{"name":"a","layers":[{inner}]}}}}"#);
    let convolutions = [r#"{"class_name":"Conv2D","config":{"name":"a"}}"#; 9000].join(",");
    let around = layer(&"A".repeat(200_000), &convolutions);
    refused(place.path(), "around.keras", &archive(&layer("Sequential", &around)));
    // As many values as so many bytes can hold.
    let said = refused(place.path(), "long.keras", &archive(&format!("[{}0]", "{\"\":0},".repeat(4_000_000))));
    assert!(said.contains("configuration"), "{said}");
    refused(place.path(), "most.keras", &archive(&format!("[{}0]", "{\"\":0},".repeat(590_000))));
}

#[test]
fn files_of_many_tensors_that_no_architecture_has() {
    let place = tempfile::tempdir().unwrap();
    let tensor = |index: usize| {
        let offset = 4 * index;
        format!(r#""layer{index}.conv.weight":{{"dtype":"F32","shape":[1],"data_offsets":[{offset},{}]}}"#, offset + 4)
    };
    let header = format!("{{{}}}", (0..COUNT).map(tensor).collect::<Vec<_>>().join(","));
    let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![0; 4 * COUNT]].concat();
    let said = refused(place.path(), "many.safetensors", &bytes);
    assert!(said.contains("weights only"), "{said}");
}

#[test]
fn files_that_never_end_or_are_mostly_holes() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let hole = |name: &str, start: &[u8]| {
        let path = place.path().join(name);
        fs::write(&path, start).unwrap();
        File::options().write(true).open(&path).unwrap().set_len(3 << 30).unwrap();
        path
    };
    // As safetensors begin, with a header longer than any; as ONNX does; as nothing does.
    let safetensors = [&(2_u64 << 30).to_le_bytes()[..], b"{"].concat();
    let sources = [hole("a.safetensors", &safetensors), hole("b.onnx", &[8, 8, 58]), hole("c.bin", &[0])];
    for source in sources.iter().map(|path| text(path)).chain(["/dev/zero"]) {
        let output = limited(&["pack", source, "--out", text(&out)]);
        let errors = standard_error(&output);
        assert_eq!((output.status.code(), errors.lines().count()), (Some(1), 1), "{source}: {errors}");
    }
}

#[test]
fn packed_models_whose_tensors_lie_over_the_same_bytes() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("model");
    fs::create_dir(&folder).unwrap();
    let mut model = common::tiny(Codec::F32, 1000);
    model.edit(|manifest| {
        let (name, entry) =
            manifest["tensors"].as_object().unwrap().iter().next().map(|(n, e)| (n.clone(), e.clone())).unwrap();
        for index in 0..50_000 {
            manifest["tensors"][format!("{name}{index}")] = entry.clone();
        }
    });
    for (name, bytes) in &model.0 {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let output = limited(&["pack", text(&folder), "--unmeasured", "--out", text(&place.path().join("out"))]);
    let errors = standard_error(&output);
    // Whether it is packed, without what nothing reads, or refused: it takes no more than it may.
    assert!(matches!(output.status.code(), Some(0 | 1)), "{errors}");
}

#[test]
fn images_of_which_little_is_looked_at() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("models/cropped");
    fs::create_dir_all(&folder).unwrap();
    let mut model = common::tiny(Codec::F32, 1000);
    model.edit(|manifest| manifest["preprocessing"]["fit"] = json!({ "kind": "centre_crop", "short_side": 256 }));
    for (name, bytes) in &model.0 {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let line = place.path().join("line.png");
    fs::write(&line, Image::from_rgb(16_384, 1, vec![99; 3 * 16_384]).unwrap().png().unwrap()).unwrap();
    let models = place.path().join("models");
    let models = ["--model", "cropped", "--device", "cpu", "--weights", text(&models)];
    let output = limited(&[&["classify", text(&line)][..], &models].concat());
    assert!(output.status.success(), "{}", standard_error(&output));
    // A progressive JPEG of 4,096 x 4,096 pixels that says nothing in 20,000 scans.
    let header =
        [&[0xff, 0xd8, 0xff, 0xdb, 0, 67, 0][..], &[1; 64], &[0xff, 0xc2, 0, 11, 8, 16, 0, 16, 0, 1, 1, 0x11, 0]];
    let table = [&[0xff, 0xc4, 0, 20, 0, 1][..], &[0; 15], &[0]];
    let scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0x10, 0x00];
    let jpeg = [header.concat(), table.concat(), scan.repeat(20_000), vec![0xff, 0xd9]].concat();
    let path = place.path().join("scans.jpg");
    fs::write(&path, jpeg).unwrap();
    let output = limited(&[&["classify", text(&path)][..], &models].concat());
    let errors = standard_error(&output);
    // Whether it is taken for an image or refused, the program comes to its end by itself.
    assert!(matches!(output.status.code(), Some(0 | 1)), "{errors}");
}
