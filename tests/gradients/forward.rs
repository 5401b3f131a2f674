//! Forward passes against slow loops.

use burn::tensor::{Device, Tensor, TensorData};
use convscope::nn::{
    AveragePool, Conv2d, GlobalAveragePool, Graph, MaxPool, Network, Node, Op, Padding, Parameter, Softmax,
};

use crate::common::Noise;
use crate::values;

#[test]
fn forward_ops_equal_slow_loops() {
    let device = Device::flex();
    let input: Vec<f32> = Noise(3).many(2 * 5 * 6);
    let at = |c: usize, y: isize, x: isize| {
        let inside = (0..5).contains(&y) && (0..6).contains(&x);
        inside.then(|| f64::from(input[(c * 5 + y as usize) * 6 + x as usize]))
    };
    let run = |op: Op, parameters: &[(&str, Parameter)]| {
        let nodes = vec![Node { name: "one".into(), inputs: vec!["input".into()], op }];
        let parameter =
            |name: &str| parameters.iter().find(|(other, _)| *other == name).map(|(_, parameter)| parameter.clone());
        let shape = |name: &str| parameter(name).map(|parameter| parameter.shape());
        let graph = Graph::new(nodes, [2, 5, 6], shape).unwrap();
        let [c, h, w] = graph.shape(0);
        let network = Network::new(graph, parameter, device.clone()).unwrap();
        let x = Tensor::from_data(TensorData::new(input.clone(), [1, 2, 5, 6]), &device);
        let actual = network.output(&network.forward(x, &[]), 0);
        assert_eq!(actual.dims(), [1, c, h, w], "the graph's shape is not the tensor's");
        (values(actual), [c, h, w])
    };

    // Convolution: y[o, i, j] = b[o] + sum_{c, u, v} w[o, c, u, v] x[c, s i + d u - top, s j + d v - left].
    let weight = Noise(4).many(3 * 2 * 3 * 2);
    let padding = Padding { top: 1, left: 2, bottom: 0, right: 1 };
    let op =
        Conv2d { weight: "w".into(), bias: Some("b".into()), stride: [2, 1], padding, dilation: [1, 2], groups: 1 };
    let kernel = Parameter::Kernel(Tensor::from_data(TensorData::new(weight.clone(), [3, 2, 3, 2]), &device));
    let bias = Parameter::Vector(Tensor::from_data([0.5, -0.5, 0.25], &device));
    let (actual, [_, height, width]) = run(op.into(), &[("w", kernel), ("b", bias)]);
    for (index, value) in actual.iter().enumerate() {
        let (o, i, j) = (index / (height * width), index / width % height, index % width);
        let mut sum = [0.5, -0.5, 0.25][o];
        for (c, u, v) in (0..12).map(|k| (k / 6, k / 2 % 3, k % 2)) {
            let x = at(c, (2 * i + u) as isize - 1, (j + 2 * v) as isize - 2).unwrap_or(0.0);
            sum += f64::from(weight[((o * 2 + c) * 3 + u) * 2 + v]) * x;
        }
        assert!((f64::from(*value) - sum).abs() < 1e-5, "convolution at {index}: {value} for {sum}");
    }

    // Pools: windows of 2 x 3, step 2, padding around.
    let windows = |c: usize, i: usize, j: usize, top: isize, left: isize| {
        (0..6).map(move |k| (c, 2 * i as isize + k / 3 - top, 2 * j as isize + k % 3 - left))
    };
    for padding in [Padding::all(1), Padding { top: 1, left: 0, bottom: 0, right: 1 }] {
        let (top, left) = (padding.top as isize, padding.left as isize);
        let op = MaxPool { kernel: [2, 3], stride: [2, 2], padding, ceil_mode: false };
        let (actual, [_, height, width]) = run(op.into(), &[]);
        for (index, value) in actual.iter().enumerate() {
            let (c, i, j) = (index / (height * width), index / width % height, index % width);
            let seen = windows(c, i, j, top, left).filter_map(|(c, y, x)| at(c, y, x));
            assert_eq!(f64::from(*value), seen.fold(f64::NEG_INFINITY, f64::max), "max pool at {index}");
        }
    }
    for count_include_pad in [false, true] {
        let op = AveragePool {
            kernel: [2, 3],
            stride: [2, 2],
            padding: Padding::all(1),
            count_include_pad,
            ceil_mode: false,
        };
        let (actual, [_, height, width]) = run(op.into(), &[]);
        for (index, value) in actual.iter().enumerate() {
            let (c, i, j) = (index / (height * width), index / width % height, index % width);
            let seen: Vec<f64> = windows(c, i, j, 1, 1).filter_map(|(c, y, x)| at(c, y, x)).collect();
            let count = if count_include_pad { 6 } else { seen.len() };
            let mean = seen.iter().sum::<f64>() / count as f64;
            assert!((f64::from(*value) - mean).abs() < 1e-6, "average pool at {index}");
        }
    }

    // Softmax over the channels, and the global mean.
    let (actual, _) = run(Softmax {}.into(), &[]);
    for place in 0..30 {
        let logits = [0, 1].map(|c| f64::from(input[30 * c + place]).exp());
        assert!((f64::from(actual[place]) - logits[0] / (logits[0] + logits[1])).abs() < 1e-6);
    }
    let (actual, _) = run(GlobalAveragePool {}.into(), &[]);
    for c in 0..2 {
        let mean = input[30 * c..][..30].iter().map(|&x| f64::from(x)).sum::<f64>() / 30.0;
        assert!((f64::from(actual[c]) - mean).abs() < 1e-6);
    }
}
