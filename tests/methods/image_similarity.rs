//! Similarity of two images against a slow loop, on maps of odd sizes.

use convscope::measurement::Measurement;
use serde_json::json;

use super::*;
use crate::common::pack;

/// A network of two layers, `[5, 9, 7]` and `[4, 5, 4]`, the second with numbers below 0.
fn network() -> common::Memory {
    let mut noise = Noise(3);
    let nodes = json!([
        { "name": "a/linear", "op": "conv2d", "inputs": ["input"], "weight": "a.w",
          "padding": { "top": 1, "left": 1, "bottom": 1, "right": 1 } },
        { "name": "a", "op": "relu", "inputs": ["a/linear"] },
        { "name": "b", "op": "conv2d", "inputs": ["a"], "weight": "b.w", "stride": [2, 2],
          "padding": { "top": 1, "left": 1, "bottom": 1, "right": 1 } },
    ]);
    let parameters =
        [("a.w".to_owned(), vec![5, 3, 3, 3], noise.many(135)), ("b.w".to_owned(), vec![4, 5, 3, 3], noise.many(180))];
    pack([9, 7], nodes, &["a", "b"], 0, &parameters, Codec::F32, 10_000)
}

fn shaded(shade: u8) -> Image {
    let mut noise = Noise(u32::from(shade));
    let rgb = (0..9 * 7 * 3).map(|_| shade / 2 + noise.below(100) as u8).collect();
    Image::from_rgb(7, 9, rgb).unwrap()
}

fn numbers(seen: &Observation, layer: &str) -> ([usize; 3], Vec<f32>) {
    let layer = seen.model().network.graph().id(layer).unwrap();
    let features = seen.features(layer);
    let [_, channels, height, width] = features.dims();
    ([channels, height, width], features.into_data().try_into_vec::<f32>().unwrap())
}

/// The cosine of two images' averages, and what each place of the first adds to it, by loops over the numbers.
fn slow(one: &Observation, other: &Observation, layer: &str) -> (f64, Vec<f64>) {
    let (([channels, height, width], a), (_, b)) = (numbers(one, layer), numbers(other, layer));
    let places = height * width;
    let mean = |of: &[f32], channel: usize| {
        (0..places).map(|place| f64::from(of[channel * places + place])).sum::<f64>() / places as f64
    };
    let (mut dot, mut norm_a, mut norm_b) = (0.0, 0.0, 0.0);
    for channel in 0..channels {
        let (x, y) = (mean(&a, channel), mean(&b, channel));
        dot += x * y;
        norm_a += x * x;
        norm_b += y * y;
    }
    let mut parts = vec![0.0; places];
    for (place, part) in parts.iter_mut().enumerate() {
        for channel in 0..channels {
            *part += f64::from(a[channel * places + place]) * mean(&b, channel);
        }
        *part /= places as f64 * norm_a.sqrt() * norm_b.sqrt();
    }
    (dot / (norm_a.sqrt() * norm_b.sqrt()), parts)
}

fn similarity(seen: &Observation) -> Vec<Artifact> {
    let (request, kept) =
        (Request { method: "image_similarity".into(), layers: Layers::All, ..Request::default() }, Collect::default());
    block_on(run(seen, &request, &kept)).unwrap();
    kept.into_artifacts()
}

fn told(artifacts: &[Artifact]) -> (Vec<&convscope::explain::AttributionMap>, Vec<&Measurement>) {
    let maps = artifacts.iter().filter_map(|one| if let Artifact::Map(map) = one { Some(map) } else { None });
    let measured =
        artifacts.iter().filter_map(|one| if let Artifact::Measurement(one) = one { Some(one) } else { None });
    (maps.collect(), measured.collect())
}

#[test]
fn the_places_add_up_to_the_cosine_on_both_images() {
    let model = model(&network());
    let (one, other) = (shaded(40), shaded(200));
    let see = |image: &Image| model.observe(image.clone()).unwrap();
    for (seen, beside) in [(&one, &other), (&other, &one)] {
        let artifacts = similarity(&see(seen).beside(std::slice::from_ref(beside)));
        let (maps, measured) = told(&artifacts);
        assert_eq!((maps.len(), measured.len()), (2, 2));
        for (map, measured) in maps.iter().zip(&measured) {
            let (cosine, parts) = slow(&see(seen), &see(beside), &map.layer);
            assert_eq!(map.signed.values.len(), parts.len());
            for (found, part) in map.signed.values.iter().zip(&parts) {
                assert!((f64::from(*found) - part).abs() < 1e-6, "{}: {found}, {part}", map.layer);
            }
            let said = measured.reading.value.unwrap();
            assert!((said - cosine).abs() < 1e-5 && said < 1.0, "{}: {said}, {cosine}", map.layer);
            let sum: f64 = map.signed.values.iter().map(|&value| f64::from(value)).sum();
            assert!((sum - cosine).abs() < 1e-5, "{}: the places add up to {sum}", map.layer);
        }
    }
}

#[test]
fn an_image_is_wholly_like_itself_and_the_last_of_several_is_the_other() {
    let model = model(&network());
    let seen = model.observe(shaded(90)).unwrap().beside(&[shaded(7), shaded(90)]);
    let artifacts = similarity(&seen);
    assert!(told(&artifacts).1.iter().all(|one| (one.reading.value.unwrap() - 1.0).abs() < 1e-6));
    let alone = model.observe(shaded(90)).unwrap();
    let request = Request { method: "image_similarity".into(), ..Request::default() };
    let said = block_on(run(&alone, &request, &Collect::default())).unwrap_err().to_string();
    assert!(said.contains("--references"), "{said}");
}
