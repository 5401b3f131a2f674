//! The tail against the whole network: a network whose layer has other weights gives at its end what the tail gives of the features
//! that the layer then has.

use burn::tensor::{Device, Tensor, TensorData};
use serde_json::{Value, json};

use super::*;
use crate::nn::{Graph, Node, Parameter};

/// Numbers that look random.
fn noise(seed: u32, count: usize) -> Vec<f32> {
    let mut state = seed;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(next).collect()
}

fn tensor(seed: u32, shape: [usize; 4]) -> Tensor<4> {
    Tensor::from_data(TensorData::new(noise(seed, shape.iter().product()), shape), &Device::flex())
}

/// The network of those nodes on 2 x 7 x 5; kernels are of the shapes they are called by, `w` with that seed.
fn network(nodes: &Value, seed: u32) -> Network {
    let nodes: Vec<Node> = serde_json::from_value(nodes.clone()).unwrap();
    let shape = |name: &str| match name {
        "d" => vec![4 * 3 * 2, 3],
        "w" => vec![4, 2, 3, 3],
        "v" => vec![4, 4, 3, 3],
        _ => vec![2, 2, 3, 3],
    };
    let graph = Graph::new(nodes, [2, 7, 5], |name| Some(shape(name))).unwrap();
    let parameter = |name: &str| {
        let shape = shape(name);
        let seed = if name == "w" { seed } else { name.len() as u32 + 90 };
        Some(match shape[..] {
            [rows, columns] => {
                let data = TensorData::new(noise(seed, rows * columns), [rows, columns]);
                Parameter::Columns(vec![Tensor::from_data(data, &Device::flex())])
            }
            _ => Parameter::Kernel(tensor(seed, [shape[0], shape[1], shape[2], shape[3]])),
        })
    };
    Network::new(graph, parameter, Device::flex()).unwrap()
}

const PADDING: [usize; 4] = [1, 1, 1, 1];

fn convolution(name: &str, input: &str, weight: &str) -> Value {
    let [top, left, bottom, right] = PADDING;
    let padding = json!({ "top": top, "left": left, "bottom": bottom, "right": right });
    json!({ "name": name, "op": "conv2d", "inputs": [input], "weight": weight, "padding": padding })
}

/// The layer `a` and the sum of it with what it becomes, and with a branch of the input that does not depend on it.
fn residual() -> Value {
    json!([
        convolution("a/linear", "input", "w"),
        { "name": "a", "op": "relu", "inputs": ["a/linear"] },
        convolution("side", "input", "w2"),
        convolution("b/linear", "a", "v"),
        { "name": "b", "op": "relu", "inputs": ["b/linear"] },
        { "name": "twice", "op": "concat", "inputs": ["side", "input"] },
        { "name": "sum", "op": "add", "inputs": ["b", "a", "twice"] },
        { "name": "unread", "op": "silu", "inputs": ["b"] },
        { "name": "pool", "op": "max_pool", "inputs": ["sum"], "kernel": [3, 3], "stride": [2, 2] },
        { "name": "flat", "op": "flatten", "inputs": ["pool"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ])
}

/// The same with joined feature maps, the network's input among them.
fn joined() -> Value {
    json!([
        convolution("side", "input", "w2"),
        convolution("a/linear", "input", "w"),
        { "name": "a", "op": "relu", "inputs": ["a/linear"] },
        convolution("c", "a", "v"),
        // Read by nobody: `c` must not be run as a part of it.
        { "name": "spare", "op": "relu", "inputs": ["c"] },
        { "name": "join", "op": "concat", "inputs": ["input", "c", "side"] },
        { "name": "pool", "op": "average_pool", "inputs": ["join"], "kernel": [3, 3], "stride": [2, 2] },
        { "name": "b", "op": "silu", "inputs": ["pool"] },
        { "name": "logits", "op": "global_average_pool", "inputs": ["b"] },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ])
}

fn numbers(tensor: Tensor<4>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

#[test]
fn a_tail_gives_what_the_whole_network_gives() {
    let input = tensor(3, [1, 2, 7, 5]);
    for nodes in [residual(), joined()] {
        let own = network(&nodes, 1);
        let id = |name: &str| own.graph().id(name).unwrap();
        for keep in [vec![], vec![id("a"), id("softmax")]] {
            let trace = own.forward(input.clone(), &keep);
            for (layer, to) in [("a", "softmax"), ("a/linear", "softmax"), ("a", "logits"), ("a", "pool"), ("a", "a")] {
                let [layer, to] = [layer, to].map(id);
                let others: Vec<Network> = [11, 12, 13].map(|seed| network(&nodes, seed)).into();
                let traces: Vec<Trace> =
                    others.iter().map(|other| other.forward(input.clone(), &[layer, to])).collect();
                let at = |node| others.iter().zip(&traces).map(|(other, trace)| other.output(trace, node)).collect();
                let (features, expected) = (Tensor::cat(at(layer), 0), Tensor::cat(at(to), 0));
                let found = own.forward_from(&trace, layer, features.clone(), to).unwrap();
                assert_eq!(found.dims(), expected.dims());
                for (found, expected) in numbers(found).into_iter().zip(numbers(expected)) {
                    assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
                }
                // One alone, and the trace as it was.
                let one = own.forward_from(&trace, layer, features.narrow(0, 2, 1), to).unwrap();
                let last = others[2].output(&traces[2], to);
                assert!(numbers(one).iter().zip(numbers(last)).all(|(one, last)| (one - last).abs() < 1e-5));
                let again = own.forward_from(&trace, layer, own.output(&trace, layer), to).unwrap();
                let own_output = own.output(&trace, to);
                assert!(numbers(again).iter().zip(numbers(own_output)).all(|(one, other)| (one - other).abs() < 1e-6));
            }
        }
    }
}

#[test]
fn there_is_no_tail_where_nothing_depends_on_the_layer() {
    let network = network(&residual(), 1);
    let trace = network.forward(tensor(3, [1, 2, 7, 5]), &[]);
    let id = |name: &str| network.graph().id(name).unwrap();
    let from = |layer: &str, to: &str| {
        let layer = id(layer);
        network.forward_from(&trace, layer, network.output(&trace, layer), id(to))
    };
    assert!(from("unread", "softmax").is_none());
    assert!(from("softmax", "logits").is_none());
    assert!(from("b", "side").is_none());
    assert!(from("side", "softmax").is_some());
}
