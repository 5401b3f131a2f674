//! Small ONNX files of the kinds that exporters write, run by slow loops and compared with what onnxruntime 1.32.0 gave for the
//! same bytes.

mod build;
mod external;
mod hostile;
mod pattern;
mod pools;
mod run;

use self::build::{Graph, ints, tensor, values, whole};
use self::run::{picture, run};
use crate::{Imported, Options};
use convscope_core::nn::{Conv2d, MaxPool, Op, Pad, Padding};

const EVEN: [f32; 5] = [0.5, 1.5, 1.0, 0.75, 1.25];
const UNEVEN: [f32; 5] = [0.01, 1.5, 1.0, 0.75, 12.5];

/// Reads a file that lies nowhere.
fn read(bytes: Vec<u8>, options: &Options) -> Result<Imported, String> {
    super::read(bytes, "".as_ref(), options).map_err(|fault| fault.to_string())
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

/// What tf2onnx makes of a Keras 3 model: channels last outside, a computed shape before the flatten, batch normalization as Mul and
/// Add behind a rectifier.
fn keras(bn_scale: &[f32]) -> Graph {
    Graph::new("input", &[0, 6, 5, 3])
        .constant(tensor("k1", &[4, 3, 3, 3], &values(108)))
        .constant(tensor("b1", &[4], &values(4)))
        .constant(tensor("k2", &[24, 5], &values(120)))
        .constant(tensor("b2", &[5], &values(5)))
        .constant(tensor("bn_mul", &[5], bn_scale))
        .constant(tensor("bn_sub", &[5], &values(5)))
        .constant(tensor("k3", &[5, 3], &values(15)))
        .constant(tensor("b3", &[3], &values(3)))
        .constant(whole("perm_n", &[4], &[0, 3, 1, 2]))
        .constant(whole("zero", &[1], &[0]))
        .constant(whole("one", &[1], &[1]))
        .constant(build::whole32("rest", &[1], &[24]))
        .node("Transpose", "f/conv_1/BiasAdd__6", &["input"], "x", vec![ints("perm", &[0, 3, 1, 2])])
        .node(
            "Conv",
            "f/conv_1/BiasAdd",
            &["x", "k1", "b1"],
            "c",
            vec![ints("pads", &[0, 0, 1, 1]), ints("strides", &[2, 2])],
        )
        .node("Relu", "f/conv_1/Relu", &["c"], "r", vec![])
        .node("Transpose", "Transpose__90", &["r"], "t", vec![ints("perm", &[0, 2, 3, 1])])
        .node("Shape", "Shape__94", &["r"], "s", vec![])
        .node("Gather", "Gather__97", &["s", "perm_n"], "g", vec![])
        .node("Cast", "f/flatten_1/Shape", &["g"], "g6", vec![build::int("to", 6)])
        .node("Slice", "f/flatten_1/strided_slice", &["g6", "zero", "one", "zero"], "n", vec![])
        .node("Concat", "f/flatten_1/concat", &["n", "rest"], "sh", vec![build::int("axis", 0)])
        .node("Cast", "f/flatten_1/cast", &["sh"], "sh7", vec![build::int("to", 7)])
        .node("Reshape", "f/flatten_1/Reshape", &["t", "sh7"], "v", vec![])
        .node("MatMul", "f/dense_1/MatMul", &["v", "k2"], "m2", vec![])
        .node("Add", "f/dense_1/BiasAdd", &["m2", "b2"], "a2", vec![])
        .node("Relu", "f/dense_1/Relu", &["a2"], "r2", vec![])
        .node("Mul", "f/batch_normalization_1/batchnorm/mul_1", &["r2", "bn_mul"], "bm", vec![])
        .node("Add", "f/batch_normalization_1/batchnorm/add_1", &["bn_sub", "bm"], "bn", vec![])
        .node("MatMul", "f/dense_1_2/MatMul", &["bn", "k3"], "m3", vec![])
        .node("Add", "f/dense_1_2/BiasAdd", &["m3", "b3"], "a3", vec![])
        .node("Softmax", "f/dense_1_2/Softmax", &["a3"], "out", vec![])
        .output("out")
}

#[test]
fn keras_ends_channels_first() {
    let options = Options { strip_scope_suffix: true, ..Options::default() };
    let imported = read(keras(&EVEN).bytes(), &options).unwrap();
    let expected = ["conv/linear", "conv", "flatten", "dense/linear", "dense", "dense_1", "dense_1/softmax"];
    assert_eq!(names(&imported), expected);
    assert_eq!(imported.input_size, Some([6, 5]));
    assert_eq!(
        (imported.logits.as_deref(), imported.probabilities.as_deref()),
        (Some("dense_1"), Some("dense_1/softmax"))
    );
    let results = run(&imported, &picture(3, 6, 5), [3, 6, 5]);
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
    let results = run(&imported, &picture(3, 6, 5), [3, 6, 5]);
    close(&results["dense_1"], &KERAS_UNEVEN);
}

/// What PyTorch exports of a residual network, without a softmax.
fn residual() -> Graph {
    let bn = |graph: Graph, prefix: &str, channels: usize| {
        let variance: Vec<f32> = values(channels).iter().map(|value| value.abs() + 0.5).collect();
        let size = [channels as i64];
        graph
            .constant(tensor(&format!("{prefix}.g"), &size, &values(channels)))
            .constant(tensor(&format!("{prefix}.b"), &size, &values(channels)))
            .constant(tensor(&format!("{prefix}.m"), &size, &values(channels)))
            .constant(tensor(&format!("{prefix}.v"), &size, &variance))
    };
    let pads = || vec![ints("pads", &[1, 1, 1, 1]), ints("strides", &[2, 2])];
    bn(bn(Graph::new("input", &[1, 3, 9, 9]), "bn1", 4), "bn2", 6)
        .constant(tensor("c1", &[4, 3, 3, 3], &values(108)))
        .constant(tensor("c2", &[6, 4, 3, 3], &values(216)))
        .constant(tensor("c3", &[6, 4, 1, 1], &values(24)))
        .constant(tensor("w", &[5, 6], &values(30)))
        .constant(tensor("b", &[5], &values(5)))
        .node("Conv", "/conv1/Conv", &["input", "c1"], "1", pads())
        .node("BatchNormalization", "/bn1/BatchNormalization", &["1", "bn1.g", "bn1.b", "bn1.m", "bn1.v"], "2", vec![])
        .node("Relu", "/relu/Relu", &["2"], "3", vec![])
        .node("Conv", "/layer1/layer1.0/conv2/Conv", &["3", "c2"], "4", pads())
        .node("BatchNormalization", "/layer1/layer1.0/bn2/B", &["4", "bn2.g", "bn2.b", "bn2.m", "bn2.v"], "5", vec![])
        .node("Conv", "/layer1/layer1.0/downsample/Conv", &["3", "c3"], "6", vec![ints("strides", &[2, 2])])
        .node("Add", "/layer1/layer1.0/Add", &["5", "6"], "7", vec![])
        .node("Relu", "/layer1/layer1.0/relu/Relu", &["7"], "8", vec![])
        .node("GlobalAveragePool", "/pool/GlobalAveragePool", &["8"], "9", vec![])
        .node("Flatten", "/Flatten", &["9"], "10", vec![])
        .node("Gemm", "/fc/Gemm", &["10", "w", "b"], "11", vec![build::int("transB", 1)])
        .output("11")
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
    assert!(imported.notes[0].contains("fc/softmax"), "{:?}", imported.notes);
    let results = run(&imported, &picture(3, 9, 9), [3, 9, 9]);
    close(&results["fc"], &RESIDUAL);
}

/// Branches, groups, paddings of every kind, channels joined, scaled input.
fn mixed() -> Graph {
    Graph::new("input", &[0, 8, 7, 3])
        .constant(tensor("mean", &[3], &[0.1, 0.2, 0.3]))
        .constant(tensor("std", &[1], &[2.0]))
        .constant(tensor("low", &[], &[0.0]))
        .constant(tensor("high", &[], &[1.5]))
        .constant(tensor("k1", &[4, 3, 2, 2], &values(48)))
        .constant(tensor("k2", &[4, 2, 3, 3], &values(72)))
        .constant(tensor("k3", &[4, 4, 3, 1], &values(48)))
        .constant(tensor("scale", &[1, 8, 1, 1], &values(8)))
        .constant(tensor("shift", &[8, 1, 1], &values(8)))
        .constant(whole("pads", &[8], &[0, 0, 1, 0, 0, 0, 0, 1]))
        .constant(tensor("w", &[8, 3], &values(24)))
        .constant(tensor("b", &[1, 3], &values(3)))
        .node("Sub", "m/normalization/sub", &["input", "mean"], "i1", vec![])
        .node("Div", "m/normalization/truediv", &["i1", "std"], "i2", vec![])
        .node("Transpose", "t1", &["i2"], "x", vec![ints("perm", &[0, 3, 1, 2])])
        .node("Conv", "m/stem/Conv2D", &["x", "k1"], "c1", vec![])
        .node("Clip", "m/stem/Relu6", &["c1", "low", "high"], "r1", vec![])
        .node(
            "Conv",
            "m/grouped/Conv2D",
            &["r1", "k2"],
            "c2",
            vec![build::int("group", 2), build::text("auto_pad", "SAME_UPPER")],
        )
        .node(
            "Conv",
            "m/holes/Conv2D",
            &["r1", "k3"],
            "c3",
            vec![ints("dilations", &[2, 1]), ints("pads", &[2, 0, 2, 0])],
        )
        .node("Concat", "m/join/concat", &["c2", "c3"], "j", vec![build::int("axis", 1)])
        .node("Mul", "m/bn/batchnorm/mul_1", &["scale", "j"], "j1", vec![])
        .node("Add", "m/bn/batchnorm/add_1", &["j1", "shift"], "j2", vec![])
        .node("Relu", "m/relu/Relu", &["j2"], "r2", vec![])
        .node("Dropout", "m/drop", &["r2"], "d", vec![])
        .node("Identity", "m/identity", &["d"], "e", vec![])
        .node("Pad", "m/pad/Pad", &["e", "pads"], "p", vec![])
        .node(
            "MaxPool",
            "m/pool/MaxPool",
            &["p"],
            "mp",
            vec![ints("kernel_shape", &[3, 3]), ints("strides", &[2, 2]), build::int("ceil_mode", 1)],
        )
        .node(
            "AveragePool",
            "m/avg/AvgPool",
            &["mp"],
            "ap",
            vec![ints("kernel_shape", &[2, 2]), ints("pads", &[1, 1, 1, 1])],
        )
        .node("ReduceMean", "m/mean/Mean", &["ap"], "gap", vec![ints("axes", &[2, 3]), build::int("keepdims", 0)])
        .node(
            "Gemm",
            "m/fc/Gemm",
            &["gap", "w", "b"],
            "out",
            vec![build::float("alpha", 0.5), build::float("beta", 2.0)],
        )
        .output("out")
}

#[test]
fn branches_groups_and_paddings() {
    let imported = import(&mixed());
    assert!(!imported.nodes.iter().any(|node| node.name.contains("normalization")), "{:?}", names(&imported));
    assert!(
        matches!(op(&imported, "bn"), Op::Conv2d(Conv2d { groups: 8, .. })),
        "a normalization between concat and rectifier stays"
    );
    let Op::MaxPool(MaxPool { padding, ceil_mode: true, .. }) = op(&imported, "pool") else { panic!("the pool") };
    assert_eq!(*padding, Padding::default(), "zeros are no padding of the pool's own");
    assert_eq!(*op(&imported, "pad"), Pad { padding: Padding { top: 1, left: 0, bottom: 0, right: 1 } }.into());
    let results = run(&imported, &picture(3, 8, 7), [3, 8, 7]);
    close(&results["fc"], &MIXED);
}

fn shifted(pads: &[i64]) -> Graph {
    Graph::new("input", &[1, 3, 4, 4])
        .constant(tensor("k", &[2, 3, 3, 3], &values(54)))
        .constant(tensor("s", &[1, 3, 1, 1], &[0.5, 1.0, 1.5]))
        .constant(tensor("t", &[3, 1, 1], &[1.0, -1.0, 2.0]))
        .node("Relu", "relu", &["input"], "r", vec![])
        .node("Mul", "mul", &["r", "s"], "a", vec![])
        .node("Add", "add", &["a", "t"], "b", vec![])
        .node("Conv", "conv", &["b", "k"], "out", vec![ints("pads", pads)])
        .output("out")
}

#[test]
fn a_shift_does_not_reach_the_padding_behind_it() {
    let folded = import(&shifted(&[0; 4]));
    assert_eq!(names(&folded), ["relu", "conv"]);
    close(&run(&folded, &picture(3, 4, 4), [3, 4, 4])["conv"], &SHIFTED);
    let kept = import(&shifted(&[1; 4]));
    assert_eq!(names(&kept), ["relu", "add", "conv"]);
    close(&run(&kept, &picture(3, 4, 4), [3, 4, 4])["conv"], &SHIFTED_PADDED);
}

#[test]
fn what_is_cut_off_need_not_be_known() {
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
    assert_eq!(notes.iter().filter(|note| note.contains("training mode")).count(), 1, "{notes:?}");
    let odd = graph.node("HardSwish", "odd", &["b2"], "out", vec![]).output("out");
    let error = read(odd.bytes(), &Options::default()).unwrap_err();
    assert!(
        error.contains("odd (HardSwish)") && error.contains("later version") && error.contains("MaxPool"),
        "{error}"
    );
}

#[test]
fn feature_maps_are_not_rounded_by_a_cast() {
    let graph = Graph::new("input", &[1, 3, 4, 4])
        .node("Cast", "cast", &["input"], "out", vec![build::int("to", 2)])
        .output("out");
    let error = read(graph.bytes(), &Options::default()).unwrap_err();
    assert!(error.contains("rounds feature maps"), "{error}");
}

/// For renewing `expected.rs` with another runtime: pictures are those of [`picture`], the value compared is `a3` of the first two and
/// the output of the others.
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
