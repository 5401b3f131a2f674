//! Occlusion of squares and of regions, against captum and xplique run live (`tests/tools/occlusion.py`, `occlusion_xplique.py`) and
//! slow loops, in every baseline.

use convscope::explain::Baseline;
use convscope::image::Image;
use convscope::model::Codec;
use convscope::observation::Observation;
use serde::Deserialize;
use serde_json::json;

use super::common::pack;
use super::seen;

/// Maps by captum, and the network and image that they are of.
#[derive(Deserialize)]
struct Captum {
    size: [u32; 2],
    pixels: Vec<u8>,
    convolution: Vec<f32>,
    bias: Vec<f32>,
    dense: Vec<f32>,
    cases: Vec<serde_json::Map<String, serde_json::Value>>,
}

fn captum() -> (Captum, Observation) {
    let captum: Captum = serde_json::from_str(include_str!("../data/occlusion.json")).unwrap();
    let nodes = json!([
        { "name": "conv/linear", "op": "conv2d", "inputs": ["input"], "weight": "w", "bias": "b",
          "padding": { "top": 1, "left": 1, "bottom": 1, "right": 1 } },
        { "name": "conv", "op": "relu", "inputs": ["conv/linear"] },
        { "name": "flat", "op": "flatten", "inputs": ["conv"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let parameters = [
        ("w".to_owned(), vec![4, 3, 3, 3], captum.convolution.clone()),
        ("b".to_owned(), vec![4], captum.bias.clone()),
        ("d".to_owned(), vec![captum.dense.len() / 2, 2], captum.dense.clone()),
    ];
    let [height, width] = captum.size;
    let network = pack([width, height], nodes, &["conv"], 2, &parameters, Codec::F32, 10_000);
    let image = Image::from_rgb(width, height, captum.pixels.clone()).unwrap();
    let seen = seen(&network, image);
    (captum, seen)
}

/// The numbers of the map of class 1's logit.
fn map(seen: &Observation, method: &str, settings: &[(&str, &str)]) -> Vec<f32> {
    let asked = seen.explain(method).unwrap().class(1).convention("logit");
    let asked = settings.iter().fold(asked, |asked, (id, value)| asked.set(id, value).unwrap());
    asked.map().unwrap().signed.values.clone()
}

/// The largest difference of a library's maps from those asked for in the same way.
fn off(seen: &Observation, cases: &[serde_json::Map<String, serde_json::Value>]) -> f32 {
    let mut largest = 0_f32;
    for case in cases {
        let method = case["method"].as_str().unwrap();
        let given = case.iter().filter(|(key, _)| !["method", "map"].contains(&key.as_str()));
        let mut settings: Vec<(&str, String)> = given
            .map(|(key, value)| (key.as_str(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
            .collect();
        if method == "region_occlusion" {
            settings.push(("regions", "grid".into()));
        }
        let settings: Vec<(&str, &str)> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let actual = map(seen, method, &settings);
        let expected: Vec<f32> = serde_json::from_value(case["map"].clone()).unwrap();
        assert_eq!(actual.len(), expected.len());
        largest = actual.iter().zip(expected).fold(largest, |most, (one, other)| most.max((one - other).abs()));
    }
    largest
}

#[test]
fn squares_and_grids_are_captums() {
    let (captum, seen) = captum();
    assert_eq!(captum.cases.len(), 18);
    let largest = off(&seen, &captum.cases);
    println!("captum: off by {largest}");
    assert!(largest < 2e-5, "{largest}");
}

#[test]
fn squares_are_xpliques() {
    let (_, seen) = captum();
    let cases: Vec<_> = serde_json::from_str(include_str!("../data/occlusion_xplique.json")).unwrap();
    assert_eq!(cases.len(), 6);
    let largest = off(&seen, &cases);
    println!("xplique: off by {largest}");
    // Up to 25 losses of float32 logits are added up: 4e-5 or 6e-5, as the convolutions round.
    assert!(largest < 1e-4, "{largest}");
}

/// The logit of class 1, by loops.
fn logit(captum: &Captum, input: &[f64]) -> f64 {
    let [height, width] = captum.size.map(|side| side as usize);
    let mut sum = 0.0;
    for (place, channel) in (0..4 * height * width).map(|index| (index % (height * width), index / (height * width))) {
        let (y, x) = (place / width, place % width);
        let mut value = f64::from(captum.bias[channel]);
        for (tap, colour) in (0..27).map(|index| (index % 9, index / 9)) {
            let (row, column) = (y + tap / 3, x + tap % 3);
            if (1..=height).contains(&row) && (1..=width).contains(&column) {
                value += f64::from(captum.convolution[channel * 27 + colour * 9 + tap])
                    * input[(colour * height + row - 1) * width + column - 1];
            }
        }
        sum += value.max(0.0) * f64::from(captum.dense[2 * (channel * height * width + place) + 1]);
    }
    sum
}

#[test]
fn strides_that_do_not_divide_end_at_the_edge() {
    let (captum, seen) = captum();
    let [height, width] = captum.size.map(|side| side as usize);
    let input: Vec<f64> = (0..3 * height * width)
        .map(|index| f64::from(captum.pixels[3 * (index % (height * width)) + index / (height * width)]) / 255.0)
        .collect();
    let whole = logit(&captum, &input);
    // Rows start at 0 and 3 of 7, columns at 0, 3 and 5 of 9.
    let mut expected = vec![0.0; height * width];
    for (top, left) in [0, 3].into_iter().flat_map(|top| [0, 3, 5].map(|left| (top, left))) {
        let inside =
            |place: usize| (top..top + 4).contains(&(place / width)) && (left..left + 4).contains(&(place % width));
        let mut covered = input.clone();
        for (_, value) in covered.iter_mut().enumerate().filter(|(index, _)| inside(index % (height * width))) {
            *value = 1.0;
        }
        let loss = whole - logit(&captum, &covered);
        expected.iter_mut().enumerate().filter(|(place, _)| inside(*place)).for_each(|(_, sum)| *sum += loss);
    }
    let found = map(&seen, "occlusion", &[("window", "4"), ("stride", "3"), ("baseline", "white")]);
    let largest =
        found.iter().zip(expected).fold(0.0, |most: f64, (one, other)| most.max((f64::from(*one) - other).abs()));
    assert!(largest < 2e-5, "{largest}");
}

#[test]
fn every_baseline_gives_an_answer_of_its_own() {
    let (_, seen) = captum();
    for method in ["occlusion", "region_occlusion", "rise"] {
        let of = |baseline: &str, seed: &str| {
            let own = match method {
                "occlusion" => [("window", "3"), ("stride", "2")],
                "rise" => [("masks", "64"), ("cells", "3")],
                _ => [("count", "9"), ("regions", "superpixels")],
            };
            map(&seen, method, &[&own[..], &[("baseline", baseline), ("seed", seed)]].concat())
        };
        let maps: Vec<Vec<f32>> = Baseline::ALL.iter().map(|baseline| of(baseline.name(), "0")).collect();
        for (index, one) in maps.iter().enumerate() {
            for other in &maps[..index] {
                // Black is 0 at the input of this network.
                let black = [Baseline::Zero, Baseline::Black].map(|baseline| &maps[baseline as usize]);
                let near = one.iter().zip(other).all(|(one, other)| (one - other).abs() < 1e-6);
                assert_eq!(near, black.contains(&one) && black.contains(&other), "{method}: {index}");
            }
        }
        assert_ne!(of("noise", "0"), of("noise", "1"), "{method}");
    }
}

#[test]
fn superpixels_lose_what_they_hold() {
    // Four plain quadrants, and a network that adds up red: each superpixel loses its red, whatever its size.
    let nodes = json!([
        { "name": "flat", "op": "flatten", "inputs": ["input"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let (height, width) = (23, 31);
    let weight = (0..3 * height * width).flat_map(|at| [0.0, if at < height * width { 1.0 } else { 0.0 }]).collect();
    let dense = [("d".to_owned(), vec![3 * height * width, 2], weight)];
    let network = pack([width as u32, height as u32], nodes, &[], 2, &dense, Codec::F32, 100_000);
    let colours = [[200_u8, 30, 40], [20, 160, 60], [250, 220, 20], [30, 60, 210]];
    let quadrant = |place: usize| 2 * usize::from(place / width >= 9) + usize::from(place % width >= 18);
    let rgb = (0..height * width).flat_map(|place| colours[quadrant(place)]).collect();
    let seen = seen(&network, Image::from_rgb(width as u32, height as u32, rgb).unwrap());
    let found = map(&seen, "region_occlusion", &[("count", "4")]);
    let sizes = [9 * 18, 9 * 13, 14 * 18, 14 * 13];
    for (place, found) in found.into_iter().enumerate() {
        let quadrant = quadrant(place);
        let expected = sizes[quadrant] as f32 * f32::from(colours[quadrant][0]) / 255.0;
        // Sums of thousands of numbers in float32.
        assert!((found - expected).abs() < 5e-3, "{place}: {found} for {expected}");
    }
}
