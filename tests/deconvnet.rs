//! Deconvnet, guided backpropagation and the gradient from feature maps, against slow loops written from the papers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{Noise, model, pack};
use convscope::artifact::Artifact;
use convscope::explain::Mode;
use convscope::image::Image;
use convscope::model::Codec;
use convscope::nn::ReluRule;
use serde_json::json;

const SIDE: usize = 8;

/// Feature maps `[C][side * side]` in float64.
type Maps = Vec<Vec<f64>>;

/// A 3 x 3 convolution with padding 1, and its way down.
struct Conv {
    weight: Vec<f64>,
    bias: Vec<f64>,
    into: usize,
}

impl Conv {
    fn at(&self, out: usize, into: usize, u: usize, v: usize) -> f64 {
        self.weight[((out * self.into + into) * 3 + u) * 3 + v]
    }

    fn up(&self, maps: &Maps, side: usize) -> Maps {
        let mut result = vec![vec![0.0; side * side]; self.bias.len()];
        for (out, map) in result.iter_mut().enumerate() {
            for (place, value) in map.iter_mut().enumerate() {
                *value = self.bias[out];
                for (into, u, v) in (0..9 * self.into).map(|k| (k / 9, k / 3 % 3, k % 3)) {
                    let (y, x) = ((place / side + u).wrapping_sub(1), (place % side + v).wrapping_sub(1));
                    if y < side && x < side {
                        *value += self.at(out, into, u, v) * maps[into][y * side + x];
                    }
                }
            }
        }
        result
    }

    /// Section 2.1 of arXiv 1311.2901: "transposed versions of the same filters": flipped, in and out swapped, without bias.
    fn down(&self, maps: &Maps, side: usize) -> Maps {
        let mut result = vec![vec![0.0; side * side]; self.into];
        for (into, map) in result.iter_mut().enumerate() {
            for (place, value) in map.iter_mut().enumerate() {
                for (out, u, v) in (0..9 * maps.len()).map(|k| (k / 9, k / 3 % 3, k % 3)) {
                    let (y, x) = ((place / side + u).wrapping_sub(1), (place % side + v).wrapping_sub(1));
                    if y < side && x < side {
                        *value += self.at(out, into, 2 - u, 2 - v) * maps[out][y * side + x];
                    }
                }
            }
        }
        result
    }
}

fn each(maps: &Maps, change: impl Fn(usize, usize, f64) -> f64) -> Maps {
    let map = |(channel, map): (usize, &Vec<f64>)| {
        map.iter().enumerate().map(|(place, &value)| change(channel, place, value)).collect()
    };
    maps.iter().enumerate().map(map).collect()
}

fn relu(maps: &Maps) -> Maps {
    each(maps, |_, _, value| value.max(0.0))
}

/// What a ReLU with output `y` lets down of `g`: figure 1 of arXiv 1412.6806.
fn rectify(g: &Maps, y: &Maps, rule: ReluRule) -> Maps {
    each(g, |channel, place, g| match rule {
        ReluRule::Gradient if y[channel][place] > 0.0 => g,
        ReluRule::GuidedBackprop if y[channel][place] > 0.0 && g > 0.0 => g,
        ReluRule::Deconvnet if g > 0.0 => g,
        _ => 0.0,
    })
}

#[test]
fn feature_maps_go_down_as_the_papers_say() {
    let mut noise = Noise(77);
    let mut conv = |into: usize, out: usize| {
        let weight: Vec<f32> = noise.many(out * into * 9).into_iter().map(|weight| weight / 3.0).collect();
        (weight, noise.many(out).into_iter().map(|bias| bias / 10.0).collect::<Vec<f32>>())
    };
    let ((first, first_bias), (second, second_bias)) = (conv(3, 5), conv(5, 4));
    let around = json!({ "top": 1, "left": 1, "bottom": 1, "right": 1 });
    let nodes = json!([
        { "name": "one/linear", "op": "conv2d", "inputs": ["input"], "weight": "w1", "bias": "b1", "padding": around },
        { "name": "one", "op": "relu", "inputs": ["one/linear"] },
        { "name": "pool", "op": "max_pool", "inputs": ["one"], "kernel": [2, 2], "stride": [2, 2] },
        { "name": "two/linear", "op": "conv2d", "inputs": ["pool"], "weight": "w2", "bias": "b2", "padding": around },
        { "name": "two", "op": "relu", "inputs": ["two/linear"] },
    ]);
    let parameters = [
        ("w1".to_owned(), vec![5, 3, 3, 3], first.clone()),
        ("b1".to_owned(), vec![5], first_bias.clone()),
        ("w2".to_owned(), vec![4, 5, 3, 3], second.clone()),
        ("b2".to_owned(), vec![4], second_bias.clone()),
    ];
    let memory = pack([SIDE as u32; 2], nodes, &["one", "pool", "two"], 0, &parameters, Codec::F32, 1000);
    let rgb: Vec<u8> = (0..3 * SIDE * SIDE).map(|_| noise.below(256) as u8).collect();
    let seen = model(&memory).observe(Image::from_rgb(SIDE as u32, SIDE as u32, rgb.clone()).unwrap()).unwrap();

    // Up, slowly, with the switches of each 2 x 2 window: the first of its largest.
    let wide = |numbers: Vec<f32>| numbers.into_iter().map(f64::from).collect::<Vec<f64>>();
    let one = Conv { weight: wide(first), bias: wide(first_bias), into: 3 };
    let two = Conv { weight: wide(second), bias: wide(second_bias), into: 5 };
    let pixel = |channel: usize, place: usize| f64::from(rgb[3 * place + channel]) / 255.0;
    let input: Maps = (0..3).map(|c| (0..SIDE * SIDE).map(|place| pixel(c, place)).collect()).collect();
    let first = relu(&one.up(&input, SIDE));
    let half = SIDE / 2;
    let switch = |channel: usize, place: usize| {
        let corner = place / half * 2 * SIDE + place % half * 2;
        let window = [corner, corner + 1, corner + SIDE, corner + SIDE + 1];
        window.into_iter().fold(corner, |best, at| if first[channel][at] > first[channel][best] { at } else { best })
    };
    let pool: Maps = (0..5).map(|c| (0..half * half).map(|place| first[c][switch(c, place)]).collect()).collect();
    let last = relu(&two.up(&pool, half));

    let asked = |channels: &str, mode: Mode, rule: ReluRule, convention: &str| {
        let asked = seen.explain("channel_reconstruction").unwrap().layer("two").convention(convention);
        let set = [("channels", channels), ("mode", mode.name()), ("rule", rule.name())];
        set.into_iter().try_fold(asked, |asked, (id, value)| asked.set(id, value))?.artifacts()
    };
    for rule in [ReluRule::Gradient, ReluRule::GuidedBackprop, ReluRule::Deconvnet] {
        for (mode, rectify_input) in [(Mode::All, false), (Mode::Max, false), (Mode::All, true)] {
            let actual = asked("2,0,3", mode, rule, if rectify_input { "keras_notebook" } else { "paper" }).unwrap();
            for (channel, actual) in [2, 0, 3].into_iter().zip(actual) {
                let Artifact::Panel(panel) = actual else { panic!("no panel") };
                assert_eq!(panel.channel, Some(channel));
                let top = last[channel].iter().copied().fold(0.0, f64::max);
                let alone =
                    each(
                        &last,
                        |other, _, value| {
                            if other == channel && (mode == Mode::All || value == top) { value } else { 0.0 }
                        },
                    );
                let down = two.down(&rectify(&alone, &last, rule), half);
                let mut unpooled = vec![vec![0.0; SIDE * SIDE]; 5];
                for (c, map) in down.iter().enumerate() {
                    for (place, value) in map.iter().enumerate() {
                        unpooled[c][switch(c, place)] = *value;
                    }
                }
                let mut expected = one.down(&rectify(&unpooled, &first, rule), SIDE).concat();
                if rectify_input {
                    expected.iter_mut().for_each(|value| *value = value.max(0.0));
                }
                let largest = expected.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
                assert!(largest > 0.0, "channel {channel} is dead: the test sees nothing");
                for (actual, expected) in panel.values.iter().zip(&expected) {
                    let difference = (f64::from(*actual) - expected).abs() / largest;
                    assert!(difference < 1e-5, "{rule:?} {mode:?} channel {channel}: {actual} for {expected}");
                }
            }
        }
    }

    let refuse = |channels: &str| asked(channels, Mode::All, ReluRule::Deconvnet, "paper").unwrap_err().to_string();
    assert!(refuse("4").contains("no channel 4; it has 0 to 3"));
    assert!(refuse("").contains("top4"));
}

#[test]
fn of_the_strongest_channels_only_those_that_fire_are_reconstructed() {
    // The first channel is red, the second never fires.
    let nodes = json!([
        { "name": "red/linear", "op": "conv2d", "inputs": ["input"], "weight": "w" },
        { "name": "red", "op": "relu", "inputs": ["red/linear"] },
    ]);
    let weight = ("w".to_owned(), vec![2, 3, 1, 1], vec![1.0, 0.0, 0.0, -1.0, 0.0, 0.0]);
    let model = model(&pack([2, 2], nodes, &["red"], 0, &[weight], Codec::F32, 1000));
    let strongest = |shade: u8| {
        let seen = model.observe(Image::from_rgb(2, 2, vec![shade; 12]).unwrap()).unwrap();
        let asked = seen.explain("channel_reconstruction").unwrap().layer("red").set("channels", "top4").unwrap();
        asked.artifacts()
    };
    let [Artifact::Panel(panel)] = &strongest(200).unwrap()[..] else { panic!("not one panel") };
    assert_eq!(panel.channel, Some(0));
    let error = strongest(0).unwrap_err();
    assert!(matches!(error, convscope::Error::Nothing(_)) && error.to_string().contains("no channel of red fires"));
}
