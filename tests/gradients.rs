//! Every op's forward pass against slow loops, and every op's pullback against burn's autodiff, on random small graphs.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::collections::HashMap;

use burn::tensor::{Device, Tensor, TensorData};
use common::Noise;
use convscope::model::column_chunks;
use convscope::nn::{Graph, Network, Node, Op, Padding, Params, ReluRule};

/// A graph that grows: nodes with the shapes they have.
struct Builder {
    noise: Noise,
    nodes: Vec<Node>,
    params: Vec<Params>,
    shapes: HashMap<String, Vec<usize>>,
    device: Device,
}

impl Builder {
    fn tensor<const D: usize>(&mut self, shape: [usize; D]) -> Tensor<D> {
        let values = self.noise.many(shape.iter().product());
        Tensor::from_data(TensorData::new(values, shape), &self.device)
    }

    fn push(&mut self, op: Op, inputs: &[&str], params: Params) -> String {
        let name = format!("n{}", self.nodes.len());
        let inputs = inputs.iter().map(|&input| input.to_owned()).collect();
        self.nodes.push(Node { name: name.clone(), inputs, op });
        self.params.push(params);
        name
    }

    fn conv(&mut self, input: &str, [into, out]: [usize; 2], kernel: [usize; 2], groups: usize) -> String {
        let index = self.nodes.len();
        let weight = self.tensor([out, into / groups, kernel[0], kernel[1]]);
        let bias = self.tensor([out]);
        let names = [format!("w{index}"), format!("b{index}")];
        self.shapes.insert(names[0].clone(), weight.dims().to_vec());
        self.shapes.insert(names[1].clone(), vec![out]);
        let mut pad = || self.noise.below(3);
        let padding = Padding { top: pad(), left: pad(), bottom: pad(), right: pad() };
        let op = Op::Conv2d {
            weight: names[0].clone(),
            bias: Some(names[1].clone()),
            stride: [1 + self.noise.below(2), 1 + self.noise.below(2)],
            padding,
            dilation: [1 + self.noise.below(2), 1],
            groups,
        };
        self.push(op, &[input], Params::Conv(weight, Some(bias)))
    }

    /// A random graph on `[3, 11, 9]`: a stem, two branches joined by concat and two by add, pools, and a dense end.
    fn random(seed: u32, device: &Device) -> (Network, usize) {
        let noise = Noise(seed);
        let mut graph = Self { noise, nodes: vec![], params: vec![], shapes: HashMap::new(), device: device.clone() };
        let stem = graph.conv("input", [3, 4], [3, 2], 1);
        let stem = if seed.is_multiple_of(2) {
            graph.push(Op::Relu, &[&stem], Params::None)
        } else {
            graph.push(Op::Clip { min: -0.5, max: 1.5 }, &[&stem], Params::None)
        };
        let uneven = Padding { top: 1, left: 0, bottom: 0, right: 1 };
        let padding = if seed.is_multiple_of(3) { uneven } else { Padding::all(1) };
        let ceil_mode = seed.is_multiple_of(5);
        let pool = Op::MaxPool { kernel: [3, 2], stride: [2, 1], padding, ceil_mode };
        let pool = graph.push(pool, &[&stem], Params::None);
        // Two looks at the pool of one size: 1 x 1 convolutions, one of them in groups.
        let mut branch = |groups: usize| {
            let index = graph.nodes.len();
            let weight = graph.tensor([4, 4 / groups, 1, 1]);
            graph.shapes.insert(format!("w{index}"), weight.dims().to_vec());
            let op = Op::Conv2d {
                weight: format!("w{index}"),
                bias: None,
                stride: [1, 1],
                padding: Padding::default(),
                dilation: [1, 1],
                groups,
            };
            let linear = graph.push(op, &[&pool], Params::Conv(weight, None));
            graph.push(Op::Relu, &[&linear], Params::None)
        };
        let (left, right) = (branch(1), branch(2));
        let sum = graph.push(Op::Add, &[&left, &right, &pool], Params::None);
        let join = graph.push(Op::Concat, &[&sum, &right, &left], Params::None);
        let average = Op::AveragePool {
            kernel: [2, 2],
            stride: [1, 2],
            padding: Padding::all(seed as usize % 2),
            count_include_pad: seed.is_multiple_of(3),
        };
        let small = graph.push(average, &[&join], Params::None);
        let small = if seed.is_multiple_of(4) {
            graph.push(Op::GlobalAveragePool, &[&small], Params::None)
        } else {
            graph.push(Op::Flatten, &[&small], Params::None)
        };
        let shapes = graph.shapes.clone();
        let so_far = Graph::new(graph.nodes.clone(), [3, 11, 9], |name| shapes.get(name).cloned()).unwrap();
        let rows = so_far.shape(so_far.id(&small).unwrap())[0];
        // Small weights keep the softmax away from its ceiling, where its gradient is a difference of almost equal numbers
        // and float32 itself, autodiff's too, is off by more than is asked for here.
        let weight: Vec<f32> = graph.noise.many(rows * 5).into_iter().map(|weight| weight / rows as f32).collect();
        graph.shapes.insert("dense.w".into(), vec![rows, 5]);
        graph.shapes.insert("dense.b".into(), vec![5]);
        let bias = graph.tensor([1, 5]);
        // Chunks of two columns: the seams of the chunks are part of the test.
        let chunks = column_chunks(rows, 5, 8 * rows).map(|columns| {
            let piece: Vec<f32> = weight.chunks_exact(5).flat_map(|row| row[columns.clone()].to_vec()).collect();
            Tensor::<2>::from_data(TensorData::new(piece, [rows, columns.len()]), device)
        });
        let chunks: Vec<Tensor<2>> = chunks.collect();
        assert_eq!(chunks.len(), 3);
        let dense = Op::Dense { weight: "dense.w".into(), bias: Some("dense.b".into()) };
        let dense = graph.push(dense, &[&small], Params::Dense(chunks, Some(bias)));
        let last = graph.push(Op::Softmax, &[&dense], Params::None);
        let shapes = graph.shapes.clone();
        let checked = Graph::new(graph.nodes, [3, 11, 9], |name| shapes.get(name).cloned()).unwrap();
        let last = checked.id(&last).unwrap();
        (Network::new(checked, graph.params, device.clone()), last)
    }
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec::<f32>().unwrap()
}

fn relative_difference(found: &[f32], right: &[f32]) -> f32 {
    assert_eq!(found.len(), right.len());
    let largest = right.iter().fold(1e-30_f32, |largest, value| largest.max(value.abs()));
    let difference = found.iter().zip(right).fold(0_f32, |most, (one, other)| most.max((one - other).abs()));
    difference / largest
}

#[test]
fn pullbacks_equal_autodiff_on_random_graphs() {
    // Two networks of the same numbers: burn's autodiff works the oracle's out, ours is walked without it.
    let (plain, tracked) = (Device::flex(), Device::flex().autodiff());
    let mut worst = 0_f32;
    for seed in 1..=40 {
        let mut noise = Noise(seed + 1000);
        let input = TensorData::new(noise.many(3 * 11 * 9), [1, 3, 11, 9]);
        let questions = TensorData::new(noise.many(5), [1, 5, 1, 1]);

        let (network, last) = Builder::random(seed, &tracked);
        let x = Tensor::<4>::from_data(input.clone(), &tracked).require_grad();
        let output = network.output(&network.forward(x.clone(), &[]), last);
        let gradients = (output * Tensor::from_data(questions.clone(), &tracked)).sum().backward();
        let oracle = values(x.grad(&gradients).unwrap());

        let (network, last) = Builder::random(seed, &plain);
        let trace = network.forward(Tensor::from_data(input, &plain), &[]);
        let questions = Tensor::from_data(questions, &plain);
        let ours = network.pullback(&trace, last, questions, ReluRule::Gradient, &[None]);
        let ours = values(ours.into_iter().next().flatten().unwrap());
        assert!(oracle.iter().any(|&value| value != 0.0), "graph {seed}: the oracle is blind");
        let difference = relative_difference(&ours, &oracle);
        worst = worst.max(difference);
        assert!(difference <= 1e-5, "graph {seed}: relative difference {difference}");
    }
    println!("largest relative difference to autodiff over 40 graphs: {worst:e}");
}

#[test]
fn a_batch_of_questions_is_each_question_alone() {
    let device = Device::flex();
    for seed in [2, 3, 4, 15] {
        let (network, last) = Builder::random(seed, &device);
        let input = TensorData::new(Noise(9).many(3 * 11 * 9), [1, 3, 11, 9]);
        let trace = network.forward(Tensor::from_data(input, &device), &[]);
        let questions = Noise(seed).many(2 * 5);
        let ask = |questions: &[f32], count: usize| {
            let seed = Tensor::<4>::from_data(TensorData::new(questions.to_vec(), [count, 5, 1, 1]), &device);
            let wanted = [None, Some(2)];
            let answers = network.pullback(&trace, last, seed, ReluRule::Gradient, &wanted);
            answers.into_iter().map(|answer| values(answer.unwrap())).collect::<Vec<_>>()
        };
        let both = ask(&questions, 2);
        let (first, second) = (ask(&questions[..5], 1), ask(&questions[5..], 1));
        for (both, (first, second)) in both.iter().zip(first.into_iter().zip(second)) {
            assert!(relative_difference(both, &[first, second].concat()) <= 1e-5);
        }
    }
}

#[test]
fn forward_ops_equal_slow_loops() {
    let device = Device::flex();
    let input: Vec<f32> = Noise(3).many(2 * 5 * 6);
    let at = |c: usize, y: isize, x: isize| {
        let inside = (0..5).contains(&y) && (0..6).contains(&x);
        inside.then(|| f64::from(input[(c * 5 + y as usize) * 6 + x as usize]))
    };
    let run = |op: Op, params: Params, shapes: &[(&str, Vec<usize>)]| {
        let nodes = vec![Node { name: "one".into(), inputs: vec!["input".into()], op }];
        let shape = |name: &str| shapes.iter().find(|(other, _)| *other == name).map(|(_, shape)| shape.clone());
        let graph = Graph::new(nodes, [2, 5, 6], shape).unwrap();
        let [c, h, w] = graph.shape(0);
        let network = Network::new(graph, vec![params], device.clone());
        let x = Tensor::from_data(TensorData::new(input.clone(), [1, 2, 5, 6]), &device);
        let found = network.output(&network.forward(x, &[]), 0);
        assert_eq!(found.dims(), [1, c, h, w], "the graph's shape is not the tensor's");
        (values(found), [c, h, w])
    };

    // Convolution: y[o, i, j] = b[o] + sum_{c, u, v} w[o, c, u, v] x[c, s i + d u - top, s j + d v - left].
    let weight = Noise(4).many(3 * 2 * 3 * 2);
    let padding = Padding { top: 1, left: 2, bottom: 0, right: 1 };
    let op =
        Op::Conv2d { weight: "w".into(), bias: Some("b".into()), stride: [2, 1], padding, dilation: [1, 2], groups: 1 };
    let params = Params::Conv(
        Tensor::from_data(TensorData::new(weight.clone(), [3, 2, 3, 2]), &device),
        Some(Tensor::from_data([0.5, -0.5, 0.25], &device)),
    );
    let (found, [_, height, width]) = run(op, params, &[("w", vec![3, 2, 3, 2]), ("b", vec![3])]);
    for (index, value) in found.iter().enumerate() {
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
        let op = Op::MaxPool { kernel: [2, 3], stride: [2, 2], padding, ceil_mode: false };
        let (found, [_, height, width]) = run(op, Params::None, &[]);
        for (index, value) in found.iter().enumerate() {
            let (c, i, j) = (index / (height * width), index / width % height, index % width);
            let seen = windows(c, i, j, top, left).filter_map(|(c, y, x)| at(c, y, x));
            assert_eq!(f64::from(*value), seen.fold(f64::NEG_INFINITY, f64::max), "max pool at {index}");
        }
    }
    for count_include_pad in [false, true] {
        let op = Op::AveragePool { kernel: [2, 3], stride: [2, 2], padding: Padding::all(1), count_include_pad };
        let (found, [_, height, width]) = run(op, Params::None, &[]);
        for (index, value) in found.iter().enumerate() {
            let (c, i, j) = (index / (height * width), index / width % height, index % width);
            let seen: Vec<f64> = windows(c, i, j, 1, 1).filter_map(|(c, y, x)| at(c, y, x)).collect();
            let count = if count_include_pad { 6 } else { seen.len() };
            let mean = seen.iter().sum::<f64>() / count as f64;
            assert!((f64::from(*value) - mean).abs() < 1e-6, "average pool at {index}");
        }
    }

    // Softmax over the channels, and the global mean.
    let (found, _) = run(Op::Softmax, Params::None, &[]);
    for place in 0..30 {
        let logits = [0, 1].map(|c| f64::from(input[30 * c + place]).exp());
        assert!((f64::from(found[place]) - logits[0] / (logits[0] + logits[1])).abs() < 1e-6);
    }
    let (found, _) = run(Op::GlobalAveragePool, Params::None, &[]);
    for c in 0..2 {
        let mean = input[30 * c..][..30].iter().map(|&x| f64::from(x)).sum::<f64>() / 30.0;
        assert!((f64::from(found[c]) - mean).abs() < 1e-6);
    }
}

#[test]
fn rectifier_rules_equal_their_papers() {
    // y = max(x, 0) for x of each sign, and what comes from above of each sign: the tables of arXiv 1412.6806, figure 1.
    let device = Device::flex();
    let nodes = vec![Node { name: "relu".into(), inputs: vec!["input".into()], op: Op::Relu }];
    let graph = Graph::new(nodes, [1, 2, 2], |_| None).unwrap();
    let network = Network::new(graph, vec![Params::None], device.clone());
    let plane = |values: [f32; 4]| Tensor::<4>::from_data(TensorData::new(values.to_vec(), [1, 1, 2, 2]), &device);
    let trace = network.forward(plane([1.0, 2.0, -1.0, -2.0]), &[]);
    for (rule, right) in [
        (ReluRule::Gradient, [3.0, -4.0, 0.0, 0.0]),
        (ReluRule::GuidedBackprop, [3.0, 0.0, 0.0, 0.0]),
        (ReluRule::Deconvnet, [3.0, 0.0, 5.0, 0.0]),
    ] {
        let pulled = network.pullback(&trace, 0, plane([3.0, -4.0, 5.0, -6.0]), rule, &[None]);
        assert_eq!(values(pulled.into_iter().next().flatten().unwrap()), right, "{rule:?}");
    }
}

#[test]
fn a_rectifier_with_a_maximum_obeys_the_same_rules() {
    // xplique's test: x = [5, 0, -5, 10], y = ReLU(max 3), y^2: deconvnet gives [6, 0, 0, 6]. A negative gradient is never passed, and
    // guided backpropagation passes none where the true gradient is none.
    let device = Device::flex();
    let op = Op::Clip { min: 0.0, max: 3.0 };
    let nodes = vec![Node { name: "relu".into(), inputs: vec!["input".into()], op }];
    let graph = Graph::new(nodes, [1, 2, 2], |_| None).unwrap();
    let network = Network::new(graph, vec![Params::None], device.clone());
    let plane = |values: [f32; 4]| Tensor::<4>::from_data(TensorData::new(values.to_vec(), [1, 1, 2, 2]), &device);
    for (x, above, rule, right) in [
        ([5.0, 0.0, -5.0, 10.0], [6.0, 0.0, 0.0, 6.0], ReluRule::Deconvnet, [6.0, 0.0, 0.0, 6.0]),
        ([5.0, 1.0, -5.0, 2.0], [6.0, -2.0, 7.0, 4.0], ReluRule::Deconvnet, [6.0, 0.0, 7.0, 4.0]),
        ([5.0, 1.0, -5.0, 2.0], [6.0, -2.0, 7.0, 4.0], ReluRule::GuidedBackprop, [0.0, 0.0, 0.0, 4.0]),
        ([5.0, 1.0, -5.0, 2.0], [6.0, -2.0, 7.0, 4.0], ReluRule::Gradient, [0.0, -2.0, 0.0, 4.0]),
    ] {
        let trace = network.forward(plane(x), &[]);
        let pulled = network.pullback(&trace, 0, plane(above), rule, &[None]);
        assert_eq!(values(pulled.into_iter().next().flatten().unwrap()), right, "{rule:?}");
    }
}

#[test]
fn only_what_is_asked_for_is_walked_to() {
    let device = Device::flex();
    let (network, last) = Builder::random(2, &device);
    let input = TensorData::new(Noise(9).many(3 * 11 * 9), [1, 3, 11, 9]);
    let trace = network.forward(Tensor::from_data(input, &device), &[]);
    let seed = Tensor::<4>::ones([1, 5, 1, 1], &device);
    // The dense layer, the softmax itself, and a node behind the start: the last has no answer.
    let dense = last - 1;
    let wanted = [Some(dense), Some(last)];
    let found = network.pullback(&trace, last, seed.clone(), ReluRule::Gradient, &wanted);
    assert!(found.iter().all(Option::is_some));
    let none = network.pullback(&trace, dense, seed, ReluRule::Gradient, &[Some(last)]);
    assert!(none[0].is_none());
}
