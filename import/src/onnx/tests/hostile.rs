//! Files that are wrong: a sentence, never a panic.

use super::build::{Graph, int, ints, tensor, text, values, whole};
use super::{keras, mixed, read, residual};
use crate::Options;

fn error(graph: &Graph) -> String {
    read(graph.bytes(), &Options::default()).unwrap_err()
}

/// Reads a damaged file, whose error is a sentence that says what to do; whether it is refused.
fn refused(bytes: Vec<u8>) -> bool {
    match read(bytes, &Options::default()) {
        Ok(_) => false,
        Err(error) => {
            assert!(error.contains(';') || error.contains("recipe"), "{error}");
            assert!(!error.contains(char::is_control), "{error:?}");
            true
        }
    }
}

#[test]
fn every_prefix_of_a_file_is_refused_or_read() {
    for graph in [keras(&[1.0; 5]), residual(), mixed()] {
        let bytes = graph.bytes();
        let count = (0..bytes.len()).filter(|&end| refused(bytes[..end].to_vec())).count();
        // What stands last may be left out by whoever writes such a file.
        assert!(count >= bytes.len() - 1, "{count} of {} are refused", bytes.len());
    }
}

#[test]
fn every_changed_byte_is_refused_or_read() {
    for graph in [keras(&[1.0; 5]), residual(), mixed()] {
        let bytes = graph.bytes();
        let changed = |place: usize, change: u8| {
            let mut changed = bytes.clone();
            changed[place] ^= change;
            changed
        };
        let count = (0..bytes.len()).flat_map(|place| [1, 0x80, 0xff].map(|change| changed(place, change)));
        let count = count.filter(|changed| refused(changed.clone())).count();
        // Most bytes are numbers and names, in which nothing is wrong: 31 to 52 % are refused.
        assert!(4 * count > 3 * bytes.len(), "{count} of {} are refused", 3 * bytes.len());
    }
}

/// Each node joins the constant before it to itself: 2^40 numbers in 2 KB, which the image does not need.
#[test]
fn constants_that_double_stay_small() {
    let mut graph = Graph::new("input", &[1, 3, 8, 8]).constant(whole("c0", &[1], &[7]));
    for index in 0..40 {
        let (input, output) = (format!("c{index}"), format!("c{}", index + 1));
        graph = graph.node("Concat", &output, &[&input, &input], &output, vec![int("axis", 0)]);
    }
    assert!(read(graph.node("Relu", "y", &["input"], "y", vec![]).output("y").bytes(), &Options::default()).is_ok());
}

#[test]
fn what_a_few_bytes_ask_for_again_and_again_is_refused() {
    let image = || Graph::new("input", &[1, 3, 8, 8]);
    // 2^32 ones; the product of a column and a row; one weight of a megabyte in 400 layers; more layers than nodes.
    let filled = image().constant(whole("sizes", &[2], &[1 << 20, 1 << 12]));
    let filled = filled.node("ConstantOfShape", "fill", &["sizes"], "ones", vec![]);
    let outer = image().constant(tensor("row", &[1, 40_000], &values(40_000)));
    let outer = outer.constant(tensor("column", &[40_000, 1], &values(40_000)));
    let outer = outer.node("Mul", "outer", &["row", "column"], "ones", vec![]);
    let mut shared = image()
        .constant(tensor("first", &[512, 3, 1, 1], &values(1536)))
        .constant(tensor("k", &[512, 512, 1, 1], &values(512 * 512)))
        .node("Conv", "conv", &["input", "first"], "c0", vec![]);
    for index in 0..400 {
        let (from, to) = (format!("c{index}"), format!("c{}", index + 1));
        shared = shared.node("Conv", &to, &[&from, "k"], &to, vec![]);
    }
    for graph in [filled, outer] {
        let text = error(&graph.node("Add", "add", &["input", "ones"], "out", vec![]).output("out"));
        assert!(text.contains("far more memory"), "{text}");
    }
    assert!(error(&shared.output("c400")).contains("far more memory"));
    let parts: Vec<String> = (0..6000).map(|index| format!("s{index}")).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let split = image().constant(tensor("wide", &[6000, 3, 1, 1], &values(18_000)));
    let split = split.node("Conv", "conv", &["input", "wide"], "x", vec![]).split("split", "x", &parts);
    let text = error(&split.node("Concat", "join", &parts, "out", vec![int("axis", 1)]).output("out"));
    assert!(text.contains("5000 layers"), "{text}");
    let own = |inner: &str| Graph::new("input", &[1, 3, 8, 8]).calls("own", inner).bytes();
    let text = read(own("own"), &Options::default()).unwrap_err();
    assert!(text.contains("own") && text.contains("more nodes"), "{text}");
    assert!(read(own("Relu"), &Options::default()).is_ok());
}

#[test]
fn noise_is_refused() {
    let mut state = 1_u64;
    for length in 0..2000 {
        let byte = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        let bytes: Vec<u8> = (0..length % 200).map(byte).collect();
        assert!(read(bytes, &Options::default()).is_err());
    }
}

#[test]
fn what_is_unsupported_is_named() {
    let image = || Graph::new("input", &[1, 3, 8, 8]).constant(tensor("k", &[2, 3, 3, 3], &values(54)));
    let one =
        |kind: &str, inputs: &[&str], attributes| image().node(kind, "it", inputs, "out", attributes).output("out");
    for (graph, parts) in [
        (one("Einsum", &["input"], vec![]), &["the node it (Einsum)", "not support"][..]),
        (one("Conv", &["input", "w"], vec![]), &["\"w\"", "no node before it"]),
        (one("Conv", &["input", "k"], vec![ints("strides", &[0, 1])]), &["stride", "of 0"]),
        (one("Conv", &["input", "k"], vec![ints("strides", &[-1, 1])]), &["strides [-1, 1]"]),
        (one("Conv", &["input", "k"], vec![ints("pads", &[1, 1])]), &["pads [1, 1], not 4"]),
        (one("Conv", &["input", "k"], vec![int("group", 2)]), &["2 groups"]),
        (one("Conv", &["input", "k"], vec![ints("dilations", &[9, 9])]), &["window of 19 pixels"]),
        (one("Conv", &["input", "k"], vec![text("auto_pad", "ODD")]), &["auto_pad ODD"]),
        (one("Conv", &["input"], vec![]), &["no input 1"]),
        (one("MaxPool", &["input"], vec![]), &["no kernel_shape"]),
        (one("MaxPool", &["input"], vec![ints("kernel_shape", &[1 << 40, 1])]), &["kernel_shape"]),
        (one("Softmax", &["input"], vec![int("axis", 2)]), &["axis 2"]),
        (one("Concat", &["input", "input"], vec![int("axis", 2)]), &["axis 2"]),
        (one("Transpose", &["input"], vec![ints("perm", &[3, 2, 1, 0])]), &["[3, 2, 1, 0]"]),
        (one("Div", &["input", "input"], vec![]), &["two feature maps"]),
        (one("MatMul", &["input", "k"], vec![]), &["matrix"]),
        (image().output("nothing"), &["nothing"]),
        (image().output("input"), &["does nothing"]),
        (Graph::new("input", &[1, 2, 8, 8]).output("input"), &["colour image"]),
        (Graph::new("input", &[1, 3, 1 << 40, 8]).output("input"), &["more than"]),
    ] {
        let text = error(&graph);
        assert!(parts.iter().all(|part| text.contains(part)), "{text}");
    }
    let second = Graph::new("input", &[1, 3, 8, 8]);
    let resize =
        second.constant(whole("shape", &[2], &[1, 100])).node("Reshape", "it", &["input", "shape"], "out", vec![]);
    assert!(error(&resize.output("out")).contains("[N, 3, 8, 8] to [1, 100]"));
}
