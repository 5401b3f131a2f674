//! Every method on every tap of a tiny network, against slow independent code and a hand-written mask.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{Noise, pack, tiny};
use convscope::card::{Gives, LayersAsked};
use convscope::device::Opened;
use convscope::explain::{Ask, Blank, Convention, METHODS, Map};
use convscope::model::Codec;
use convscope::picture::Picture;
use convscope::session::Session;
use pollster::block_on;
use serde_json::json;

fn cpu() -> Opened {
    Opened::cpu()
}

fn session(memory: &common::Memory) -> Session {
    block_on(Session::open(memory, &cpu(), |_| {})).unwrap()
}

fn noise_picture(width: u32, height: u32) -> Picture {
    let mut noise = Noise(11);
    let rgb = (0..3 * width * height).map(|_| noise.below(256) as u8).collect();
    Picture::from_rgb(width, height, rgb).unwrap()
}

fn maps(session: &Session, class: usize, layer: &str, convention: Convention) -> Vec<Map> {
    let ask = Ask { class, layers: session.layers(layer, false).unwrap(), convention };
    let mut maps = vec![];
    let keep = async |map| {
        maps.push(map);
        true
    };
    block_on(session.explain("grad_cam", &ask, keep)).unwrap();
    maps
}

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
    let mut session = session(&memory);
    block_on(session.look(&noise_picture(8, 8))).unwrap();
    let read = |name: &str| {
        let layer = session.layers(name, true).unwrap()[0];
        block_on(session.feature_maps(layer)).unwrap().into_iter().map(f64::from).collect::<Vec<f64>>()
    };
    // The network's own parameters: the first 3 * 4 * 9 + 4 + 4 * 4 * 9 + 4 * 4 numbers come before the dense layer's.
    let mut noise = Noise(5);
    noise.many(108 + 4 + 144 + 16);
    let weight: Vec<f64> = noise.many(96).into_iter().map(f64::from).collect();
    let bias: Vec<f64> = noise.many(3).into_iter().map(f64::from).collect();
    let slow = Slow { pool: read("pool"), c: read("c"), weight, bias };
    let b = read("b");

    // The slow network must be the fast one, or the rest means nothing.
    for class in session.classes().unwrap() {
        assert!((slow.logits(&b)[class.index] - f64::from(class.logit)).abs() < 1e-5);
        assert!((softmax(slow.logits(&b))[class.index] - f64::from(class.probability)).abs() < 1e-5);
    }

    for convention in Convention::ALL {
        for class in 0..3 {
            let score = |b: &[f64]| match convention.name {
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
            let channels = if convention.name == "paper" { 1.0 } else { 4.0 };
            let map = map.map(|value| value / channels);
            let largest = map.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));

            let ours = maps(&session, class, "b", convention).remove(0);
            for (value, right) in ours.signed.values.iter().zip(map) {
                let difference = (f64::from(*value) - right).abs() / largest;
                assert!(difference < 1e-4, "{} class {class}: {value} for {right}", convention.name);
            }
            let top = map.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for (value, right) in ours.normalised.values.iter().zip(map) {
                let right = if top > 0.0 { right.max(0.0) / top } else { 0.0 };
                assert!((f64::from(*value) - right).abs() < 1e-4);
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
    let mut session = session(&colour_network());
    block_on(session.look(&Picture::from_rgb(6, 4, rgb).unwrap())).unwrap();
    for (class, colour) in ['R', 'G'].into_iter().enumerate() {
        let mask: Vec<f32> =
            cross.iter().flat_map(|row| row.chars()).map(|c| if c == colour { 1.0 } else { 0.0 }).collect();
        let map = maps(&session, class, "last", Convention::PAPER).remove(0);
        assert_eq!((map.normalised.values, map.blank), (mask, None), "class {class}");
        // One of three channels counts, by 1/24 at each of 24 places: the raw maximum is 1/24.
        assert!((map.raw_maximum - 1.0 / 24.0).abs() < 1e-7);
    }
    // Nothing is blue: the channel that counts is dead, which the map says.
    let map = maps(&session, 2, "colour", Convention::PAPER).remove(0);
    assert_eq!(map.blank, Some(Blank::DeadLayer));
    assert_eq!(map.normalised.values, [0.0; 24]);
}

#[test]
fn every_method_answers_on_every_tap() {
    let mut session = session(&tiny(Codec::Int8, 100));
    block_on(session.look(&noise_picture(20, 13))).unwrap();
    let layers = session.layers("all", false).unwrap();
    assert_eq!(layers.len(), 4, "the pool is no layer for class activation maps");
    for method in METHODS {
        for convention in Convention::ALL {
            for class in 0..3 {
                let ask = Ask { class, layers: layers.clone(), convention };
                let mut shown = vec![];
                let keep = async |map: Map| {
                    shown.push(map);
                    true
                };
                block_on(session.explain(&method.card().id, &ask, keep)).unwrap();
                if method.card().asks.layers == LayersAsked::Many {
                    assert_eq!(shown.len(), layers.len());
                } else {
                    assert_eq!(shown.iter().map(|map| map.layer.as_str()).collect::<Vec<_>>(), ["input"]);
                }
                for (map, &layer) in shown.iter().zip(&layers) {
                    let [_, height, width] = session.model().network.graph().shape(layer);
                    let size = if map.image.is_some() { [8, 8] } else { [height, width] };
                    assert_eq!([map.normalised.height, map.normalised.width], size);
                    assert_eq!(map.image.is_some(), method.card().gives == Gives::InputImage);
                    assert!(map.signed.values.iter().all(|value| value.is_finite()));
                    let top = map.normalised.max();
                    assert_eq!(top, if map.blank.is_some() { 0.0 } else { 1.0 });
                    assert!(map.normalised.min() >= 0.0);
                }
                if method.card().id == "grad_cam" {
                    // One walk for all layers gives what a walk for each gives.
                    let alone = maps(&session, class, "b", convention).remove(0);
                    assert_eq!(shown.iter().find(|map| map.layer == "b"), Some(&alone));
                }
            }
        }
    }
}

#[test]
fn an_explanation_can_be_stopped() {
    let mut session = session(&tiny(Codec::F32, 1000));
    block_on(session.look(&noise_picture(8, 8))).unwrap();
    let ask = Ask { class: 0, layers: session.layers("all", false).unwrap(), convention: Convention::PAPER };
    let mut shown = 0;
    let stop = async |_| {
        shown += 1;
        shown < 2
    };
    let error = block_on(session.explain("grad_cam", &ask, stop)).unwrap_err();
    assert!(matches!(error, convscope::Error::Cancelled));
    assert_eq!(shown, 2);
}

#[test]
fn what_does_not_exist_is_refused_with_what_does() {
    let mut session = session(&tiny(Codec::F32, 1000));
    let nothing = session.classes().unwrap_err().to_string();
    assert!(nothing.contains("no picture"), "{nothing}");
    block_on(session.look(&noise_picture(8, 8))).unwrap();
    let said = |error: convscope::Error| error.to_string();
    assert!(said(session.class("zebra").unwrap_err()).contains("class_0"));
    assert!(said(session.class("3").unwrap_err()).contains("0 to 2"));
    assert_eq!(session.class("Class 1").unwrap(), 1);
    assert_eq!(session.class("2").unwrap(), 2);
    assert!(said(session.layers("block9", true).unwrap_err()).contains("join"));
    let ask = Ask { class: 0, layers: vec![], convention: Convention::PAPER };
    let error = block_on(session.explain("tea_leaves", &ask, async |_| true)).unwrap_err();
    assert!(said(error).contains("grad_cam"));
    let behind = Ask { class: 0, layers: session.layers("softmax", true).unwrap(), convention: Convention::PAPER };
    let error = block_on(session.explain("grad_cam", &behind, async |_| true)).unwrap_err();
    assert!(said(error).contains("softmax"));
    assert!(Convention::named("tradition").unwrap_err().to_string().contains("keras_notebook"));
}
