//! Helpers that the tests of the parts share; and objectives and dreams against finite differences on a tiny smooth network.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use burn::tensor::{Device, Tensor, TensorData};
use serde_json::json;

use super::diversity::Diversity;
use super::objective::{Objective, Place, Unit};
use super::octave::Octave;
use crate::methods::noise::Noise;
use crate::nn::{Graph, Network, Node, Parameter, ReluRule};
use crate::preprocess::{Channels, Fit, Interpolation, Preprocessing};

/// Normally distributed numbers.
pub(super) fn noise(seed: u64, shape: [usize; 4], device: &Device) -> Tensor<4> {
    let values = Noise::of_channel(seed, 0).normal(shape.iter().product());
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// The numbers of a tensor.
pub(super) fn read(tensor: Tensor<4>) -> Vec<f32> {
    tensor.into_data().try_into_vec::<f32>().unwrap()
}

/// The sum of the products.
pub(super) fn inner(one: Tensor<4>, other: Tensor<4>) -> f64 {
    read(one).iter().zip(read(other)).map(|(one, other)| f64::from(*one) * f64::from(other)).sum()
}

/// Two convolutions of a smooth activation function, so that finite differences can tell: 3 channels to 4 to 5.
fn smooth() -> Network {
    let device = Device::flex();
    let nodes: Vec<Node> = serde_json::from_value(json!([
        { "name": "a/linear", "op": "conv2d", "inputs": ["input"], "weight": "a",
          "padding": { "top": 1, "left": 1, "bottom": 1, "right": 1 } },
        { "name": "a", "op": "silu", "inputs": ["a/linear"] },
        { "name": "b", "op": "conv2d", "inputs": ["a"], "weight": "b" },
        { "name": "c", "op": "silu", "inputs": ["b"] },
    ]))
    .unwrap();
    let shape = |name: &str| Some(if name == "a" { vec![4, 3, 3, 3] } else { vec![5, 4, 3, 3] });
    let graph = Graph::new(nodes, [3, 6, 6], shape).unwrap();
    let kernel = |name: &str| {
        let (seed, shape) = if name == "a" { (1, [4, 3, 3, 3]) } else { (2, [5, 4, 3, 3]) };
        Some(Parameter::Kernel(noise(seed, shape, &device) * 0.4))
    };
    Network::new(graph, kernel, device.clone()).unwrap()
}

/// The largest distance of a directional derivative from finite differences, as a share, over a few directions.
fn off(gradient: Tensor<4>, at: Tensor<4>, value: impl Fn(Tensor<4>) -> f64) -> f64 {
    let directions = (10..16).map(|seed| {
        let (direction, step) = (noise(seed, at.dims(), &at.device()), 2e-3);
        let moved = |step: f32| value(at.clone() + direction.clone() * step);
        let slope = (moved(step) - moved(-step)) / (2.0 * f64::from(step));
        let expected = inner(gradient.clone(), direction.clone());
        (slope - expected).abs() / expected.abs().max(0.05)
    });
    directions.fold(0.0, f64::max)
}

#[test]
fn objectives_are_what_they_are_called_and_so_are_their_gradients() {
    let network = smooth();
    let layer = network.graph().id("c").unwrap();
    // 7 x 7 images have feature maps of 5 x 5.
    let inputs = noise(7, [2, 3, 7, 7], network.device());
    let trace = network.at_size(layer, [7, 7]).unwrap().forward(inputs.clone(), &[]);
    let features = read(network.at_size(layer, [7, 7]).unwrap().output(&trace, 3));
    let at = |image: usize, channel: usize, y: usize, x: usize| features[((image * 5 + channel) * 5 + y) * 5 + x];
    let mean = |image: usize, channel: usize| {
        (0..25).map(|place| at(image, channel, place / 5, place % 5)).sum::<f32>() / 25.0
    };
    let direction = Unit { weights: vec![(1, 2.0), (4, -0.5), (1, 1.0)], channel: None };
    let channels = [Unit::channel(3), Unit::channel(0)];
    let cases = [
        (Place::Everywhere, channels.to_vec(), [mean(0, 3), mean(1, 0)]),
        (Place::At([0.5, 0.5]), channels.to_vec(), [at(0, 3, 2, 2), at(1, 0, 2, 2)]),
        (Place::At([0.2, 1.0]), channels.to_vec(), [at(0, 3, 1, 4), at(1, 0, 1, 4)]),
        (
            Place::Everywhere,
            vec![direction.clone(), Unit::channel(2)],
            [3.0 * mean(0, 1) - 0.5 * mean(0, 4), mean(1, 2)],
        ),
    ];
    for (place, units, expected) in cases {
        let objective = Objective::new(&network, layer, 7, place).unwrap();
        let [values, gradient] = objective.gradient(inputs.clone(), &units, ReluRule::Gradient);
        for (value, expected) in read(values).into_iter().zip(expected) {
            assert!((value - expected).abs() < 1e-6, "{place:?}: {value} for {expected}");
        }
        let sum = |inputs| read(objective.value(inputs, &units)).into_iter().map(f64::from).sum();
        let off = off(gradient, inputs.clone(), sum);
        assert!(off < 5e-3, "{place:?}: off by {off}");
    }
}

#[test]
fn diversity_is_taken_from_the_gradient_and_not_from_the_objective() {
    let network = smooth();
    let layer = network.graph().id("c").unwrap();
    let (inputs, units) = (noise(8, [2, 3, 7, 7], network.device()), vec![Unit::channel(1); 2]);
    let plain = Objective::new(&network, layer, 7, Place::Everywhere).unwrap();
    let apart = plain.clone().with(Some(Diversity { images: 2, weight: 3.0 }));
    let [[value, slope], [same, pushed]] =
        [&plain, &apart].map(|objective| objective.gradient(inputs.clone(), &units, ReluRule::Gradient));
    assert_eq!(read(value), read(same));
    // Down the penalty's slope, the cosine of the two Gram matrices falls.
    let cosine = |inputs: Tensor<4>| {
        let trace = plain.network().forward(inputs, &[]);
        let features = read(plain.network().output(&trace, 3));
        let gram = |image: usize| -> Vec<f64> {
            let of = |channel: usize| &features[(image * 5 + channel) * 25..][..25];
            let entry = |one: &[f32], other: &[f32]| one.iter().zip(other).map(|(a, b)| f64::from(a * b)).sum::<f64>();
            (0..25).map(|pair| entry(of(pair / 5), of(pair % 5))).collect()
        };
        let grams = [gram(0), gram(1)];
        let inner = |one: usize, other: usize| {
            grams[one].iter().zip(&grams[other]).map(|(one, other)| one * other).sum::<f64>()
        };
        inner(0, 1) / (inner(0, 0) * inner(1, 1)).sqrt()
    };
    // D of two images is their cosine.
    let off = off((slope - pushed) / 3.0, inputs, cosine);
    assert!(off < 1e-2, "off by {off}");
}

fn preprocessing() -> Preprocessing {
    Preprocessing {
        width: 6,
        height: 6,
        fit: Fit::Squash,
        interpolation: Interpolation::Nearest,
        channels: Channels::Bgr,
        scale: 1.0 / 255.0,
        mean: [0.4, 0.5, 0.6],
        std: [0.2, 0.25, 0.5],
    }
}

/// Images of 0.3 to 0.7, off the ends of the range.
fn images(shape: [usize; 4]) -> Tensor<4> {
    let mut noise = Noise::of_channel(3, 0);
    let values: Vec<f32> = (0..shape.iter().product()).map(|_| 0.3 + 0.4 * noise.uniform()).collect();
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

#[test]
fn a_dreams_step_is_along_the_gradient_at_any_size_and_roll() {
    let network = smooth();
    let layer = network.graph().id("c").unwrap();
    for (size, channel) in [([7, 5], None), ([5, 9], Some(2))] {
        let octave = Octave::new(&network, layer, size, &preprocessing()).unwrap();
        let image = images([1, 3, size[0], size[1]]);
        let objective = |image: Tensor<4>| f64::from(read(octave.objective(image, channel))[0]);
        let (moved, before) = octave.step(image.clone(), channel, [0, 0], 1e-3);
        assert!((f64::from(read(before)[0]) - objective(image.clone())).abs() < 1e-6);
        let step = moved - image.clone();
        let mean = read(step.clone().abs()).into_iter().sum::<f32>() / (3 * size[0] * size[1]) as f32;
        assert!((mean - 1e-3).abs() < 1e-5, "{mean}");
        // A step is the gradient times a number, which the slope along itself gives.
        let slope = (objective(image.clone() + step.clone()) - objective(image.clone() - step.clone())) / 2.0;
        let length = inner(step.clone(), step.clone());
        let off = off(step.clone() * (slope / length) as f32, image.clone(), objective);
        assert!(off < 2e-2, "{size:?}: off by {off}");
        // Rolled, the image comes back to its place.
        let (there, _) = octave.step(image.clone(), channel, [3, -4], 0.0);
        assert_eq!(read(there), read(image.clone()));
        let (bright, _) = octave.step(image, channel, [-2, 11], 9.0);
        assert!(read(bright).iter().all(|value| (0.0..=1.0).contains(value)), "colours stay in their range");
    }
    let refused = Octave::new(&network, layer, [2, 2], &preprocessing()).map(|_| ()).unwrap_err().to_string();
    assert!(refused.contains("2 x 2"), "{refused}");
}

#[test]
fn a_dreams_objective_is_half_the_mean_square() {
    let network = smooth();
    let layer = network.graph().id("c").unwrap();
    let octave = Octave::new(&network, layer, [6, 6], &preprocessing()).unwrap();
    let image = images([1, 3, 6, 6]);
    let input: Vec<f32> = read(image.clone())
        .into_iter()
        .enumerate()
        .map(|(place, value)| {
            let channel = place / 36;
            (value - [0.4, 0.5, 0.6][channel]) / [0.2, 0.25, 0.5][channel]
        })
        .collect();
    let input = Tensor::from_data(TensorData::new(input, [1, 3, 6, 6]), network.device());
    let features = read(network.output(&network.forward(input, &[layer]), layer));
    let half_mean = |values: &[f32]| values.iter().map(|value| value * value).sum::<f32>() / values.len() as f32 / 2.0;
    for (channel, values) in [(None, &features[..]), (Some(3), &features[48..64])] {
        let found = read(octave.objective(image.clone(), channel))[0];
        assert!((found - half_mean(values)).abs() < 1e-6, "{channel:?}: {found}");
    }
}
