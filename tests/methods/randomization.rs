//! Randomised weights against a network that was packed with them, and ranks by slow code.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use convscope::artifact::Artifact;
use convscope::measurement::{Better, Measurement};

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

#[test]
fn maps_of_random_weights_are_those_of_a_network_packed_with_them() {
    let data = data();
    let seen = observed(&network(&data, |_, values| values), &data);
    let random = |node: u64, first: u64, values: Vec<f32>| -> Vec<f32> {
        let count = values.len() as f64;
        let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
        let variance = values.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
        let drawn = normal(6, (node << 8) + first, values.len());
        drawn.into_iter().map(|value| (f64::from(value) * variance.sqrt() + mean) as f32).collect()
    };
    // Nodes 0 and 3 have weights. The bias is drawn before the weight of a convolution, and after that of a dense layer.
    let dense = |name: &str, values: Vec<f32>| match name {
        "d" => random(3, 0, values),
        "e" => random(3, 1, values),
        _ => values,
    };
    let conv = |name: &str, values: Vec<f32>| match name {
        "b" => random(0, 0, values),
        "w" => random(0, 1, values),
        _ => values,
    };
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
    // Smooth, with noise that is none, is the same.
    equal(&curve(&[("samples", "3"), ("noise", "0")]), &[(0.0, 1.0), (0.5, dense), (1.0, all)]);
    let noisy = curve(&[("samples", "3"), ("noise", "0.2")]);
    assert_ne!(noisy.reading.value, curve(&[]).reading.value);
}
