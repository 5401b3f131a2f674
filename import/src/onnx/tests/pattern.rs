//! Activation functions that are written as several nodes.

use convscope_core::nn::{Gelu, HardSigmoid, HardSwish, LayerNorm, Multiply, Op, Silu};

use super::build::{Graph, float, int, ints, tensor, values};
use super::run::{image, run};
use super::{close, import, names, op, read};
use crate::Options;

/// A convolution `x` and another one `y`, with constants.
fn start() -> Graph {
    let scalar = |name: &str, value: f32| tensor(name, &[], &[value]);
    Graph::new("input", &[1, 3, 4, 4])
        .constant(tensor("k", &[2, 3, 1, 1], &values(6)))
        .constant(scalar("zero", 0.0))
        .constant(scalar("half", 0.5))
        .constant(scalar("one", 1.0))
        .constant(scalar("three", 3.0))
        .constant(scalar("six", 6.0))
        .constant(scalar("root", std::f32::consts::SQRT_2))
        .node("Conv", "/conv/Conv", &["input", "k"], "x", vec![])
        .node("Conv", "/other/Conv", &["input", "k"], "y", vec![])
}

#[track_caller]
fn is(graph: &Graph, expected: impl Into<Op>, function: fn(f32) -> f32) {
    let imported = import(graph);
    assert_eq!(names(&imported), ["conv", "act"]);
    assert_eq!(*op(&imported, "act"), expected.into());
    let results = run(&imported, &image(3, 4, 4), [3, 4, 4]);
    let expected: Vec<f32> = results["conv"].iter().map(|&x| function(x)).collect();
    close(&results["act"], &expected);
}

#[test]
fn a_map_times_its_own_sigmoid_is_silu_and_no_other_product_is() {
    let graph = |factors: [&str; 2]| {
        let sigmoid = start().node("Sigmoid", "/act/Sigmoid", &["x"], "s", vec![]);
        sigmoid.node("Mul", "/act/Mul", &factors, "out", vec![]).output("out")
    };
    for factors in [["x", "s"], ["s", "x"]] {
        is(&graph(factors), Silu {}, |x| x * (1.0 / (1.0 + (-x).exp())));
    }
    for factors in [["y", "s"], ["s", "y"]] {
        let imported = import(&graph(factors));
        let last = imported.nodes.last().unwrap();
        assert_eq!((&last.op, &last.inputs[0][..]), (&Multiply {}.into(), "other"), "the signal comes first");
        let results = run(&imported, &image(3, 4, 4), [3, 4, 4]);
        let expected: Vec<f32> = results["conv"].iter().map(|x| x * (1.0 / (1.0 + (-x).exp()))).collect();
        close(&results[&last.name], &expected);
    }
    // The operation of operator set 24, whose alpha is the slope of the sigmoid.
    let swish = |alpha| {
        let graph = Graph::new("input", &[1, 3, 4, 4]);
        read(graph.node("Swish", "swish", &["input"], "out", alpha).output("out").bytes(), &Options::default())
    };
    assert_eq!(swish(vec![]).unwrap().nodes[0].op, Silu {}.into());
    assert!(swish(vec![float("alpha", 1.5)]).unwrap_err().contains("swish (Swish)"));
}

#[test]
fn hard_swish_is_read_as_every_exporter_writes_it() {
    let function = |x: f32| x * (x + 3.0).clamp(0.0, 6.0) / 6.0;
    let clip = || {
        let moved = start().node("Add", "/act/Add", &["x", "three"], "moved", vec![]);
        moved.node("Clip", "/act/Clip", &["moved", "zero", "six"], "clipped", vec![])
    };
    let sixth = clip().node("Div", "/act/Div", &["clipped", "six"], "share", vec![]);
    is(&sixth.node("Mul", "/act/Mul", &["x", "share"], "out", vec![]).output("out"), HardSwish {}, function);
    let product = clip().node("Mul", "/act/Mul", &["x", "clipped"], "product", vec![]);
    let graph = product.node("Div", "/act/Div", &["product", "six"], "out", vec![]).output("out");
    // What is divided last is the output, and so stays a layer.
    let results = run(&import(&graph), &image(3, 4, 4), [3, 4, 4]);
    let expected: Vec<f32> = results["conv"].iter().map(|&x| function(x)).collect();
    assert!(results.values().any(|found| found.iter().zip(&expected).all(|(one, two)| (one - two).abs() < 1e-5)));
    let attributes = vec![float("alpha", 1.0 / 6.0), float("beta", 0.5)];
    let hard = start().node("HardSigmoid", "/act/HardSigmoid", &["x"], "share", attributes);
    is(&hard.node("Mul", "/act/Mul", &["share", "x"], "out", vec![]).output("out"), HardSwish {}, function);
    // Of another map, it is a gate.
    let gate = clip().node("Div", "/act/Div", &["clipped", "six"], "share", vec![]);
    let imported = import(&gate.node("Mul", "/act/Mul", &["y", "share"], "out", vec![]).output("out"));
    let hard: Op = HardSigmoid { slope: 1.0 / 6.0, shift: 0.5 }.into();
    assert!(imported.nodes.iter().any(|node| node.op == hard), "{:?}", names(&imported));
    let results = run(&imported, &image(3, 4, 4), [3, 4, 4]);
    let expected: Vec<f32> = results["conv"].iter().map(|&x| function(x)).collect();
    close(&results[&imported.nodes.last().unwrap().name], &expected);
}

#[test]
fn gelu_is_read_of_its_error_function() {
    let error = || {
        let divided = start().node("Div", "/act/Div", &["x", "root"], "divided", vec![]);
        let error = divided.node("Erf", "/act/Erf", &["divided"], "erf", vec![]);
        error.node("Add", "/act/Add", &["erf", "one"], "sum", vec![])
    };
    // As the loops have it: x times the normal distribution's share.
    let normal = |x: f32| {
        let imported = crate::Imported {
            nodes: vec![convscope_core::nn::Node {
                name: "gelu".into(),
                inputs: vec!["input".into()],
                op: Gelu { tanh: false }.into(),
            }],
            ..crate::Imported::default()
        };
        run(&imported, &[x], [1, 1, 1])["gelu"][0]
    };
    let half_first = error().node("Mul", "/act/Half", &["x", "half"], "less", vec![]);
    is(
        &half_first.node("Mul", "/act/Mul", &["less", "sum"], "out", vec![]).output("out"),
        Gelu { tanh: false },
        normal,
    );
    let alone = start().node("Erf", "/act/Erf", &["x"], "out", vec![]).output("out");
    let reason = read(alone.bytes(), &Options::default()).unwrap_err();
    assert!(reason.contains("/act/Erf (Erf)") && reason.contains("GELU"), "{reason}");
}

#[test]
fn a_layer_normalization_of_nine_nodes_is_one() {
    let graph = |exponent: f32, over: i64| {
        Graph::new("input", &[1, 4, 4, 3])
            .constant(tensor("two", &[], &[exponent]))
            .constant(tensor("epsilon", &[], &[0.01]))
            .node("ReduceMean", "mean", &["input"], "m", vec![ints("axes", &[-1]), int("keepdims", 1)])
            .node("Sub", "sub", &["input", "m"], "d", vec![])
            .node("Pow", "pow", &["d", "two"], "p", vec![])
            .node("ReduceMean", "variance", &["p"], "v", vec![ints("axes", &[over])])
            .node("Add", "add", &["v", "epsilon"], "a", vec![])
            .node("Sqrt", "root", &["a"], "s", vec![])
            .node("Div", "norm", &["d", "s"], "out", vec![])
            .output("out")
    };
    let imported = import(&graph(2.0, -1));
    assert_eq!(imported.nodes.last().map(|node| node.op.clone()), Some(LayerNorm { epsilon: 0.01 }.into()));
    assert_eq!(imported.nodes.len(), 1);
    // What is only like it is not taken for one.
    for other in [graph(3.0, -1), graph(2.0, -2)] {
        assert!(read(other.bytes(), &Options::default()).is_err());
    }
}
