//! Grad-CAM against finite differences in float64 and a hand-written mask.

use convscope::explain::Blank;
use convscope::image::Image;
use convscope::model::Codec;
use serde_json::json;

use super::common::{self, Noise, maps, pack, tiny};
use super::{noise_image, seen};

/// The tiny network's tail from the output of `b` on, in float64, written out by hand: add the pool, join with `c`, average
/// pool of 2 x 2, dense.
struct Slow {
    pool: Vec<f64>,
    c: Vec<f64>,
    weight: Vec<f64>,
    bias: Vec<f64>,
}

impl Slow {
    fn logits(&self, b: &[f64]) -> [f64; 3] {
        let mut joined: Vec<f64> = b.iter().zip(&self.pool).map(|(b, pool)| b + pool).collect();
        joined.extend(&self.c);
        let mut logits = [self.bias[0], self.bias[1], self.bias[2]];
        for channel in 0..8 {
            for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let at = |y: usize, x: usize| joined[channel * 16 + (2 * i + y) * 4 + 2 * j + x];
                let mean = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4.0;
                for (class, logit) in logits.iter_mut().enumerate() {
                    *logit += mean * self.weight[(channel * 4 + 2 * i + j) * 3 + class];
                }
            }
        }
        logits
    }
}

fn softmax(logits: [f64; 3]) -> [f64; 3] {
    let powers = logits.map(f64::exp);
    let sum: f64 = powers.iter().sum();
    powers.map(|power| power / sum)
}

#[test]
fn grad_cam_equals_finite_differences_in_float64() {
    let memory = tiny(Codec::F32, 500);
    let seen = seen(&memory, noise_image(8, 8));
    let read = |name: &str| {
        let layer = seen.model().network.graph().id(name).unwrap();
        let values = seen.features(layer).into_data().try_into_vec::<f32>().unwrap();
        values.into_iter().map(f64::from).collect::<Vec<f64>>()
    };
    // The network's own parameters: the first 3 * 4 * 9 + 4 + 4 * 4 * 9 + 4 * 4 numbers come before the dense layer's.
    let mut noise = Noise(5);
    noise.many(108 + 4 + 144 + 16);
    let weight: Vec<f64> = noise.many(96).into_iter().map(f64::from).collect();
    let bias: Vec<f64> = noise.many(3).into_iter().map(f64::from).collect();
    let slow = Slow { pool: read("pool"), c: read("c"), weight, bias };
    let b = read("b");

    // The slow network must be the fast one, or the rest means nothing.
    for class in seen.classes() {
        assert!((slow.logits(&b)[class.index] - f64::from(class.logit)).abs() < 1e-5);
        assert!((softmax(slow.logits(&b))[class.index] - f64::from(class.probability.unwrap())).abs() < 1e-5);
    }

    for convention in ["paper", "keras_notebook"] {
        for class in 0..3 {
            let score = |b: &[f64]| match convention {
                "paper" => slow.logits(b)[class],
                _ => softmax(slow.logits(b))[class],
            };
            // a_k = mean_ij dy / dA_k[i, j], by central differences; L = sum_k a_k A_k (the notebook: the mean over k).
            let mut map = [0_f64; 16];
            for k in 0..4 {
                let mut sum = 0.0;
                for place in 16 * k..16 * (k + 1) {
                    let step = 1e-4;
                    let (mut up, mut down) = (b.clone(), b.clone());
                    up[place] += step;
                    down[place] -= step;
                    sum += (score(&up) - score(&down)) / (2.0 * step);
                }
                for (place, value) in map.iter_mut().enumerate() {
                    *value += sum / 16.0 * b[16 * k + place];
                }
            }
            let channels = if convention == "paper" { 1.0 } else { 4.0 };
            let map = map.map(|value| value / channels);
            let largest = map.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));

            let ours = maps(&seen, "grad_cam", class, "b", convention).remove(0);
            for (value, expected) in ours.signed.values.iter().zip(map) {
                let difference = (f64::from(*value) - expected).abs() / largest;
                assert!(difference < 1e-4, "{convention} class {class}: {value} for {expected}");
            }
            let top = map.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for (value, expected) in ours.normalised.values.iter().zip(map) {
                let expected = if top > 0.0 { expected.max(0.0) / top } else { 0.0 };
                assert!((f64::from(*value) - expected).abs() < 1e-4);
            }
        }
    }
}

/// Class 0 is the mean of red, class 1 that of green, class 2 that of blue: one channel a colour, then global average pooling.
fn colour_network() -> common::Memory {
    let identity = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0].to_vec();
    let nodes = json!([
        { "name": "colour/linear", "op": "conv2d", "inputs": ["input"], "weight": "w" },
        { "name": "colour", "op": "relu", "inputs": ["colour/linear"] },
        { "name": "logits", "op": "global_average_pool", "inputs": ["colour"] },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    pack([6, 4], nodes, &["colour"], 3, &[("w".into(), vec![3, 3, 1, 1], identity)], Codec::F32, 64)
}

#[test]
fn grad_cam_finds_a_hand_written_mask() {
    // A red cross and two green corners; the answer can be written down without any computing.
    let cross = [".R....", "RRR...", ".R....", "G....G"];
    let pixel = |c: char| match c {
        'R' => [255, 0, 0],
        'G' => [0, 255, 0],
        _ => [0, 0, 0],
    };
    let rgb = cross.iter().flat_map(|row| row.chars()).flat_map(pixel).collect();
    let seen = seen(&colour_network(), Image::from_rgb(6, 4, rgb).unwrap());
    for (class, colour) in ['R', 'G'].into_iter().enumerate() {
        let mask: Vec<f32> =
            cross.iter().flat_map(|row| row.chars()).map(|c| if c == colour { 1.0 } else { 0.0 }).collect();
        let map = maps(&seen, "grad_cam", class, "last", "paper").remove(0);
        assert_eq!((map.normalised.values, map.blank), (mask, None), "class {class}");
        // One of three channels counts, by 1/24 at each of 24 places: the raw maximum is 1/24.
        assert!((map.raw_maximum - 1.0 / 24.0).abs() < 1e-7);
    }
    // Nothing is blue: the channel that counts is dead, which the map says.
    let map = maps(&seen, "grad_cam", 2, "colour", "paper").remove(0);
    assert_eq!(map.blank, Some(Blank::DeadLayer));
    assert_eq!(map.normalised.values, [0.0; 24]);
}
