//! Metrics against other programs' numbers (`tests/data/metrics.json`, made by `tests/tools/make_metrics.py`), closed forms and slow code.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use convscope::artifact::Artifact;
use convscope::explain::{AttributionMap, Evidence, Score};
use convscope::image::Image;
use convscope::measurement::{Measurement, Reference};
use convscope::methods::method;
use convscope::model::Codec;
use convscope::observation::Observation;
use convscope::request::Request;
use convscope::run::{Collect, measure};
use pollster::block_on;
use serde_json::{Value, json};

use super::common::{self, pack};
use super::seen;

pub(super) fn data() -> Value {
    serde_json::from_str(include_str!("../data/metrics.json")).unwrap()
}

/// The numbers of nested lists, in their order.
pub(super) fn flat(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(values) => values.iter().flat_map(flat).collect(),
        value => vec![value.as_f64().unwrap() as f32],
    }
}

/// The network of `make_metrics.py`, with its weights changed by `change`.
pub(super) fn network(data: &Value, change: impl Fn(&str, Vec<f32>) -> Vec<f32>) -> common::Memory {
    let nodes = json!([
        { "name": "conv/linear", "op": "conv2d", "inputs": ["input"], "weight": "w", "bias": "b",
          "padding": { "top": 1, "left": 1, "bottom": 1, "right": 1 } },
        { "name": "conv", "op": "relu", "inputs": ["conv/linear"] },
        { "name": "flat", "op": "flatten", "inputs": ["conv"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d", "bias": "e" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let parameter =
        |name: &str, shape: &[usize], of: &str| (name.to_owned(), shape.to_vec(), change(name, flat(&data[of])));
    let parameters = [
        parameter("w", &[4, 3, 3, 3], "conv"),
        parameter("b", &[4], "conv_bias"),
        parameter("d", &[320, 3], "dense"),
        parameter("e", &[3], "dense_bias"),
    ];
    pack([10, 8], nodes, &["conv"], 3, &parameters, Codec::F32, 10_000)
}

pub(super) fn observed(memory: &common::Memory, data: &Value) -> Observation {
    let rgb = flat(&data["rgb"]).into_iter().map(|value| value as u8).collect();
    seen(memory, Image::from_rgb(10, 8, rgb).unwrap())
}

/// The map of `make_metrics.py`, as if a method had given it.
pub(super) fn map(data: &Value) -> AttributionMap {
    AttributionMap::new("conv".into(), [5, 4], flat(&data["map"]), Evidence::Scores, Score::Logit)
}

/// What a metric says of a map that is given.
pub(super) fn measured(
    seen: &Observation,
    metric: &str,
    class: usize,
    convention: &str,
    sets: &[(&str, &str)],
    map: &AttributionMap,
) -> Measurement {
    let of = Request { method: "grad_cam".into(), target: Some(class.into()), ..Request::default() };
    let mut request =
        Request { method: metric.into(), target: Some(class.into()), map: Some(Box::new(of)), ..Request::default() };
    request.convention = convention.into();
    let card = method(metric).unwrap().card();
    sets.iter().for_each(|(id, value)| request.set(card, id, value).unwrap());
    let kept = Collect::default();
    block_on(measure(seen, &request, std::slice::from_ref(map), &kept)).unwrap();
    match kept.into_artifacts().remove(0) {
        Artifact::Measurement(one) => one,
        other => panic!("no measurement: {other:?}"),
    }
}

pub(super) fn close(found: Option<f64>, expected: &Value, what: &str) {
    let (found, expected) = (found.unwrap(), expected.as_f64().unwrap());
    println!("{what}: {found} for {expected}");
    assert!((found - expected).abs() <= 1e-5 * expected.abs().max(1.0), "{what}: {found} is not {expected}");
}

#[test]
fn areas_are_torch_cams_xpliques_and_rises() {
    let data = data();
    let (seen, map) = (observed(&network(&data, |_, values| values), &data), map(&data));
    for (class, expected) in flat(&data["probabilities"]).into_iter().enumerate() {
        assert!((seen.prediction(class).unwrap().probability.unwrap() - expected).abs() < 1e-6, "another network");
    }
    let value = |metric, convention, sets: &[(&str, &str)]| measured(&seen, metric, 1, convention, sets, &map).reading;
    close(value("deletion", "torch_cam", &[]).value, &data["torch_cam"]["deletion_auc"], "torch-cam, deletion");
    close(value("insertion", "torch_cam", &[]).value, &data["torch_cam"]["insertion_auc"], "torch-cam, insertion");
    close(value("deletion", "xplique", &[]).value, &data["xplique"]["deletion"], "xplique, deletion");
    close(value("insertion", "xplique", &[]).value, &data["xplique"]["insertion"], "xplique, insertion");
    let rise = value("insertion", "rise", &[("steps", "10")]);
    close(rise.value, &data["rise"]["area"], "RISE, insertion");
    let points = rise.curve.unwrap().points;
    for ((_, found), expected) in points.iter().zip(flat(&data["rise"]["insertion"])) {
        assert!((found - expected).abs() < 1e-6, "{points:?}");
    }
    assert_eq!(points.len(), 11);
    // No more steps than pixels.
    assert_eq!(value("deletion", "rise", &[]).curve.unwrap().points.len(), 81);
}

#[test]
fn drop_and_increase_are_torch_cams() {
    let data = data();
    let (seen, map) = (observed(&network(&data, |_, values| values), &data), map(&data));
    let other = &data["torch_cam"]["other"];
    let likelier = other["class"].as_u64().unwrap() as usize;
    for (class, expected) in [(1, &data["torch_cam"]), (likelier, other)] {
        let value = |metric| measured(&seen, metric, class, "", &[], &map).reading.value;
        close(value("average_drop"), &expected["avg_drop"], "drop");
        close(value("increase_in_confidence"), &expected["conf_increase"], "increase");
    }
    // A map that is hot everywhere shows the image as it is.
    let hot = AttributionMap::new("conv".into(), [1, 1], vec![2.0], Evidence::Scores, Score::Logit);
    let value = |metric| measured(&seen, metric, 1, "", &[], &hot).reading.value;
    assert_eq!([value("average_drop"), value("increase_in_confidence")], [Some(0.0); 2]);
    assert!(value("sparseness").unwrap().abs() < 1e-9);
}

#[test]
fn road_is_pytorch_grad_cams() {
    let data = data();
    let (seen, map) = (observed(&network(&data, |_, values| values), &data), map(&data));
    let road = |sets: &[(&str, &str)]| measured(&seen, "road", 1, "", sets, &map).reading;
    let plain = road(&[("noise", "0")]);
    close(plain.value, &data["road"]["combined"], "ROAD");
    let shares: Vec<f32> = plain.curve.unwrap().points.iter().map(|(x, _)| *x).collect();
    assert!(shares.iter().zip(1..10).all(|(share, tenth)| (share - tenth as f32 / 10.0).abs() < 1e-6), "{shares:?}");
    let noisy = road(&[]).value.unwrap();
    let away = (noisy - data["road"]["combined"].as_f64().unwrap()).abs();
    assert!(away > 0.0 && away < 0.01, "a hundredth of noise: {noisy}");
    assert_eq!(road(&[]).value, Some(noisy), "the seed decides");
    assert_ne!(road(&[("seed", "1")]).value, Some(noisy));
}

#[test]
fn infidelity_of_the_whole_image_is_captums() {
    let data = data();
    let (seen, map) = (observed(&network(&data, |_, values| values), &data), map(&data));
    // As it was computed, the map is that of captum times its largest number.
    let scaled =
        AttributionMap::new("conv".into(), [5, 4], map.normalised.values.clone(), Evidence::Scores, Score::Logit);
    let sets = [("window", "10"), ("samples", "3"), ("scale", "own")];
    close(
        measured(&seen, "infidelity", 1, "", &sets, &scaled).reading.value,
        &data["infidelity"]["whole"],
        "infidelity",
    );
    let best = measured(&seen, "infidelity", 1, "", &[sets[0], sets[1]], &scaled).reading.value.unwrap();
    assert!(best < 1e-10, "one number is fitted by one factor: {best}");
}

/// A linear network: the red of 4 x 6 pixels, weighed.
pub(super) fn linear() -> (common::Memory, Vec<f32>, Image) {
    let nodes = json!([
        { "name": "flat", "op": "flatten", "inputs": ["input"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let mut noise = common::Noise(3);
    let weights: Vec<f32> = noise.many(72);
    let dense = weights.iter().flat_map(|weight| [*weight, 0.0]).collect();
    let memory = pack([6, 4], nodes, &[], 2, &[("d".into(), vec![72, 2], dense)], Codec::F32, 1000);
    let rgb = (0..72).map(|_| noise.below(256) as u8).collect();
    (memory, weights, Image::from_rgb(6, 4, rgb).unwrap())
}

/// Occlusion pixel by pixel: of a linear network, what each adds to the logit.
pub(super) fn pixel_by_pixel(seen: &Observation) -> convscope::explanation::Explanation<'_> {
    let asked = seen.explain("occlusion").unwrap().class(0).convention("logit");
    asked.set("window", "1").unwrap().set("stride", "1").unwrap()
}

pub(super) fn of(seen: &Observation, metric: &str, sets: &[(&str, &str)]) -> Measurement {
    let asked = seen.explain(metric).unwrap().class(0);
    let asked = sets.iter().fold(asked, |asked, (id, value)| asked.set(id, value).unwrap());
    match asked.of(pixel_by_pixel(seen)).artifacts().unwrap().remove(0) {
        Artifact::Measurement(one) => one,
        other => panic!("no measurement: {other:?}"),
    }
}

#[test]
fn what_pixels_add_to_a_linear_score_is_faithful() {
    let (memory, _, image) = linear();
    let seen = seen(&memory, image);
    // Squares cost what their pixels add, without any scale.
    let sets = [("score", "logit"), ("scale", "own"), ("window", "2"), ("samples", "40")];
    let one = of(&seen, "infidelity", &sets);
    assert!(one.reading.value.unwrap() < 1e-9, "{one:?}");
    assert!(one.baselines.iter().all(|(_, reading)| reading.value.unwrap() > 1e-3), "{one:?}");
}

#[test]
fn max_sensitivity_is_what_slow_code_finds() {
    let (memory, weights, image) = linear();
    let seen = seen(&memory, image);
    let input = seen.input().into_data().try_into_vec::<f32>().unwrap();
    // A pixel's number is the sum over its colours of weight times input.
    let map = |input: &[f32]| -> Vec<f64> {
        let part = |index: usize| f64::from(input[index]) * f64::from(weights[index]);
        (0..24).map(|pixel| (0..3).map(|colour| part(24 * colour + pixel)).sum()).collect()
    };
    let own = map(&input);
    let range = input.iter().copied().fold(f32::MIN, f32::max) - input.iter().copied().fold(f32::MAX, f32::min);
    let (radius, samples) = (0.1_f32, 5);
    let mut most = 0.0_f64;
    for sample in 0..samples {
        let mut generator = ChaCha8Rng::seed_from_u64(2);
        generator.set_stream(1 << 63 | sample);
        let mut uniform = || (generator.next_u32() >> 8) as f32 / (1 << 24) as f32;
        let changed: Vec<f32> = input.iter().map(|value| value + radius * range * (2.0 * uniform() - 1.0)).collect();
        let norm = |values: Vec<f64>| values.iter().map(|value| value * value).sum::<f64>().sqrt();
        let moved = own.iter().zip(map(&changed)).map(|(own, changed)| changed - own).collect();
        most = most.max(norm(moved) / norm(own.clone()));
    }
    let one = of(&seen, "sensitivity_max", &[("radius", "0.1"), ("samples", "5"), ("seed", "2")]);
    let found = one.reading.value.unwrap();
    println!("max-sensitivity: {found} for {most}");
    assert!((found - most).abs() < 1e-4 * most, "{found} is not {most}");
    // What is always the same does not move; edges do.
    let reference = |reference| one.reference(reference).unwrap().value.unwrap();
    assert_eq!([reference(Reference::Random), reference(Reference::Center)], [0.0; 2]);
    assert!(reference(Reference::Edges) > 0.01);
}

#[test]
fn boxes_are_drawn_in_the_image() {
    let data = data();
    let seen = observed(&network(&data, |_, values| values), &data);
    // One hot cell of 8 x 10, in the second row and the eighth column.
    let mut values = vec![0.0; 80];
    values[17] = 3.0;
    let spot = AttributionMap::new("input".into(), [10, 8], values, Evidence::Scores, Score::Logit);
    let around = |window: &'static str| vec![("box", window)];
    let value = |metric, sets: &[(&str, &str)]| measured(&seen, metric, 1, "", sets, &spot).reading.value.unwrap();
    for (window, inside, hit) in [
        ("0.7,0.125,0.1,0.125", 1.0, [1.0, 1.0]),
        ("0.5,0,0.5,0.5", 1.0, [1.0, 1.0]),
        ("0,0,0.7,1", 0.0, [0.0, 1.0]),
        ("0,0.5,0.3,0.5", 0.0, [0.0, 0.0]),
    ] {
        let sets = around(window);
        assert_eq!(value("energy_inside", &sets), inside, "{window:?}");
        let within = |tolerance| value("pointing_game", &[&sets[..], &[("tolerance", tolerance)]].concat());
        assert_eq!([within("0.4"), within("0.5")], hit, "{window:?}");
    }
    // An even map has as much heat in a box as the box has pixels.
    let even = AttributionMap::new("conv".into(), [1, 1], vec![1.0], Evidence::Scores, Score::Logit);
    let quarter = measured(&seen, "energy_inside", 1, "", &around("0.5,0.5,0.5,0.5"), &even);
    assert!((quarter.reading.value.unwrap() - 0.25).abs() < 1e-6);
    let nowhere = around("0.5,0.5,0,0.5");
    let mut request = Request { method: "energy_inside".into(), target: Some(1.into()), ..Request::default() };
    request.map = Some(Box::new(Request { method: "grad_cam".into(), target: Some(1.into()), ..Request::default() }));
    nowhere.iter().for_each(|(id, value)| request.set(method("energy_inside").unwrap().card(), id, value).unwrap());
    let error = block_on(measure(&seen, &request, &[even], &Collect::default())).unwrap_err().to_string();
    assert!(error.contains("draw it around"), "{error}");
}
