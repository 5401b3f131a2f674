//! Every method on every tap of a tiny network, against slow independent code and a hand-written mask.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::cell::Cell;
use std::pin::Pin;

use common::{Noise, maps, model, pack, tiny};
use convscope::artifact::Artifact;
use convscope::card::{Gives, LayersAsked};
use convscope::explain::Blank;
use convscope::methods::methods;
use convscope::model::Codec;
use convscope::observation::Observation;
use convscope::picture::Picture;
use convscope::request::{Layers, Request};
use convscope::run::{Collect, Heard, Listener, run};
use pollster::block_on;
use serde_json::json;

fn seen(memory: &common::Memory, picture: Picture) -> Observation {
    model(memory).observe(picture).unwrap()
}

fn noise_picture(width: u32, height: u32) -> Picture {
    let mut noise = Noise(11);
    let rgb = (0..3 * width * height).map(|_| noise.below(256) as u8).collect();
    Picture::from_rgb(width, height, rgb).unwrap()
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
    let seen = seen(&memory, noise_picture(8, 8));
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
        assert!((softmax(slow.logits(&b))[class.index] - f64::from(class.probability)).abs() < 1e-5);
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
            for (value, right) in ours.signed.values.iter().zip(map) {
                let difference = (f64::from(*value) - right).abs() / largest;
                assert!(difference < 1e-4, "{convention} class {class}: {value} for {right}");
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
    let seen = seen(&colour_network(), Picture::from_rgb(6, 4, rgb).unwrap());
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

/// The request that a method is tried with: few steps, the tap `b` where it takes one.
fn request(card: &convscope::card::Card, class: usize, convention: &str) -> Request {
    let layers = if card.asks.layers == LayersAsked::One { Layers::parse("b") } else { Layers::All };
    let mut request = Request { method: card.id.to_string(), class: Some(class), layers, ..Request::default() };
    request.convention = convention.into();
    for param in card.params.iter().filter(|param| ["masks", "steps", "size", "window"].contains(&param.id.as_ref())) {
        request.set(card, &param.id, "8").unwrap();
    }
    if card.asks.map {
        request.map = Some(Box::new(Request { method: "grad_cam".into(), layers: Layers::All, ..Request::default() }));
    }
    request
}

#[test]
fn every_method_answers_on_every_tap_in_every_convention() {
    let seen = seen(&tiny(Codec::Int8, 100), noise_picture(20, 13));
    let taps = seen.model().layers(&Layers::All, LayersAsked::Many).unwrap();
    assert_eq!(taps.len(), 4, "the pool is no layer for class activation maps");
    for card in methods().map(|method| method.card()) {
        for convention in card.conventions.iter() {
            for class in 0..3 {
                let (request, kept) = (request(card, class, &convention.name), Collect::default());
                block_on(run(&seen, &request, &kept)).unwrap();
                let artifacts = kept.into_artifacts();
                let expected = match card.gives {
                    Gives::LayerMap { .. } | Gives::Curve => taps.len(),
                    Gives::InputImage if card.asks.layers == LayersAsked::Many => taps.len(),
                    Gives::InputImage | Gives::InputMap { .. } => 1,
                    Gives::Sheet => 5,
                    Gives::Panels => 4,
                };
                assert_eq!(artifacts.len(), expected, "{}", card.id);
                artifacts.iter().for_each(|artifact| whole(card, artifact));
            }
        }
    }
}

/// That an artifact is of the kind that its method's card promises, and its numbers are numbers.
fn whole(card: &convscope::card::Card, artifact: &Artifact) {
    match (card.gives, artifact) {
        (Gives::LayerMap { .. } | Gives::InputMap { .. } | Gives::InputImage, Artifact::Map(map)) => {
            assert_eq!(map.image.is_some(), card.gives == Gives::InputImage, "{}", card.id);
            let at_input = !matches!(card.gives, Gives::LayerMap { .. });
            let side = if at_input || map.layer == "a" { 8 } else { 4 };
            assert_eq!([map.normalised.height, map.normalised.width], [side, side], "{}", card.id);
            assert!(map.signed.values.iter().all(|value| value.is_finite()));
            assert!(card.gives.signed() || at_input || map.signed.min() >= 0.0 || map.blank.is_none(), "{}", card.id);
            assert_eq!(map.normalised.max(), if map.blank.is_some() { 0.0 } else { 1.0 });
            assert!(map.normalised.min() >= 0.0);
        }
        (Gives::Panels, Artifact::Panel(panel)) => {
            assert!(panel.layer == "b" && panel.channel < 4);
            assert!(panel.values.iter().all(|value| value.is_finite()));
            assert_eq!(panel.drawing.as_ref().map_or(192, |drawing| drawing.rgb.len()), 192);
        }
        (Gives::Sheet, Artifact::Sheet(sheet)) => {
            assert_eq!(sheet.values.len(), sheet.activation.shape.iter().product::<usize>());
        }
        (Gives::Curve, Artifact::Curve(curve)) => {
            assert_eq!((curve.points.len(), curve.points[0].0, curve.points[8].0), (9, 0.0, 1.0));
            assert!(curve.area.is_finite());
        }
        (gives, artifact) => panic!("{} promises {gives:?} and gives {artifact:?}", card.id),
    }
}

#[test]
fn all_layers_maps_come_of_one_backward_pass_as_of_one_each() {
    let seen = seen(&tiny(Codec::Int8, 100), noise_picture(20, 13));
    for convention in ["paper", "keras_notebook"] {
        let all = maps(&seen, "grad_cam", 1, "all", convention);
        let alone = |layer: &str| maps(&model_of(&seen), "grad_cam", 1, layer, convention).remove(0);
        assert!(all.iter().all(|map| *map == alone(&map.layer)), "{convention}");
    }
}

/// The same image seen anew, with no gradient known.
fn model_of(seen: &Observation) -> Observation {
    seen.model().observe(seen.picture().clone()).unwrap()
}

/// Listener that says stop when it has heard so much.
struct Patience {
    left: Cell<usize>,
}

impl Listener for Patience {
    fn hear<'a>(&'a self, _: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        self.left.set(self.left.get() - 1);
        Box::pin(std::future::ready(self.left.get() > 0))
    }
}

#[test]
fn every_method_can_be_stopped() {
    let seen = seen(&tiny(Codec::F32, 1000), noise_picture(8, 8));
    for card in methods().map(|method| method.card()) {
        let patience = Patience { left: Cell::new(1) };
        let done = block_on(run(&seen, &request(card, 0, ""), &patience));
        assert!(matches!(done, Err(convscope::Error::Cancelled)), "{}: {done:?}", card.id);
        assert_eq!(patience.left.get(), 0, "{}", card.id);
    }
}

#[test]
fn what_does_not_exist_is_refused_with_what_does() {
    let tiny = model(&tiny(Codec::F32, 1000));
    let said = |error: convscope::Error| error.to_string();
    let refused = |request: &Request| said(block_on(run(&*tiny, request, &Collect::default())).unwrap_err());
    let nothing = refused(&Request { method: "grad_cam".into(), class: Some(0), ..Request::default() });
    assert!(nothing.contains("no picture"), "{nothing}");
    let seen = tiny.observe(noise_picture(8, 8)).unwrap();
    assert!(said(seen.class("zebra").unwrap_err()).contains("class_0"));
    assert!(said(seen.class("3").unwrap_err()).contains("0 to 2"));
    assert_eq!(seen.class("Class 1").unwrap(), 1);
    assert_eq!(seen.class("2").unwrap(), 2);
    assert_eq!(seen.class("top1").unwrap(), seen.top().unwrap());
    assert!(said(seen.explain("tea_leaves").unwrap_err()).contains("grad_cam"));
    let refused = |layer: &str| said(seen.explain("grad_cam").unwrap().layer(layer).map().unwrap_err());
    assert!(refused("block9").contains("join"));
    assert!(refused("softmax").contains("softmax"));
    assert!(refused("all").contains("several maps"));
    let error = seen.explain("grad_cam").unwrap().convention("tradition").map().unwrap_err();
    assert!(said(error).contains("keras_notebook"));
    let error = seen.explain("rise").unwrap().set("maks", "3").unwrap_err();
    assert!(said(error).contains("did you mean masks?"));
    let deletion = |measured| seen.explain("deletion").unwrap().of(seen.explain(measured).unwrap()).artifacts();
    assert!(said(deletion("gradient").unwrap_err()).contains("makes no map"));
    assert!(said(seen.explain("deletion").unwrap().artifacts().unwrap_err()).contains("name that method"));
}

/// One feature map, the red of the image, and its sum as the one class's logit.
fn red() -> common::Memory {
    let nodes = json!([
        { "name": "red/linear", "op": "conv2d", "inputs": ["input"], "weight": "w" },
        { "name": "red", "op": "relu", "inputs": ["red/linear"] },
        { "name": "flat", "op": "flatten", "inputs": ["red"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let weight = ("w".to_owned(), vec![1, 3, 1, 1], vec![1.0, 0.0, 0.0]);
    // The second class, so that there are two, sees nothing.
    let dense = ("d".to_owned(), vec![4, 2], [1.0, 0.0].repeat(4));
    let mut memory = pack([2, 2], nodes, &["red"], 2, &[weight, dense], Codec::F32, 1000);
    memory.edit(|manifest| manifest["preprocessing"]["scale"] = json!(0.01));
    memory
}

#[test]
fn deletion_takes_away_what_the_map_ranks_highest() {
    // torch-cam's case: f = sum, map = image = .4, .3, .2, .1, two steps: 1, .3, 0, area .4.
    let rgb = [40, 30, 20, 10].into_iter().flat_map(|red| [red, 7, 9]).collect();
    let seen = seen(&red(), Picture::from_rgb(2, 2, rgb).unwrap());
    let measured = seen.explain("grad_cam").unwrap().class(0).layer("red");
    let close = |one: f32, other: f32| (one - other).abs() < 1e-6;
    let map = measured.map().unwrap();
    assert!(map.signed.values.iter().zip([0.4, 0.3, 0.2, 0.1]).all(|(value, expected)| close(*value, expected)));
    let asked = seen.explain("deletion").unwrap().class(0).convention("logit").set("steps", "2").unwrap().of(measured);
    let [Artifact::Curve(curve)] = &asked.artifacts().unwrap()[..] else { panic!("no curve") };
    assert_eq!((curve.layer.as_str(), curve.y.as_str()), ("red", "logit"));
    let expected = [(0.0, 1.0), (0.5, 0.3), (1.0, 0.0)];
    let points = curve.points.iter().zip(expected);
    assert!(points.into_iter().all(|(one, other)| close(one.0, other.0) && close(one.1, other.1)), "{curve:?}");
    assert!(close(curve.area, 0.4));
}

#[test]
fn occlusion_adds_up_what_each_square_costs() {
    // PAIR's case: 5 x 5, ones at (1, 1) and (3, 3), f = 3 x sum, a square of 3, stride 1.
    let nodes = json!([
        { "name": "flat", "op": "flatten", "inputs": ["input"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    // Red counts three times, green and blue not at all; the second class sees nothing.
    let weight = (0..75).flat_map(|pixel| [if pixel < 25 { 3.0 } else { 0.0 }, 0.0]).collect();
    let network = pack([5, 5], nodes, &[], 2, &[("d".into(), vec![75, 2], weight)], Codec::F32, 1000);
    let rgb = (0..25).flat_map(|pixel| [if [6, 18].contains(&pixel) { 255 } else { 0 }, 9, 9]).collect();
    let seen = seen(&network, Picture::from_rgb(5, 5, rgb).unwrap());
    let asked = seen.explain("occlusion").unwrap().class(0).convention("logit");
    let map = asked.set("window", "3").unwrap().set("stride", "1").unwrap().map().unwrap();
    let expected = [
        [3.0, 6.0, 6.0, 3.0, 0.0],
        [6.0, 15.0, 18.0, 12.0, 3.0],
        [6.0, 18.0, 24.0, 18.0, 6.0],
        [3.0, 12.0, 18.0, 15.0, 6.0],
        [0.0, 3.0, 6.0, 6.0, 3.0],
    ];
    for (value, expected) in map.signed.values.iter().zip(expected.as_flattened()) {
        assert!((value - expected).abs() < 1e-4, "{:?}", map.signed.values);
    }
}

#[test]
fn rise_gives_each_pixel_its_share() {
    let rgb = [40, 30, 20, 10].into_iter().flat_map(|red| [red, 7, 9]).collect();
    let seen = seen(&red(), Picture::from_rgb(2, 2, rgb).unwrap());
    let asked = |seed: &str| {
        let asked = seen.explain("rise").unwrap().class(0).convention("logit");
        let set = [("masks", "40000"), ("cells", "2"), ("keep", "0.4"), ("seed", seed)];
        let asked = set.into_iter().fold(asked, |asked, (id, value)| asked.set(id, value).unwrap());
        asked.map().unwrap().signed.values.clone()
    };
    let map = asked("1");
    assert!(map.windows(2).all(|pair| pair[0] > pair[1]), "{map:?}");
    assert_eq!(map, asked("1"));
    assert_ne!(map, asked("2"));
    let slow = slow_rise([0.4, 0.3, 0.2, 0.1], 0.4);
    let least = slow.iter().copied().fold(f64::INFINITY, f64::min);
    let slow = slow.map(|value| value - least);
    for (value, expected) in map.iter().zip(slow) {
        assert!((f64::from(*value) - expected).abs() < 0.02, "{map:?} is not near {slow:?}");
    }
}

/// The expectation over all 16 grids and four shifts, with masks enlarged by hand: 2 cells to 3 pixels at centres 0, 1/2, 1.
fn slow_rise(x: [f64; 4], keep: f64) -> [f64; 4] {
    let mut expected = [0.0; 4];
    for grid in 0..16_u32 {
        let cell = |row: usize, column: usize| f64::from(grid >> (2 * row + column) & 1);
        let weight = (0..4).map(|bit| if grid >> bit & 1 == 1 { keep } else { 1.0 - keep }).product::<f64>();
        // Cells of one pixel cannot be shifted: the mask is the first 2 x 2 of 3 x 3 pixels; bilinear, half-pixel centres.
        let at = |place: usize| ((place as f64 + 0.5) * 2.0 / 3.0 - 0.5).clamp(0.0, 1.0);
        let pixel = |y: usize, x: usize| {
            let (y, x) = (at(y), at(x));
            let row = |row: usize| cell(row, 0) * (1.0 - x) + cell(row, 1) * x;
            row(0) * (1.0 - y) + row(1) * y
        };
        let mask = [pixel(0, 0), pixel(0, 1), pixel(1, 0), pixel(1, 1)];
        let score: f64 = mask.iter().zip(x).map(|(mask, x)| mask * x).sum();
        for (expected, mask) in expected.iter_mut().zip(mask) {
            *expected += weight * score * mask / keep;
        }
    }
    expected
}

#[test]
fn the_page_says_every_method_in_chinese() {
    let catalogue = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/web/words/zh-Hans.ftl")).unwrap();
    let has = |key: &str| catalogue.lines().any(|line| line.starts_with(&format!("{key} = ")));
    for card in methods().map(|method| method.card()) {
        for part in ["title", "shows", "limits"] {
            assert!(has(&format!("method-{}-{part}", card.id)), "no method-{}-{part}", card.id);
        }
        for param in card.params.iter() {
            assert!(
                has(&format!("param-{}", param.id)) || has(&format!("param-{}-{}", card.id, param.id)),
                "{}",
                param.id
            );
        }
        for variant in card.conventions.iter().filter(|_| card.conventions.len() > 1) {
            assert!(has(&format!("convention-{}", variant.name)), "no convention-{}", variant.name);
        }
    }
}
