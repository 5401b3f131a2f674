//! Layer-wise relevance propagation and excitation backpropagation against the numbers of other programs, and against slow loops.

use burn::tensor::{Device, Tensor, TensorData};
use convscope::nn::lrp::{AlphaBeta, Bounded, Epsilon, Flat, Gamma, Preset, Propagation, SquaredWeights};
use convscope::nn::{Composite, Excitation, Graph, Network, Node, Parameter};
use serde_json::{Value, from_value, json};

use crate::common::Noise;
use crate::{relative_difference, values};

/// A named parameter: its shape, a kernel's or a matrix' or a vector's, and its numbers.
type Given<'a> = (&'a str, &'a [usize], Vec<f32>);

/// The relevance at the input of what the last node gives, seeded with `seed`, or with its own output.
fn relevance(nodes: Value, shape: [usize; 3], input: &[f32], given: &[Given<'_>], seed: Option<Vec<f32>>) -> Vec<f32> {
    by(Epsilon { epsilon: 1e-9 }, nodes, shape, input, given, seed)
}

fn by(
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
fn close(actual: &[f32], expected: &[f32]) {
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

/// What an output of a convolution is made of: for each place of the input that its window reaches, the place, its channel, the input
/// there and the weight; and the bias.
struct Window {
    parts: Vec<(usize, usize, f64, f64)>,
    bias: f64,
}

/// A convolution of two channels of 5 x 6 to three of 3 x 6 with numbers of either sign, uneven strides and zeros above and to the right.
struct Slow {
    weight: Vec<f32>,
    bias: Vec<f32>,
    input: Vec<f32>,
    seed: Vec<f32>,
}

impl Slow {
    fn new(noise: u32) -> Self {
        let mut noise = Noise(noise);
        let (weight, bias) = (noise.many(3 * 2 * 2 * 3), noise.many(3));
        Self { weight, bias, input: noise.many(2 * 5 * 6), seed: noise.many(3 * 3 * 6) }
    }

    fn fast(&self, rule: impl Composite) -> Vec<f32> {
        let nodes = json!([{
            "name": "conv", "op": "conv2d", "inputs": ["input"], "weight": "w", "bias": "b", "stride": [2, 1],
            "padding": { "top": 1, "left": 0, "bottom": 0, "right": 2 },
        }]);
        self.through(nodes, rule)
    }

    /// The same with the zeros put around beforehand.
    fn padded_before(&self, rule: impl Composite) -> Vec<f32> {
        let nodes = json!([
            { "name": "pad", "op": "pad", "inputs": ["input"], "padding": { "top": 1, "left": 0, "bottom": 0, "right": 2 } },
            { "name": "conv", "op": "conv2d", "inputs": ["pad"], "weight": "w", "bias": "b", "stride": [2, 1] },
        ]);
        self.through(nodes, rule)
    }

    fn through(&self, nodes: Value, rule: impl Composite) -> Vec<f32> {
        let given: [Given<'_>; 2] = [("w", &[3, 2, 2, 3], self.weight.clone()), ("b", &[3], self.bias.clone())];
        by(rule, nodes, [2, 5, 6], &self.input, &given, Some(self.seed.clone()))
    }

    /// The relevance by a formula that says what each part of a window gets of 1.
    fn slow(&self, split: impl Fn(&Window) -> Vec<f64>) -> Vec<f32> {
        let mut relevance = vec![0.0_f64; self.input.len()];
        for (index, &arrived) in self.seed.iter().enumerate() {
            let (out, row, column) = (index / 18, index / 6 % 3, index % 6);
            let mut window = Window { parts: vec![], bias: f64::from(self.bias[out]) };
            for (into, i, j) in (0..12).map(|k| (k / 6, k / 3 % 2, k % 3)) {
                let (y, x) = ((2 * row + i).wrapping_sub(1), column + j);
                if y < 5 && x < 6 {
                    let place = (into * 5 + y) * 6 + x;
                    let weight = f64::from(self.weight[((out * 2 + into) * 2 + i) * 3 + j]);
                    window.parts.push((place, into, f64::from(self.input[place]), weight));
                }
            }
            for (part, share) in window.parts.iter().zip(split(&window)) {
                relevance[part.0] += share * f64::from(arrived);
            }
        }
        relevance.into_iter().map(|value| value as f32).collect()
    }
}

impl Window {
    /// Of each part `of(channel, x, w)` divided by their sum and `rest`.
    fn shares(&self, rest: f64, of: impl Fn(usize, f64, f64) -> f64) -> Vec<f64> {
        let parts: Vec<f64> = self.parts.iter().map(|&(_, channel, x, w)| of(channel, x, w)).collect();
        let z = rest + parts.iter().sum::<f64>();
        // No window is so near to 0 that float32 cannot divide by it.
        assert!(z == 0.0 || z.abs() > 1e-3, "{z}");
        parts.into_iter().map(|part| if z == 0.0 { 0.0 } else { part / z }).collect()
    }

    fn z(&self) -> f64 {
        self.bias + self.parts.iter().map(|(_, _, x, w)| x * w).sum::<f64>()
    }
}

#[test]
fn convolutions_of_any_stride_and_padding_split_as_a_slow_loop_does() {
    let slow = Slow::new(71);
    let (low, high) = (vec![-1.5, -2.0], vec![1.25, 3.0]);
    let alpha_beta = |alpha: f64, beta: f64| {
        move |window: &Window| {
            let positive = window.shares(window.bias.max(0.0), |_, x, w| (x * w).max(0.0));
            let negative = window.shares(window.bias.min(0.0), |_, x, w| (x * w).min(0.0));
            positive.iter().zip(negative).map(|(one, other)| alpha * one - beta * other).collect::<Vec<_>>()
        }
    };
    let gamma = |gamma: f64| {
        move |window: &Window| {
            let positive = window.z() > 0.0;
            let favoured = |part: f64| part + gamma * if positive { part.max(0.0) } else { part.min(0.0) };
            window.shares(favoured(window.bias), |_, x, w| favoured(x * w))
        }
    };
    let bounds = [low.clone(), high.clone()].map(|bound| bound.into_iter().map(f64::from).collect::<Vec<f64>>());
    let boxed = |window: &Window| {
        window.shares(0.0, |channel, x, w| x * w - bounds[0][channel] * w.max(0.0) - bounds[1][channel] * w.min(0.0))
    };
    let epsilon = 1e-9;
    let (one_zero, two_one) =
        (AlphaBeta { alpha: 1.0, beta: 0.0, epsilon }, AlphaBeta { alpha: 2.0, beta: 1.0, epsilon });
    let bounded = Bounded { low, high, epsilon };
    let cases: [(&str, Vec<f32>, Vec<f32>); 9] = [
        ("epsilon", slow.fast(Epsilon { epsilon }), slow.slow(|window| window.shares(window.bias, |_, x, w| x * w))),
        ("alpha1 beta0", slow.fast(one_zero), slow.slow(alpha_beta(1.0, 0.0))),
        ("alpha2 beta1", slow.fast(two_one), slow.slow(alpha_beta(2.0, 1.0))),
        ("gamma", slow.fast(Gamma { gamma: 0.25, epsilon }), slow.slow(gamma(0.25))),
        ("box", slow.fast(bounded.clone()), slow.slow(boxed)),
        ("box behind a pad", slow.padded_before(bounded), slow.slow(boxed)),
        ("flat", slow.fast(Flat { epsilon }), slow.slow(|window| window.shares(0.0, |_, _, _| 1.0))),
        (
            "w^2",
            slow.padded_before(SquaredWeights { epsilon }),
            slow.slow(|window| window.shares(0.0, |_, _, w| w * w)),
        ),
        (
            "excitation",
            slow.fast(Excitation::default()),
            slow.slow(|window| window.shares(0.0, |_, x, w| x.max(0.0) * w.max(0.0))),
        ),
    ];
    for (rule, fast, slow) in cases {
        assert!(slow.iter().any(|&value| value != 0.0), "{rule}");
        let difference = relative_difference(&fast, &slow);
        println!("{rule}: {difference:e}");
        assert!(difference < 1e-4, "{rule}: {difference}");
    }
}

#[test]
fn rules_without_bias_keep_all_relevance() {
    let slow = Slow::new(71);
    let (low, high) = (vec![-1.5, -2.0], vec![1.25, 3.0]);
    let epsilon = 1e-9;
    let sum = |values: &[f32]| values.iter().sum::<f32>();
    let expected = sum(&slow.seed);
    for (rule, actual) in [
        ("flat", slow.padded_before(Flat { epsilon })),
        ("w^2", slow.fast(SquaredWeights { epsilon })),
        ("box", slow.padded_before(Bounded { low, high, epsilon })),
    ] {
        assert!((sum(&actual) - expected).abs() < 1e-4, "{rule}: {} of {expected}", sum(&actual));
    }
}

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
    // A convolution of 3 x 3 on an image whose right half is 0: there only biases are, and z is 0.
    let nodes = json!([{
        "name": "conv", "op": "conv2d", "inputs": ["input"], "weight": "w", "bias": "b",
        "padding": { "top": 1, "left": 1, "bottom": 1, "right": 1 },
    }]);
    let mut noise = Noise(73);
    let given: [Given<'_>; 2] = [("w", &[8, 4, 3, 3], noise.many(288)), ("b", &[8], vec![1.0; 8])];
    let input: Vec<f32> = (0..4 * 16 * 16).map(|place| if place % 16 < 8 { noise.next() + 1.0 } else { 0.0 }).collect();
    // As much arrives where nothing is as where something is.
    let seed = vec![1.0; 8 * 16 * 16];
    let actual = by(Excitation::default(), nodes, [4, 16, 16], &input, &given, Some(seed));
    // Windows of the first nine columns reach something, and nothing else is handed back.
    let sum: f64 = actual.iter().map(|&value| f64::from(value)).sum();
    assert!((sum - 8.0 * 16.0 * 9.0).abs() < 1e-2, "{sum}");
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
