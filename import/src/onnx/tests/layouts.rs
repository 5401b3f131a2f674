//! Channels that change places, differences of maps, and inputs whose sizes the file leaves open.

use convscope_core::nn::{Op, SelectChannels};

use super::build::{Graph, int, ints, tensor, values, whole};
use super::run::{image, run};
use super::{close, import, read};
use crate::Options;

/// A convolution `x` to six channels of 4 x 4 pixels.
fn six() -> Graph {
    let graph = Graph::new("input", &[1, 3, 4, 4]).constant(tensor("k", &[6, 3, 1, 1], &values(18)));
    graph.node("Conv", "conv", &["input", "k"], "x", vec![])
}

#[test]
fn groups_of_channels_are_shuffled() {
    let shuffled = |batch: i64| {
        six()
            .constant(whole("groups", &[5], &[batch, 2, 3, 4, 4]))
            .constant(whole("flat", &[4], &[batch, 6, 4, 4]))
            .node("Reshape", "r", &["x", "groups"], "r", vec![])
            .node("Transpose", "t", &["r"], "t", vec![ints("perm", &[0, 2, 1, 3, 4])])
            .node("Reshape", "shuffle", &["t", "flat"], "out", vec![])
            .output("out")
    };
    for batch in [1, -1] {
        let imported = import(&shuffled(batch));
        let last = imported.nodes.last().unwrap();
        // NumPy: np.arange(6).reshape(2, 3).T.ravel()
        assert_eq!(last.op, Op::from(SelectChannels { channels: vec![0, 3, 1, 4, 2, 5] }));
        let results = run(&imported, &image(3, 4, 4), [3, 4, 4]);
        let x = &results["conv"];
        let expected: Vec<f32> = [0, 3, 1, 4, 2, 5].iter().flat_map(|c| x[16 * c..][..16].to_vec()).collect();
        close(&results[&last.name], &expected);
    }
    // Left in groups, it is nothing that the rest could read.
    let graph = six().constant(whole("groups", &[5], &[1, 2, 3, 4, 4]));
    let graph = graph.node("Reshape", "r", &["x", "groups"], "r", vec![]).node("Relu", "relu", &["r"], "out", vec![]);
    let pooled = graph.node("GlobalAveragePool", "pool", &["out"], "p", vec![]).output("p");
    assert!(read(pooled.bytes(), &Options::default()).is_err());
}

#[test]
fn maps_are_subtracted() {
    let graph = six().node("Relu", "relu", &["x"], "r", vec![]).node("Sub", "sub", &["r", "x"], "out", vec![]);
    let imported = import(&graph.output("out"));
    let results = run(&imported, &image(3, 4, 4), [3, 4, 4]);
    let expected: Vec<f32> = results["conv"].iter().map(|x| x.max(0.0) - x).collect();
    close(&results[&imported.nodes.last().unwrap().name], &expected);
}

#[test]
fn an_input_that_says_nothing_of_its_size_is_one_of_224_pixels() {
    let graph = Graph::new("pixels", &[0, 0, 0, 0]).constant(tensor("k", &[2, 3, 1, 1], &values(6)));
    let graph = graph.node("Conv", "conv", &["pixels", "k"], "x", vec![]).output("x");
    let imported = import(&graph);
    assert_eq!(imported.input.size, None);
    assert!(imported.notes[0].to_string().contains("224 x 224"), "{:?}", imported.notes);
}

#[test]
fn the_likeliest_class_is_left_out() {
    let end = |kind: &str, axis: i64| {
        let pooled =
            six().node("GlobalAveragePool", "pool", &["x"], "p", vec![]).node("Flatten", "f", &["p"], "f", vec![]);
        pooled.node(kind, "end", &["f"], "out", vec![int("axis", axis)]).output("out")
    };
    let imported = import(&end("ArgMax", 1));
    assert_eq!(imported.logits.as_deref(), Some("pool"));
    assert!(imported.notes.iter().any(|note| note.to_string().contains("likeliest class")), "{:?}", imported.notes);
    assert!(read(end("ArgMax", 0).bytes(), &Options::default()).is_err());
}

/// Maps of six and of two channels, each as a vector with its channels last, behind each other.
fn vectors() -> Graph {
    let flat = |graph: Graph, from: &str, to: &str| {
        let turned = format!("{from} turned");
        graph.node("Transpose", &turned, &[from], &turned, vec![ints("perm", &[0, 2, 3, 1])]).node(
            "Flatten",
            to,
            &[&turned],
            to,
            vec![],
        )
    };
    let graph = six().constant(tensor("k2", &[2, 3, 1, 1], &values(6)));
    let graph = graph.node("Conv", "other", &["input", "k2"], "y", vec![]);
    let graph = flat(flat(graph, "x", "fx"), "y", "fy");
    graph.node("Concat", "both", &["fx", "fy"], "both", vec![int("axis", 1)])
}

#[test]
fn vectors_with_their_channels_last_lie_behind_each_other() {
    let weight = values(8 * 16 * 3);
    let graph = vectors().constant(tensor("w", &[8 * 16, 3], &weight));
    let imported = import(&graph.node("MatMul", "fc", &["both", "w"], "out", vec![]).output("out"));
    let results = run(&imported, &image(3, 4, 4), [3, 4, 4]);
    let last = |maps: &[f32], channels: usize| -> Vec<f32> {
        (0..16).flat_map(|place| (0..channels).map(move |c| maps[16 * c + place])).collect()
    };
    let vector = [last(&results["conv"], 6), last(&results["other"], 2)].concat();
    let product = |out: usize| vector.iter().zip(weight.iter().skip(out).step_by(3)).map(|(x, w)| x * w).sum();
    close(&results["fc"], &[0, 1, 2].map(product));
    // A run of its numbers is no run of channels.
    let split = vectors().node("Split", "split", &["both"], "a", vec![int("axis", 1)]).output("a");
    assert!(read(split.bytes(), &Options::default()).is_err());
}
