//! Ops of newer networks: forward passes against formulas in double precision, and pullbacks against burn's autodiff.

use burn::tensor::{Device, Tensor, TensorData};
use convscope::nn::lrp::Epsilon;
use convscope::nn::{
    Add, AveragePool, Conv2d, Crop, Elu, Gelu, Graph, GroupNorm, HardSigmoid, HardSwish, LayerNorm, LeakyRelu,
    LocalResponseNorm, Multiply, Network, Node, Op, Padding, Parameter, Prelu, ReflectPad, ReluRule, Resize,
    ResizeMode, ResizePlaces, SelectChannels, Sigmoid, Tanh,
};

use crate::common::Noise;
use crate::{relative_difference, values};

/// Shape `[C, H, W]` of the input.
const SHAPE: [usize; 3] = [6, 7, 5];

/// Slopes of the parametric unit, one a channel.
const SLOPES: [f32; 6] = [0.25, -0.5, 0.0, 1.5, 0.1, -0.1];

/// Numbers on both sides of everything that an activation function has a corner at.
fn input() -> Vec<f32> {
    Noise(11).many(SHAPE.iter().product()).into_iter().map(|value| 5.0 * value).collect()
}

/// Network of those nodes; a vector `slopes` and a kernel `[6, 6, 1, 1]` are there to be named.
fn network(nodes: Vec<Node>, device: &Device) -> Network {
    let kernel = TensorData::new(Noise(12).many(36), [6, 6, 1, 1]);
    let parameter = |name: &str| match name {
        "slopes" => Some(Parameter::Vector(Tensor::from_data(SLOPES, device))),
        "kernel" => Some(Parameter::Kernel(Tensor::from_data(kernel.clone(), device))),
        _ => None,
    };
    let graph = Graph::new(nodes, SHAPE, |name| parameter(name).map(|parameter| parameter.shape())).unwrap();
    Network::new(graph, parameter, device.clone()).unwrap()
}

fn node(name: &str, inputs: &[&str], op: impl Into<Op>) -> Node {
    Node { name: name.into(), inputs: inputs.iter().map(|&input| input.into()).collect(), op: op.into() }
}

fn forward(op: Op) -> (Vec<f32>, [usize; 3]) {
    let device = Device::flex();
    let network = network(vec![node("one", &["input"], op)], &device);
    let [channels, height, width] = SHAPE;
    let x = Tensor::from_data(TensorData::new(input(), [1, channels, height, width]), &device);
    (values(network.output(&network.forward(x, &[]), 0)), network.graph().shape(0))
}

/// The normal distribution's share below `x`, by Simpson's rule.
fn normal(x: f64) -> f64 {
    let density = |t: f64| (-t * t / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let steps = 400;
    let inner = |step: i32| if step % 2 == 0 { 2.0 } else { 4.0 } * density(x * f64::from(step) / f64::from(steps));
    0.5 + x / f64::from(steps) / 3.0 * (density(0.0) + (1..steps).map(inner).sum::<f64>() + density(x))
}

#[test]
fn activation_functions_are_their_papers() {
    type Formula = fn(f64) -> f64;
    let cases: [(Op, Formula); 7] = [
        (LeakyRelu { slope: 0.25 }.into(), |x| x.max(0.25 * x)),
        (Elu { alpha: 0.5 }.into(), |x| if x > 0.0 { x } else { 0.5 * (x.exp() - 1.0) }),
        (Tanh {}.into(), |x| (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())),
        (Gelu { tanh: false }.into(), |x| x * normal(x)),
        (Gelu { tanh: true }.into(), |x| {
            0.5 * x * (1.0 + ((2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x.powi(3))).tanh())
        }),
        (HardSigmoid { slope: 0.2, shift: 0.5 }.into(), |x| (0.2 * x + 0.5).clamp(0.0, 1.0)),
        (HardSwish {}.into(), |x| {
            if x < -3.0 {
                0.0
            } else if x > 3.0 {
                x
            } else {
                x * (x + 3.0) / 6.0
            }
        }),
    ];
    for (op, formula) in cases {
        let (actual, shape) = forward(op.clone());
        assert_eq!(shape, SHAPE);
        for (x, y) in input().iter().zip(actual) {
            let expected = formula(f64::from(*x));
            assert!((f64::from(y) - expected).abs() < 2e-6, "{}: {y} for {expected} at {x}", op.name());
        }
    }
    let (actual, _) = forward(Prelu { slopes: "slopes".into() }.into());
    for (place, (x, y)) in input().iter().zip(actual).enumerate() {
        let expected = if *x > 0.0 { *x } else { SLOPES[place / 35] * x };
        assert!((y - expected).abs() < 1e-6, "{y} for {expected} at {x}");
    }
}

#[test]
fn normalizations_are_their_papers() {
    let input = input();
    let statistics = |places: &[usize]| {
        let all = || places.iter().map(|&place| f64::from(input[place]));
        let mean = all().sum::<f64>() / places.len() as f64;
        (mean, all().map(|x| (x - mean).powi(2)).sum::<f64>() / places.len() as f64)
    };
    let close = |op: Op, expected: &dyn Fn(usize) -> f64| {
        let (actual, _) = forward(op.clone());
        for (place, y) in actual.iter().enumerate() {
            assert!((f64::from(*y) - expected(place)).abs() < 1e-5, "{} at {place}", op.name());
        }
    };
    close(LayerNorm { epsilon: 0.1 }.into(), &|place| {
        let (mean, variance) = statistics(&(0..6).map(|c| 35 * c + place % 35).collect::<Vec<_>>());
        (f64::from(input[place]) - mean) / (variance + 0.1).sqrt()
    });
    close(GroupNorm { groups: 3, epsilon: 0.1 }.into(), &|place| {
        let (mean, variance) = statistics(&(0..70).map(|index| place / 70 * 70 + index).collect::<Vec<_>>());
        (f64::from(input[place]) - mean) / (variance + 0.1).sqrt()
    });
    // Of four channels, one lies before and two behind.
    close(LocalResponseNorm { size: 4, alpha: 0.5, beta: 0.75, bias: 2.0 }.into(), &|place| {
        let channel = place / 35;
        let around = channel.saturating_sub(1)..=(channel + 2).min(5);
        let sum: f64 = around.map(|c| f64::from(input[35 * c + place % 35]).powi(2)).sum();
        f64::from(input[place]) / (2.0 + 0.5 / 4.0 * sum).powf(0.75)
    });
}

#[test]
fn shapes_take_what_they_say() {
    let input = input();
    let at = |c: usize, y: usize, x: usize| input[(c * 7 + y) * 5 + x];
    let same = |op: Op, shape: [usize; 3], expected: &dyn Fn(usize, usize, usize) -> f32| {
        let (actual, found) = forward(op.clone());
        assert_eq!(found, shape, "{}", op.name());
        for (place, value) in actual.iter().enumerate() {
            let (c, y, x) = (place / (shape[1] * shape[2]), place / shape[2] % shape[1], place % shape[2]);
            assert!((value - expected(c, y, x)).abs() < 1e-6, "{} at {c}, {y}, {x}", op.name());
        }
    };
    same(SelectChannels { channels: vec![1, 2, 3] }.into(), [3, 7, 5], &|c, y, x| at(c + 1, y, x));
    // Six channels in two groups: 0 1 2 and 3 4 5.
    let order = [0, 3, 1, 4, 2, 5];
    same(SelectChannels::shuffled(6, 2).into(), SHAPE, &|c, y, x| at(order[c], y, x));
    let sides = Padding { top: 1, left: 0, bottom: 1, right: 2 };
    same(Crop { sides, stride: [2, 1] }.into(), [6, 3, 3], &|c, y, x| at(c, 1 + 2 * y, x));
    let padding = Padding { top: 2, left: 1, bottom: 0, right: 3 };
    // NumPy: np.pad(np.arange(7), (2, 0), 'reflect') and np.pad(np.arange(5), (1, 3), 'reflect').
    let (rows, columns) = ([2, 1, 0, 1, 2, 3, 4, 5, 6], [1, 0, 1, 2, 3, 4, 3, 2, 1]);
    same(ReflectPad { padding }.into(), [6, 9, 9], &|c, y, x| at(c, rows[y], columns[x]));
    let nearest = Resize { scale: [2.0, 2.0], mode: ResizeMode::NearestBefore, places: ResizePlaces::HalfPixel };
    same(nearest.into(), [6, 14, 10], &|c, y, x| at(c, y / 2, x / 2));
    // Centres of the new pixels lie a quarter and three quarters between the old ones'.
    let linear = Resize { scale: [1.0, 2.0], mode: ResizeMode::Linear, places: ResizePlaces::HalfPixel };
    same(linear.into(), [6, 7, 10], &|c, y, x| {
        let other = if x % 2 == 0 { (x / 2).saturating_sub(1) } else { (x / 2 + 1).min(4) };
        0.75 * at(c, y, x / 2) + 0.25 * at(c, y, other)
    });
    let corners = Resize { scale: [1.0, 9.0 / 5.0], mode: ResizeMode::Linear, places: ResizePlaces::AlignCorners };
    same(corners.into(), [6, 7, 9], &|c, y, x| {
        if x % 2 == 0 { at(c, y, x / 2) } else { (at(c, y, x / 2) + at(c, y, x / 2 + 1)) / 2.0 }
    });
}

#[test]
fn average_pools_count_what_is_there() {
    let input = input();
    let padding = Padding { top: 0, left: 1, bottom: 1, right: 0 };
    for (count_include_pad, ceil_mode) in [(false, false), (true, false), (false, true), (true, true)] {
        let (kernel, stride) = ([3, 2], [3, 3]);
        let op = AveragePool { kernel, stride, padding, count_include_pad, ceil_mode };
        let (actual, [_, height, width]) = forward(op.into());
        // 8 rows with what is around them hold 2 windows of 3 rows, and a third that reaches over the end; 6 columns hold 2.
        assert_eq!([height, width], [if ceil_mode { 3 } else { 2 }, 2]);
        for (place, mean) in actual.iter().enumerate() {
            let (c, i, j) = (place / (height * width), place / width % height, place % width);
            let (mut sum, mut count) = (0.0, 0);
            for (y, x) in (0..6).map(|k| (3 * i + k / 2, 3 * j + k % 2)) {
                let inside = y < 7 && (1..6).contains(&x);
                count += usize::from(inside || count_include_pad && y < 8 && x < 6);
                sum += if inside { f64::from(input[(c * 7 + y) * 5 + x - 1]) } else { 0.0 };
            }
            assert!((f64::from(*mean) - sum / count as f64).abs() < 1e-6, "{count_include_pad} {ceil_mode} at {place}");
        }
    }
}

/// Small networks in which each op stands between others.
fn cases() -> Vec<(String, Vec<Node>)> {
    let conv = || Conv2d {
        weight: "kernel".into(),
        bias: None,
        stride: [1, 1],
        padding: Padding::default(),
        dilation: [1, 1],
        groups: 1,
    };
    let uneven = Padding { top: 2, left: 1, bottom: 0, right: 3 };
    let resize = |mode, places| Op::from(Resize { scale: [1.7, 0.6], mode, places });
    let pool = |count_include_pad, ceil_mode| {
        let padding = Padding { top: 0, left: 1, bottom: 1, right: 0 };
        Op::from(AveragePool { kernel: [3, 2], stride: [2, 3], padding, count_include_pad, ceil_mode })
    };
    let ops: Vec<Op> = vec![
        LeakyRelu { slope: 0.25 }.into(),
        Prelu { slopes: "slopes".into() }.into(),
        Elu { alpha: 0.5 }.into(),
        Tanh {}.into(),
        Gelu { tanh: false }.into(),
        Gelu { tanh: true }.into(),
        HardSigmoid { slope: 0.2, shift: 0.5 }.into(),
        HardSwish {}.into(),
        LayerNorm { epsilon: 0.1 }.into(),
        GroupNorm { groups: 2, epsilon: 0.1 }.into(),
        LocalResponseNorm { size: 4, alpha: 0.5, beta: 0.75, bias: 2.0 }.into(),
        SelectChannels { channels: vec![1, 2, 3] }.into(),
        SelectChannels { channels: vec![5, 1, 1, 0] }.into(),
        Crop { sides: uneven, stride: [2, 1] }.into(),
        ReflectPad { padding: uneven }.into(),
        resize(ResizeMode::Linear, ResizePlaces::HalfPixel),
        resize(ResizeMode::Floor, ResizePlaces::Asymmetric),
        resize(ResizeMode::Ceil, ResizePlaces::AlignCorners),
        resize(ResizeMode::NearestBehind, ResizePlaces::HalfPixel),
        pool(false, true),
        pool(true, true),
        pool(false, false),
    ];
    let alone = ops.into_iter().map(|op| {
        let name = format!("{op:?}");
        (name, vec![node("conv", &["input"], conv()), node("op", &["conv"], op), node("end", &["op"], Tanh {})])
    });
    // A gate of each channel, one of each place, and one of each number.
    let gates = [
        vec![node("gate", &["conv"], AveragePool { kernel: [7, 5], ..whole() })],
        vec![node("gate", &["conv"], SelectChannels { channels: vec![2] })],
        vec![node("gate", &["conv"], LeakyRelu { slope: 0.5 })],
    ];
    let gated = gates.into_iter().map(|gate| {
        let front = [node("conv", &["input"], conv())].into_iter().chain(gate);
        let behind = [
            node("sigmoid", &["gate"], Sigmoid {}),
            node("product", &["conv", "sigmoid"], Multiply {}),
            node("sum", &["product", "conv"], Add {}),
        ];
        ("multiply".to_owned(), front.chain(behind).collect())
    });
    alone.chain(gated).collect()
}

fn whole() -> AveragePool {
    AveragePool {
        kernel: [1, 1],
        stride: [1, 1],
        padding: Padding::default(),
        count_include_pad: false,
        ceil_mode: false,
    }
}

#[test]
fn pullbacks_equal_autodiff() {
    let (plain, tracked) = (Device::flex(), Device::flex().autodiff());
    let [channels, height, width] = SHAPE;
    let data = TensorData::new(input(), [1, channels, height, width]);
    for (name, nodes) in cases() {
        let last = nodes.len() - 1;
        let differentiable = network(nodes.clone(), &tracked);
        let [c, h, w] = differentiable.graph().shape(last);
        let seed = TensorData::new(Noise(13).many(c * h * w), [1, c, h, w]);
        let x = Tensor::<4>::from_data(data.clone(), &tracked).require_grad();
        let output = differentiable.output(&differentiable.forward(x.clone(), &[]), last);
        let gradients = (output * Tensor::from_data(seed.clone(), &tracked)).sum().backward();
        let oracle = values(x.grad(&gradients).unwrap());

        let ours = network(nodes, &plain);
        let trace = ours.forward(Tensor::from_data(data.clone(), &plain), &[]);
        let pulled = ours.pullback(&trace, last, Tensor::from_data(seed, &plain), ReluRule::Gradient, &[None]);
        let pulled = values(pulled.into_iter().next().flatten().unwrap());
        assert!(oracle.iter().any(|&value| value != 0.0), "{name}: the oracle is blind");
        let difference = relative_difference(&pulled, &oracle);
        assert!(difference < 1e-5, "{name}: {difference}");
    }
}

#[test]
fn a_signal_takes_all_relevance_and_normalizations_hand_it_on() {
    let device = Device::flex();
    let gated = [
        node("signal", &["input"], LeakyRelu { slope: 0.5 }),
        node("gate", &["signal"], AveragePool { kernel: [7, 5], ..whole() }),
        node("sigmoid", &["gate"], Sigmoid {}),
        node("product", &["signal", "sigmoid"], Multiply {}),
        node("norm", &["product"], LayerNorm { epsilon: 0.1 }),
    ];
    let network = network(gated.into(), &device);
    let [channels, height, width] = SHAPE;
    let tensor = |values| Tensor::<4>::from_data(TensorData::new(values, [1, channels, height, width]), &device);
    let trace = network.forward(tensor(input()), &[]);
    let seed = Noise(14).many(SHAPE.iter().product());
    let arrived = network.pullback(&trace, 4, tensor(seed.clone()), Epsilon { epsilon: 1e-6 }, &[Some(0), Some(2)]);
    let [signal, gate] = [0, 1].map(|place| values(arrived[place].clone().unwrap()));
    assert_eq!(signal, seed);
    assert!(gate.iter().all(|&relevance| relevance == 0.0));
}
