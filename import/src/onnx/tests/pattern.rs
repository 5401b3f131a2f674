//! Operations that are written as several nodes.

use convscope_core::nn::Silu;

use super::build::{Graph, float, tensor, values};
use super::run::{image, run};
use super::{close, import, names, op, read};
use crate::Options;

#[test]
fn a_map_times_its_own_sigmoid_is_silu_and_no_other_product_is() {
    let graph = |factors: [&str; 2]| {
        Graph::new("input", &[1, 3, 4, 4])
            .constant(tensor("k", &[2, 3, 1, 1], &values(6)))
            .node("Conv", "/conv/Conv", &["input", "k"], "x", vec![])
            .node("Conv", "/other/Conv", &["input", "k"], "y", vec![])
            .node("Sigmoid", "/act/Sigmoid", &["x"], "s", vec![])
            .node("Mul", "/act/Mul", &factors, "out", vec![])
            .output("out")
    };
    for factors in [["x", "s"], ["s", "x"]] {
        let imported = import(&graph(factors));
        assert_eq!(names(&imported), ["conv", "act"]);
        assert_eq!(*op(&imported, "act"), Silu {}.into());
        let results = run(&imported, &image(3, 4, 4), [3, 4, 4]);
        let expected: Vec<f32> = results["conv"].iter().map(|x| x * (1.0 / (1.0 + (-x).exp()))).collect();
        close(&results["act"], &expected);
    }
    for factors in [["y", "s"], ["s", "y"], ["s", "s"]] {
        let error = read(graph(factors).bytes(), &Options::default()).unwrap_err();
        assert!(error.contains("/act/Sigmoid (Sigmoid)"), "{error}");
    }
    // The operation of operator set 24, whose alpha is the slope of the sigmoid.
    let swish = |alpha| {
        let graph = Graph::new("input", &[1, 3, 4, 4]);
        read(graph.node("Swish", "swish", &["input"], "out", alpha).output("out").bytes(), &Options::default())
    };
    assert_eq!(swish(vec![]).unwrap().nodes[0].op, Silu {}.into());
    assert!(swish(vec![float("alpha", 1.5)]).unwrap_err().contains("swish (Swish)"));
}
