//! Methods that read scores of changed images, against torch-cam's, PAIR's and an exhaustive small case.

use convscope::artifact::Artifact;
use convscope::image::Image;
use convscope::model::Codec;
use serde_json::json;

use super::common::{self, pack};
use super::seen;

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
    let seen = seen(&red(), Image::from_rgb(2, 2, rgb).unwrap());
    let measured = seen.explain("grad_cam").unwrap().class(0).layer("red");
    let close = |one: f32, other: f32| (one - other).abs() < 1e-6;
    let map = measured.map().unwrap();
    assert!(map.signed.values.iter().zip([0.4, 0.3, 0.2, 0.1]).all(|(value, expected)| close(*value, expected)));
    let measured = |metric: &str, sets: &[(&str, &str)]| {
        let asked = seen.explain(metric).unwrap().class(0).set("score", "logit").unwrap().set("steps", "2").unwrap();
        let asked = sets.iter().fold(asked, |asked, (id, value)| asked.set(id, value).unwrap());
        let [Artifact::Measurement(one)] = &asked.of(measured.clone()).artifacts().unwrap()[..] else {
            panic!("no measurement")
        };
        let curve = one.reading.curve.clone().unwrap();
        assert_eq!((one.layer.as_str(), curve.y.as_str()), ("red", "logit"));
        assert!(curve.points.iter().map(|(x, _)| *x).eq([0.0, 0.5, 1.0]));
        (curve.points.iter().map(|(_, y)| *y).collect::<Vec<_>>(), one.reading.value.unwrap() as f32)
    };
    let equal = |(found, area): (Vec<f32>, f32), expected: [f32; 3], wanted: f32| {
        assert!(
            found.iter().zip(expected).all(|(one, other)| close(*one, other)) && close(area, wanted),
            "{found:?} {area}"
        );
    };
    equal(measured("deletion", &[]), [1.0, 0.3, 0.0], 0.4);
    equal(measured("insertion", &[("baseline", "zero")]), [0.0, 0.7, 1.0], 0.6);
    // Least relevant first, the others' order turned round.
    equal(measured("deletion", &[("order", "least")]), [1.0, 0.7, 0.0], 0.6);
    equal(measured("insertion", &[("baseline", "zero"), ("order", "least")]), [0.0, 0.3, 1.0], 0.4);
    // The mean of the four is .25, and of one channel nothing else counts.
    equal(measured("deletion", &[("baseline", "mean")]), [1.0, 0.8, 1.0], 0.9);
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
    let seen = seen(&network, Image::from_rgb(5, 5, rgb).unwrap());
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
    let seen = seen(&red(), Image::from_rgb(2, 2, rgb).unwrap());
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
