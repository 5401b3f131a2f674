//! Rules of relevance at a convolution of any stride and padding against a slow loop.

use convscope::nn::lrp::{AlphaBeta, Bounded, Epsilon, Flat, Gamma, SquaredWeights};
use convscope::nn::{Composite, Excitation};
use serde_json::{Value, json};

use crate::common::Noise;
use crate::lrp::{Given, by};
use crate::relative_difference;

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
