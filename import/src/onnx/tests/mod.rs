//! Small ONNX files of the kinds that exporters write, run by slow loops and compared with what onnxruntime 1.32.0 gave for the
//! same bytes.

mod build;
mod external;
mod graphs;
mod hostile;
mod layouts;
mod pattern;
mod pools;
mod run;
mod run_more;

use self::build::{Graph, tensor, values};
use self::graphs::{keras, mixed, residual, shifted};
use self::run::{image, run};
use crate::{Imported, Options};
use convscope_core::nn::{Conv2d, MaxPool, Op, Pad, Padding};

const EVEN: [f32; 5] = [0.5, 1.5, 1.0, 0.75, 1.25];
const UNEVEN: [f32; 5] = [0.01, 1.5, 1.0, 0.75, 12.5];

/// Reads a file that lies nowhere.
fn read(bytes: Vec<u8>, options: &Options) -> Result<Imported, String> {
    super::read(bytes, "".into(), options).map_err(|fault| fault.to_string())
}

fn import(graph: &Graph) -> Imported {
    read(graph.bytes(), &Options::default()).unwrap()
}

fn op<'a>(imported: &'a Imported, name: &str) -> &'a Op {
    let node = imported.nodes.iter().find(|node| node.name == name);
    &node.unwrap_or_else(|| panic!("no {name} in {:?}", names(imported))).op
}

fn names(imported: &Imported) -> Vec<&str> {
    imported.nodes.iter().map(|node| node.name.as_str()).collect()
}

#[track_caller]
fn close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-5 * expected.abs().max(1.0), "{found} instead of {expected}");
    }
}

#[test]
fn keras_ends_channels_first() {
    let options = Options { strip_scope_suffix: true, ..Options::default() };
    let imported = read(keras(&EVEN).bytes(), &options).unwrap();
    let expected = ["conv/linear", "conv", "flatten", "dense/linear", "dense", "dense_1", "dense_1/softmax"];
    assert_eq!(names(&imported), expected);
    assert_eq!(imported.input.size, Some([6, 5]));
    assert_eq!(
        (imported.logits.as_deref(), imported.probabilities.as_deref()),
        (Some("dense_1"), Some("dense_1/softmax"))
    );
    let results = run(&imported, &image(3, 6, 5), [3, 6, 5]);
    close(&results["dense_1"], &KERAS);

    let renamed = Options { rename: [("dense".into(), "fc".into())].into(), until: Some("fc".into()), ..options };
    let cut = read(keras(&[1.0; 5]).bytes(), &renamed).unwrap();
    assert_eq!(names(&cut), ["conv/linear", "conv", "flatten", "fc/linear", "fc"]);
    assert_eq!((cut.logits, cut.tensors.contains_key("fc/weight")), (None, true));
}

#[test]
fn an_uneven_batch_normalization_stays_by_itself() {
    let options = Options { strip_scope_suffix: true, ..Options::default() };
    let imported = read(keras(&UNEVEN).bytes(), &options).unwrap();
    assert!(names(&imported).contains(&"batch_normalization"), "{:?}", names(&imported));
    let results = run(&imported, &image(3, 6, 5), [3, 6, 5]);
    close(&results["dense_1"], &KERAS_UNEVEN);
}

#[test]
fn a_residual_network_gets_a_softmax() {
    let imported = import(&residual());
    let expected = [
        "conv1",
        "relu",
        "layer1.0.conv2",
        "layer1.0.downsample",
        "layer1.0",
        "layer1.0.relu",
        "pool",
        "fc",
        "fc/softmax",
    ];
    assert_eq!(names(&imported), expected);
    assert_eq!(imported.tensors["fc/weight"].shape, [6, 5]);
    assert!(!imported.tensors.contains_key("layer1.0.downsample/bias"), "a bias of zeros is none");
    assert!(imported.notes[0].to_string().contains("fc/softmax"), "{:?}", imported.notes);
    let results = run(&imported, &image(3, 9, 9), [3, 9, 9]);
    close(&results["fc"], &RESIDUAL);
}

#[test]
fn branches_groups_and_paddings() {
    let imported = import(&mixed());
    assert!(!imported.nodes.iter().any(|node| node.name.contains("normalization")), "{:?}", names(&imported));
    assert!(
        matches!(op(&imported, "bn"), Op::Conv2d(Conv2d { groups: 8, .. })),
        "a normalization between concat and ReLU stays"
    );
    let Op::MaxPool(MaxPool { padding, ceil_mode: true, .. }) = op(&imported, "pool") else { panic!("the pool") };
    assert_eq!(*padding, Padding::default(), "zeros are no padding of the pool's own");
    assert_eq!(*op(&imported, "pad"), Pad { padding: Padding { top: 1, left: 0, bottom: 0, right: 1 } }.into());
    let results = run(&imported, &image(3, 8, 7), [3, 8, 7]);
    close(&results["fc"], &MIXED);
}

#[test]
fn a_shift_does_not_reach_the_padding_behind_it() {
    let folded = import(&shifted(&[0; 4]));
    assert_eq!(names(&folded), ["relu", "conv"]);
    close(&run(&folded, &image(3, 4, 4), [3, 4, 4])["conv"], &SHIFTED);
    let kept = import(&shifted(&[1; 4]));
    assert_eq!(names(&kept), ["relu", "add", "conv"]);
    close(&run(&kept, &image(3, 4, 4), [3, 4, 4])["conv"], &SHIFTED_PADDED);
}

#[test]
fn operations_behind_the_cut_need_not_be_known() {
    let graph = residual().node("Erf", "odd", &["11"], "12", vec![]).output("12");
    let error = read(graph.bytes(), &Options::default()).unwrap_err();
    assert!(error.contains("odd (Erf)") && error.contains("until"), "{error}");
    let until = |name: &str| Options { until: Some(name.into()), ..Options::default() };
    assert_eq!(names(&read(graph.bytes(), &until("relu")).unwrap()), ["conv1", "relu"]);
    let error = read(graph.bytes(), &until("relu9")).unwrap_err();
    assert!(error.contains("relu9") && error.contains("layer1.0.relu"), "{error}");
}

#[test]
fn a_size_that_does_not_fit_is_the_size_s_fault() {
    let graph = Graph::new("input", &[1, 3, 4, 4])
        .constant(tensor("w", &[48, 2], &values(96)))
        .node("Flatten", "flatten", &["input"], "f", vec![])
        .node("Gemm", "fc", &["f", "w"], "out", vec![])
        .output("out");
    let error = read(graph.bytes(), &Options { size: Some([8, 6]), ..Options::default() }).unwrap_err();
    assert!(error.contains("4 x 4") && error.contains("6 x 8") && !error.contains("Gemm"), "{error}");
}

#[test]
fn training_mode_is_noted_once_and_unknown_operations_say_what_is_known() {
    let bn = |graph: Graph, name: &str, from: &str| {
        let inputs = [from, "g", "g", "g", "g"];
        graph.node("BatchNormalization", name, &inputs, name, vec![build::int("training_mode", 1)])
    };
    let graph = Graph::new("input", &[1, 3, 4, 4]).constant(tensor("g", &[3], &[1.0; 3]));
    let graph = bn(bn(graph, "b1", "input"), "b2", "b1");
    let notes = import(&graph.clone().output("b2")).notes;
    assert_eq!(notes.iter().filter(|note| note.to_string().contains("training mode")).count(), 1, "{notes:?}");
    let odd = graph.node("Mish", "odd", &["b2"], "out", vec![]).output("out");
    let error = read(odd.bytes(), &Options::default()).unwrap_err();
    assert!(error.contains("odd (Mish)") && error.contains("later version") && error.contains("pools"), "{error}");
}

#[test]
fn feature_maps_are_not_rounded_by_a_cast() {
    let graph = Graph::new("input", &[1, 3, 4, 4])
        .node("Cast", "cast", &["input"], "out", vec![build::int("to", 2)])
        .output("out");
    let error = read(graph.bytes(), &Options::default()).unwrap_err();
    assert!(error.contains("rounds feature maps"), "{error}");
}

/// Files for renewing `expected.rs` with another runtime: images are those of [`image`], the value compared is `a3` of the first
/// two and the output of the others.
#[test]
#[ignore = "writes the files into the temporary folder"]
fn write_files() {
    let folder = std::env::temp_dir().join("convscope-onnx");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, graph) in [
        ("KERAS", keras(&EVEN)),
        ("KERAS_UNEVEN", keras(&UNEVEN)),
        ("RESIDUAL", residual()),
        ("MIXED", mixed()),
        ("SHIFTED", shifted(&[0; 4])),
        ("SHIFTED_PADDED", shifted(&[1; 4])),
    ] {
        std::fs::write(folder.join(name), graph.bytes()).unwrap();
    }
}

include!("expected.rs");
