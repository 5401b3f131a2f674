//! Relevance and excitation through small networks: by hand, and what must be conserved.

use convscope::nn::lrp::{Epsilon, Preset, Propagation};
use convscope::nn::{Excitation, Graph};
use serde_json::{Value, from_value, json};

use crate::common::Noise;
use crate::lrp::{Given, by, close};

#[test]
fn excitation_splits_joins_by_what_is_positive_and_contrasts_at_the_last_layer() {
    // relu([3, 1]) = [3, 1]; sum with the input; two classes: by hand.
    let nodes = json!([
        { "name": "one", "op": "dense", "inputs": ["input"], "weight": "w" },
        { "name": "sum", "op": "add", "inputs": ["one", "input"] },
        { "name": "relu", "op": "relu", "inputs": ["sum"] },
        { "name": "logits", "op": "dense", "inputs": ["relu"], "weight": "d", "bias": "b" },
    ]);
    let given: [Given<'_>; 3] = [
        ("w", &[2, 2], vec![1.0, -2.0, 1.0, 1.0]),
        ("d", &[2, 2], vec![1.0, 5.0, -1.0, 3.0]),
        ("b", &[2], vec![9.0, 9.0]),
    ];
    // x = [1, 3]: one = [4, 1], sum = [5, 4]. Class 1 is excited by 25 of 37 and 12 of 37; its first sum by 4 of 5 by `one`, which is by
    // 1 of 4 by x1 and 3 of 4 by x2; its second by 1 of 4 by `one`, all of that by x2.
    let (first, second) = (25.0 / 37.0, 12.0 / 37.0);
    let expected = [first * (0.2 + 0.8 / 4.0), first * 0.8 * 0.75 + second];
    let actual = by(Excitation::default(), nodes.clone(), [2, 1, 1], &[1.0, 3.0], &given, Some(vec![0.0, 1.0]));
    close(&actual, &expected);
    // Class 0 is excited by the first alone, and its opposite by the second alone.
    let graph = Graph::new(from_value(nodes.clone()).unwrap(), [2, 1, 1], |name| {
        given.iter().find(|(other, ..)| *other == name).map(|(_, shape, _)| shape.to_vec())
    });
    let rules = Excitation::contrastive(&graph.unwrap());
    let actual = by(rules, nodes, [2, 1, 1], &[1.0, 3.0], &given, Some(vec![1.0, 0.0]));
    close(&actual, &[0.2 + 0.8 / 4.0, 0.8 * 0.75 - 1.0]);
}

#[test]
fn neurons_that_nothing_excites_leave_their_neighbours_alone() {
    // A convolution of 3 x 3 on an image whose right side is 0: there only biases are, and z is 0. Tiles of 4 x 4
    // reach across the edge.
    let nodes = json!([{
        "name": "conv", "op": "conv2d", "inputs": ["input"], "weight": "w", "bias": "b",
        "padding": { "top": 1, "left": 1, "bottom": 1, "right": 1 },
    }]);
    let mut noise = Noise(73);
    let given: [Given<'_>; 2] = [("w", &[8, 4, 3, 3], noise.many(288)), ("b", &[8], vec![1.0; 8])];
    let input: Vec<f32> = (0..4 * 16 * 16).map(|place| if place % 16 < 9 { noise.next() + 1.0 } else { 0.0 }).collect();
    // As much arrives where nothing is as where something is.
    let seed = vec![1.0; 8 * 16 * 16];
    let actual = by(Excitation::default(), nodes, [4, 16, 16], &input, &given, Some(seed));
    // Windows of the first ten columns reach something, and nothing else is handed back.
    let sum: f64 = actual.iter().map(|&value| f64::from(value)).sum();
    assert!((sum - 8.0 * 16.0 * 10.0).abs() < 1e-2, "{sum}");
    assert!(actual.iter().all(|&value| value >= 0.0));
}

/// A network without biases: convolutions, both pools, a sum, a concatenation and dense layers.
fn without_bias() -> (Value, Vec<Given<'static>>, Vec<f32>) {
    let nodes = json!([
        { "name": "one", "op": "conv2d", "inputs": ["input"], "weight": "w1",
          "padding": { "top": 1, "left": 1, "bottom": 1, "right": 1 } },
        { "name": "relu1", "op": "relu", "inputs": ["one"] },
        { "name": "max", "op": "max_pool", "inputs": ["relu1"], "kernel": [2, 2], "stride": [2, 2] },
        { "name": "two", "op": "conv2d", "inputs": ["max"], "weight": "w2" },
        { "name": "relu", "op": "relu", "inputs": ["two"] },
        { "name": "sum", "op": "add", "inputs": ["relu", "max"] },
        { "name": "relu2", "op": "relu", "inputs": ["sum"] },
        { "name": "join", "op": "concat", "inputs": ["relu2", "max"] },
        { "name": "mean", "op": "average_pool", "inputs": ["join"], "kernel": [2, 2], "stride": [2, 2] },
        { "name": "flat", "op": "flatten", "inputs": ["mean"] },
        { "name": "three", "op": "dense", "inputs": ["flat"], "weight": "w3" },
        { "name": "relu3", "op": "relu", "inputs": ["three"] },
        { "name": "logits", "op": "dense", "inputs": ["relu3"], "weight": "w4" },
    ]);
    let mut noise = Noise(74);
    let given: Vec<Given<'static>> = vec![
        ("w1", &[4, 3, 3, 3], noise.many(108)),
        ("w2", &[4, 4, 1, 1], noise.many(16)),
        ("w3", &[32, 7], noise.many(224)),
        // Something must speak for the score, or z-plus has nobody to hand it to.
        ("w4", &[7, 1], noise.many(7).into_iter().map(|weight| weight + 0.5).collect()),
    ];
    (nodes, given, noise.many(3 * 9 * 8))
}

#[test]
fn relevance_is_conserved_where_nothing_has_a_bias() {
    let (nodes, given, input) = without_bias();
    let shape = |name: &str| given.iter().find(|(other, ..)| *other == name).map(|(_, shape, _)| shape.to_vec());
    let graph = Graph::new(from_value(nodes.clone()).unwrap(), [3, 9, 8], shape).unwrap();
    let bounds = [-1.0_f32; 3];
    let through = |preset| {
        let rules = Propagation::new(preset, &graph, 1e-9, 0.25, [&bounds, &[1.0; 3]]);
        by(rules, nodes.clone(), [3, 9, 8], &input, &given, None)
    };
    let score = output(&nodes, [3, 9, 8], &input, &given);
    assert!(score.abs() > 0.05, "{score}");
    for preset in Preset::ALL {
        // Neurons that nothing speaks against have nobody to take LRP-alpha2-beta1's beta off: more than all is handed back.
        if matches!(preset, Preset::Alpha2Beta1 | Preset::EpsilonAlpha2Beta1) {
            continue;
        }
        let sum: f32 = through(*preset).iter().sum();
        assert!((sum - score).abs() < 2e-4 * score.abs(), "{preset:?}: {sum} of {score}");
    }
}

/// What the last node gives, of which there is one.
fn output(nodes: &Value, shape: [usize; 3], input: &[f32], given: &[Given<'_>]) -> f32 {
    // Started with 1, relevance is what speaks for the output; LRP-epsilon times the output is what it is started with.
    let started = |seed: Option<Vec<f32>>| by(Epsilon { epsilon: 1e-9 }, nodes.clone(), shape, input, given, seed);
    let (own, one) = (started(None), started(Some(vec![1.0])));
    let largest = (0..own.len()).max_by(|&a, &b| one[a].abs().total_cmp(&one[b].abs())).unwrap();
    own[largest] / one[largest]
}
