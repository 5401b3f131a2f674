//! Randomised weights against a network that was packed with them, and ranks by slow code.

use burn::tensor::{Tensor, TensorData};
use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use convscope::artifact::Artifact;
use convscope::measurement::{Better, Measurement};
use convscope::observation::Observation;
use pollster::block_on;

use super::common;
use super::metrics::{data, network, observed};

/// Normal numbers of a stream of a seed, by Box and Muller, as the engine's documentation says.
fn normal(seed: u64, stream: u64, count: usize) -> Vec<f32> {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(stream);
    let mut uniform = || (generator.next_u32() >> 8) as f32 / (1 << 24) as f32;
    let mut numbers = vec![];
    while numbers.len() < count {
        let radius = (-2.0 * (1.0 - uniform()).ln()).sqrt();
        let (sine, cosine) = (std::f32::consts::TAU * uniform()).sin_cos();
        numbers.extend([radius * cosine, radius * sine]);
    }
    numbers.truncate(count);
    numbers
}

/// Spearman's correlation by counting pairs, without sorting.
fn slow_spearman(one: &[f32], other: &[f32]) -> f64 {
    let rank = |values: &[f32], at: usize| {
        let below = values.iter().filter(|&&value| value < values[at]).count() as f64;
        let equal = values.iter().filter(|&&value| value == values[at]).count() as f64;
        below + (equal + 1.0) / 2.0
    };
    let middle = (one.len() + 1) as f64 / 2.0;
    let pairs: Vec<(f64, f64)> = (0..one.len()).map(|at| (rank(one, at) - middle, rank(other, at) - middle)).collect();
    let sum = |term: fn(&(f64, f64)) -> f64| pairs.iter().map(term).sum::<f64>();
    sum(|(a, b)| a * b) / (sum(|(a, _)| a * a) * sum(|(_, b)| b * b)).sqrt()
}

/// A parameter's numbers drawn anew with their mean and standard deviation. Nodes 0 and 3 have weights; the bias is drawn before the weight of
/// a convolution, and after that of a dense layer.
fn redrawn(name: &str, values: Vec<f32>) -> Vec<f32> {
    let (node, place) = match name {
        "b" => (0, 0),
        "w" => (0, 1),
        "d" => (3, 0),
        _ => (3, 1),
    };
    let count = values.len() as f64;
    let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
    let variance = values.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
    let drawn = normal(6, (node << 8) + place, values.len());
    drawn.into_iter().map(|value| (f64::from(value) * variance.sqrt() + mean) as f32).collect()
}

#[test]
fn maps_of_random_weights_are_those_of_a_network_packed_with_them() {
    let data = data();
    let seen = observed(&network(&data, |_, values| values), &data);
    let dense = |name: &str, values: Vec<f32>| if ["d", "e"].contains(&name) { redrawn(name, values) } else { values };
    let conv = |name: &str, values: Vec<f32>| if ["w", "b"].contains(&name) { redrawn(name, values) } else { values };
    let map = |memory: &common::Memory| {
        let seen = observed(memory, &data);
        let map = seen.explain("grad_cam").unwrap().class(1).layer("conv").map().unwrap();
        map.signed.values.clone()
    };
    let own = map(&network(&data, |_, values| values));
    let likeness = |memory: common::Memory| slow_spearman(&own, &map(&memory));
    let all = likeness(network(&data, |name, values| conv(name, dense(name, values))));
    let [dense, conv] = [likeness(network(&data, dense)), likeness(network(&data, conv))];
    let curve = |sets: &[(&str, &str)]| {
        let measured = seen.explain("grad_cam").unwrap().class(1).layer("conv");
        let asked = seen.explain("randomization").unwrap().class(1).set("seed", "6").unwrap();
        let asked = sets.iter().fold(asked, |asked, (id, value)| asked.set(id, value).unwrap());
        match asked.of(measured).artifacts().unwrap().remove(0) {
            Artifact::Measurement(one) => one,
            other => panic!("no measurement: {other:?}"),
        }
    };
    let equal = |one: &Measurement, expected: &[(f32, f64)]| {
        let points = &one.reading.curve.as_ref().unwrap().points;
        println!("randomisation: {points:?} for {expected:?}");
        assert_eq!(points.len(), expected.len());
        for (found, expected) in points.iter().zip(expected) {
            assert!(found.0 == expected.0 && (f64::from(found.1) - expected.1).abs() < 1e-3, "{points:?}");
        }
        let mean = expected[1..].iter().map(|(_, y)| y).sum::<f64>() / (expected.len() - 1) as f64;
        assert!((one.reading.value.unwrap() - mean).abs() < 1e-3 && one.better == Better::Lower);
    };
    equal(&curve(&[]), &[(0.0, 1.0), (0.5, dense), (1.0, all)]);
    equal(&curve(&[("randomize", "independent")]), &[(0.0, 1.0), (0.5, dense), (1.0, conv)]);
    equal(&curve(&[("steps", "1")]), &[(0.0, 1.0), (1.0, all)]);
    assert!(all < 0.9 && (dense - conv).abs() > 0.01, "a case that tells: {all} {dense} {conv}");
    let axis = |sets: &[(&str, &str)]| curve(sets).reading.curve.unwrap().x;
    assert_eq!(axis(&[]), "layers with random weights");
    assert_eq!(axis(&[("randomize", "independent")]), "depth of the layer with random weights");
    // Smooth, with noise that is none, is the same.
    equal(&curve(&[("samples", "3"), ("noise", "0")]), &[(0.0, 1.0), (0.5, dense), (1.0, all)]);
}

#[test]
fn smooth_maps_are_means_of_those_of_noisy_images() {
    let data = data();
    let seen = observed(&network(&data, |_, values| values), &data);
    let drawn = observed(&network(&data, redrawn), &data);
    let input = seen.input().into_data().try_into_vec::<f32>().unwrap();
    let most = input.iter().copied().fold(f32::MIN, f32::max);
    let range = most - input.iter().copied().fold(f32::MAX, f32::min);
    // The mean of the maps of three images, each with noise of its own.
    let mean = |seen: &Observation| {
        let map = |sample: u64| {
            let noise = normal(6, 1 << 63 | sample, input.len());
            let noisy = input.iter().zip(noise).map(|(value, noise)| value + 0.2 * range * noise).collect::<Vec<_>>();
            let noisy = Tensor::from_data(TensorData::new(noisy, [1, 3, 8, 10]), &seen.input().device());
            let noisy = block_on(seen.again(seen.model().clone(), noisy)).unwrap();
            let map = noisy.explain("grad_cam").unwrap().class(1).layer("conv").map().unwrap();
            map.signed.values.clone()
        };
        let [one, two, three] = [0, 1, 2].map(map);
        one.iter().zip(two).zip(three).map(|((one, two), three)| (one + two + three) / 3.0).collect::<Vec<_>>()
    };
    let expected = slow_spearman(&mean(&seen), &mean(&drawn));
    let measured = seen.explain("grad_cam").unwrap().class(1).layer("conv");
    let sets = [("seed", "6"), ("steps", "1"), ("samples", "3"), ("noise", "0.2")];
    let asked = |sets: &[(&str, &str)]| {
        let asked = seen.explain("randomization").unwrap().class(1);
        let asked = sets.iter().fold(asked, |asked, (id, value)| asked.set(id, value).unwrap());
        match asked.of(measured.clone()).artifacts().unwrap().remove(0) {
            Artifact::Measurement(one) => one.reading.value.unwrap(),
            other => panic!("no measurement: {other:?}"),
        }
    };
    let (found, plain) = (asked(&sets), asked(&sets[..2]));
    println!("smooth randomisation: {found} for {expected}, and {plain} of one image");
    assert!((found - expected).abs() < 1e-3, "{found} is not {expected}");
    assert!((plain - expected).abs() > 0.01, "a case that tells: {plain} {expected}");
}
