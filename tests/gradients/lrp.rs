//! Layer-wise relevance propagation against the numbers of other programs, and against slow loops.

use burn::tensor::{Device, Tensor, TensorData};
use convscope::nn::lrp::{Epsilon, Gamma};
use convscope::nn::{Composite, Graph, Network, Node, Parameter};
use serde_json::{Value, from_value, json};

use crate::{relative_difference, values};

/// A named parameter: its shape, a kernel's or a matrix' or a vector's, and its numbers.
pub(crate) type Given<'a> = (&'a str, &'a [usize], Vec<f32>);

/// The relevance at the input of what the last node gives, seeded with `seed`, or with its own output.
fn relevance(nodes: Value, shape: [usize; 3], input: &[f32], given: &[Given<'_>], seed: Option<Vec<f32>>) -> Vec<f32> {
    by(Epsilon { epsilon: 1e-9 }, nodes, shape, input, given, seed)
}

pub(crate) fn by(
    rule: impl Composite,
    nodes: Value,
    shape: [usize; 3],
    input: &[f32],
    given: &[Given<'_>],
    seed: Option<Vec<f32>>,
) -> Vec<f32> {
    let device = Device::flex();
    let nodes: Vec<Node> = from_value(nodes).unwrap();
    let parameter = |name: &str| {
        let (_, shape, numbers) = given.iter().find(|(other, ..)| *other == name)?;
        let data = TensorData::new(numbers.clone(), shape.to_vec());
        Some(match shape.len() {
            1 => Parameter::Vector(Tensor::from_data(data, &device)),
            2 => Parameter::Columns(vec![Tensor::from_data(data, &device)]),
            _ => Parameter::Kernel(Tensor::from_data(data, &device)),
        })
    };
    let graph = Graph::new(nodes, shape, |name| parameter(name).map(|parameter| parameter.shape())).unwrap();
    let network = Network::new(graph, parameter, device.clone()).unwrap();
    let last = network.graph().nodes().len() - 1;
    let [channels, height, width] = shape;
    let input = Tensor::from_data(TensorData::new(input.to_vec(), [1, channels, height, width]), &device);
    let trace = network.forward(input, &[]);
    let output = network.output(&trace, last);
    let seed =
        seed.map_or_else(|| output.clone(), |seed| Tensor::from_data(TensorData::new(seed, output.dims()), &device));
    values(network.pullback(&trace, last, seed, rule, &[None]).remove(0).unwrap())
}

#[track_caller]
pub(crate) fn close(actual: &[f32], expected: &[f32]) {
    let difference = relative_difference(actual, expected);
    assert!(difference < 1e-5, "{actual:?} is not {expected:?}");
}

#[test]
fn a_convolution_and_a_dense_layer_are_captums() {
    // captum's `BasicModel_ConvNet_One_Conv`, target 0: the relevance sums up to the score of 54.
    let nodes = json!([
        { "name": "conv", "op": "conv2d", "inputs": ["input"], "weight": "w", "bias": "b" },
        { "name": "relu", "op": "relu", "inputs": ["conv"] },
        { "name": "flat", "op": "flatten", "inputs": ["relu"] },
        { "name": "dense", "op": "dense", "inputs": ["flat"], "weight": "d" },
        { "name": "logits", "op": "relu", "inputs": ["dense"] },
    ]);
    let row = [1.0_f32, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0];
    let given: [Given<'_>; 3] = [
        ("w", &[2, 1, 3, 3], vec![1.0; 18]),
        ("b", &[2], vec![-50.0, -75.0]),
        ("d", &[8, 4], row.iter().flat_map(|&weight| [weight; 4]).collect()),
    ];
    let input: Vec<f32> = (0..16).map(|value| value as f32).collect();
    let actual = relevance(nodes, [1, 4, 4], &input, &given, Some(vec![54.0, 0.0, 0.0, 0.0]));
    close(&actual, &[0.0, 1.0, 2.0, 3.0, 0.0, 5.0, 6.0, 7.0, 0.0, 9.0, 10.0, 11.0, 0.0, 0.0, 0.0, 0.0]);
    assert!((actual.iter().sum::<f32>() - 54.0).abs() < 1e-3);
}

#[test]
fn two_dense_layers_and_a_max_pool_are_captums() {
    let nodes = json!([
        { "name": "one", "op": "dense", "inputs": ["input"], "weight": "w1" },
        { "name": "two", "op": "dense", "inputs": ["one"], "weight": "w2" },
    ]);
    let given: [Given<'_>; 2] = [("w1", &[3, 3], vec![2.0; 9]), ("w2", &[3, 1], vec![3.0; 3])];
    close(&relevance(nodes, [3, 1, 1], &[1.0, 2.0, 3.0], &given, None), &[18.0, 36.0, 54.0]);

    let nodes = json!([{ "name": "pool", "op": "max_pool", "inputs": ["input"], "kernel": [2, 2], "stride": [2, 2] }]);
    close(&relevance(nodes, [1, 2, 2], &[1.0, 2.0, 5.0, 6.0], &[], None), &[0.0, 0.0, 0.0, 6.0]);
}

#[test]
fn means_sums_and_concatenations_split_by_their_parts() {
    // A mean of [1, 3, 4, 8] is 4, of which each has its share of 16; a sum of x and x gives x twice its half.
    let mean =
        json!([{ "name": "mean", "op": "average_pool", "inputs": ["input"], "kernel": [2, 2], "stride": [2, 2] }]);
    close(&relevance(mean, [1, 2, 2], &[1.0, 3.0, 4.0, 8.0], &[], None), &[0.25, 0.75, 1.0, 2.0]);
    let global = json!([{ "name": "mean", "op": "global_average_pool", "inputs": ["input"] }]);
    close(&relevance(global, [1, 2, 2], &[1.0, 3.0, 4.0, 8.0], &[], Some(vec![16.0])), &[1.0, 3.0, 4.0, 8.0]);
    let joined = json!([
        { "name": "relu", "op": "relu", "inputs": ["input"] },
        { "name": "sum", "op": "add", "inputs": ["relu", "input"] },
        { "name": "join", "op": "concat", "inputs": ["sum", "input"] },
    ]);
    // At -2 the sum is 0 - 2, all of it the input's own.
    let actual = relevance(joined, [1, 1, 2], &[3.0, -2.0], &[], Some(vec![6.0, 5.0, 10.0, 20.0]));
    close(&actual, &[6.0 + 10.0, 5.0 + 20.0]);
}

#[test]
fn gamma_favours_positive_weights_as_a_slow_loop_does() {
    // x = [1, 2], W = [[3, -1], [-1, 4]] (inputs by rows), b = [1, -2], relevance [5, 7].
    let (x, w, b, above) = ([1.0_f64, 2.0], [[3.0, -1.0], [-1.0, 4.0]], [1.0, -2.0], [5.0, 7.0]);
    let nodes = json!([
        { "name": "dense", "op": "dense", "inputs": ["input"], "weight": "w", "bias": "b" },
    ]);
    // The same layer as a convolution, whose weight has the outputs first.
    let kernel = json!([{ "name": "conv", "op": "conv2d", "inputs": ["input"], "weight": "k", "bias": "b" }]);
    let given: [Given<'_>; 3] = [
        ("w", &[2, 2], vec![3.0, -1.0, -1.0, 4.0]),
        ("k", &[2, 2, 1, 1], vec![3.0, -1.0, -1.0, 4.0]),
        ("b", &[2], vec![1.0, -2.0]),
    ];
    for gamma in [0.0, 0.25, 10.0, 1e6] {
        let favoured = |weight: f64| weight + f64::from(gamma) * weight.max(0.0);
        let expected: Vec<f32> = (0..2)
            .map(|i| {
                let part = |k: usize| {
                    let z = x[0] * favoured(w[0][k]) + x[1] * favoured(w[1][k]) + favoured(b[k]);
                    x[i] * favoured(w[i][k]) / z * above[k]
                };
                (part(0) + part(1)) as f32
            })
            .collect();
        for nodes in [&nodes, &kernel] {
            let rule = Gamma { gamma, epsilon: 1e-9 };
            close(&by(rule, nodes.clone(), [2, 1, 1], &[1.0, 2.0], &given, Some(vec![5.0, 7.0])), &expected);
        }
        if gamma > 1e5 {
            // z-plus: of the first output 3 of 3 + 1 (the bias), of the second all.
            let difference = relative_difference(&expected, &[5.0 * 0.75, 7.0]);
            assert!(difference < 1e-5, "{expected:?}");
        }
    }
}
