//! Parts of metrics against other programs' numbers (`tests/data/metrics.json`, made by `tests/tools/make_metrics.py`) and closed forms.

use burn::tensor::{Device, Tensor, TensorData};
use serde_json::Value;

use super::efficient_randomization::entropy;
use super::imputation::Imputation;
use super::infidelity::{Scale, Square, misfit, squares};
use super::pointing_game::hottest;
use super::sensitivity_max::change;
use super::similarity::{alike, ranks};
use super::source::{center, edges, random};
use super::sparseness::gini;
use super::step::{order, reached};
use super::weights::randomized;
use super::window::Window;
use crate::explain::percentile;
use crate::image::Plane;
use crate::measurement::{Order, Similarity};
use crate::methods::baseline::Blur;
use crate::nn::{Graph, Network, Parameter};

fn data() -> Value {
    serde_json::from_str(include_str!("../../../tests/data/metrics.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f32> {
    serde_json::from_value(value.clone()).unwrap()
}

/// The largest difference.
fn away(one: &[f32], other: &[f32]) -> f32 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max)
}

#[test]
fn the_blur_is_that_of_rises_authors() {
    let (data, line) = (data(), Blur::RISE.kernel());
    let square: Vec<f32> = line.iter().flat_map(|row| line.iter().map(move |column| (row * column) as f32)).collect();
    assert!(away(&square, &numbers(&data["kernel"])) < 1e-8);
    assert!((line.iter().sum::<f64>() - 1.0).abs() < 1e-12, "it reflects, so nothing is lost");
    let rgb: Vec<Vec<[f32; 3]>> = serde_json::from_value(data["rgb"].clone()).unwrap();
    let plane = |channel: usize| rgb.iter().flatten().map(move |pixel| pixel[channel] / 255.0);
    let planes: Vec<f32> = (0..3).flat_map(plane).collect();
    let planes = Tensor::<4>::from_data(TensorData::new(planes, [1, 3, 8, 10]), &Device::flex());
    let blurred: Vec<f32> = Blur::RISE.of(planes).into_data().try_into_vec().unwrap();
    assert!(away(&blurred, &numbers(&data["blurred"])) < 1e-6);
    // Even sizes have their middle behind the centre.
    let four = Blur { side: 4, deviation: 1.0 }.kernel();
    assert!(four.iter().enumerate().all(|(index, weight)| index == 2 || *weight < four[2]));
}

#[test]
fn missing_pixels_are_those_of_a_direct_solver() {
    let case = &data()["imputation"];
    let missing: Vec<bool> = numbers(&case["kept"]).iter().map(|kept| *kept == 0.0).collect();
    let mut plane = numbers(&case["plane"]);
    Imputation::new(&missing, [7, 9]).fill(&mut plane);
    assert!(away(&plane, &numbers(&case["filled"])) < 1e-5, "{}", away(&plane, &numbers(&case["filled"])));
    assert!(missing.iter().filter(|missing| **missing).count() > 30);
}

#[test]
fn a_ramp_is_filled_in_as_it_was_and_no_pixel_is_no_number() {
    // A plane that rises evenly along both axes is the mean of its neighbours everywhere but at the edges.
    let ramp: Vec<f32> = (0..30 * 20).map(|index| 3.0 + (index / 20) as f32 - 0.5 * (index % 20) as f32).collect();
    let inside = |index: usize| (2..28).contains(&(index / 20)) && (1..19).contains(&(index % 20));
    let missing: Vec<bool> = (0..600).map(inside).collect();
    let mut plane: Vec<f32> = ramp.iter().zip(&missing).map(|(&value, gone)| if *gone { 1e3 } else { value }).collect();
    Imputation::new(&missing, [30, 20]).fill(&mut plane);
    assert!(away(&plane, &ramp) < 1e-3, "{}", away(&plane, &ramp));
    let mut plane = vec![1.0, 2.0, 6.0];
    Imputation::new(&[true; 3], [1, 3]).fill(&mut plane);
    assert_eq!(plane, [3.0; 3]);
    let mut plane = vec![1.0, 9.0, 6.0];
    Imputation::new(&[false; 3], [1, 3]).fill(&mut plane);
    assert_eq!(plane, [1.0, 9.0, 6.0]);
}

#[test]
fn percentiles_entropies_and_edges_are_numpys_and_scipys() {
    let case = &data()["similarity"];
    let one = numbers(&case["one"]);
    for (share, expected) in [0.1, 0.375, 0.9].into_iter().zip(numbers(&case["percentile"])) {
        assert!((percentile(&one, share) - expected).abs() < 1e-6);
    }
    assert!((entropy(&one, 7) - case["entropy"].as_f64().unwrap()).abs() < 1e-9);
    assert_eq!(entropy(&[2.0; 5], 7), 0.0);
    let expected = numbers(&case["edges"]);
    let most = expected.iter().copied().fold(0.0, f32::max);
    let found: Vec<f32> = edges(&Plane::new(11, 9, one)).iter().map(|value| value * most).collect();
    assert!(away(&found, &expected) < 1e-5);
    assert_eq!(edges(&Plane::new(3, 1, vec![4.0; 3])), [0.0; 3]);
}

#[test]
fn likeness_is_scipys_and_scikit_images() {
    let case = &data()["similarity"];
    let [one, other] = ["one", "other"].map(|name| Plane::new(11, 9, numbers(&case[name])));
    for (by, name) in [(Similarity::Spearman, "spearman"), (Similarity::Ssim, "ssim")] {
        let (found, expected) = (alike(&one, &other, by), case[name].as_f64().unwrap());
        assert!((found - expected).abs() < 1e-6, "{name}: {found} is not {expected}");
        assert!((alike(&one, &one, by) - 1.0).abs() < 1e-12);
    }
    assert_eq!(ranks(&[3.0, 1.0, 3.0, -2.0]), [3.5, 2.0, 3.5, 1.0]);
    let turned = Plane::new(11, 9, one.values.iter().map(|value| -value).collect());
    assert!((alike(&one, &turned, Similarity::Spearman) + 1.0).abs() < 1e-12);
    assert_eq!(alike(&one, &Plane::new(11, 9, vec![0.5; 99]), Similarity::Spearman), 0.0);
    assert!(alike(&Plane::new(2, 1, vec![0.0, 1.0]), &Plane::new(2, 1, vec![0.0, 1.0]), Similarity::Ssim) > 0.999);
}

#[test]
fn sparseness_is_the_gini_index() {
    let case = &data()["similarity"];
    assert!((gini(numbers(&case["one"])) - case["gini"].as_f64().unwrap()).abs() < 1e-6);
    assert!(gini(vec![0.3; 7]).abs() < 1e-12);
    // By the mean difference of all pairs, without an order: `sum_ij |v_i - v_j| / (2 N sum_i v_i)`.
    let values: Vec<f32> = random(9, [6, 5]).into_iter().map(|value| value * value).collect();
    let pairs = values.iter().flat_map(|one| values.iter().map(move |other| f64::from((one - other).abs())));
    let sum = values.iter().map(|&value| f64::from(value)).sum::<f64>();
    let expected = pairs.sum::<f64>() / (2.0 * 30.0 * sum);
    let found = gini(values.clone());
    assert!(expected > 0.2 && (found - expected).abs() < 1e-7, "{found} is not {expected}");
    // One pixel holds all: 1 - 1 / N.
    assert!((gini(vec![0.0, 0.0, 0.0, 5.0, 0.0]) - 0.8).abs() < 1e-12);
    assert!(gini(vec![0.0; 4]).is_nan());
}

#[test]
fn infidelity_is_captums() {
    let case = &data()["infidelity"];
    let pairs: Vec<(f64, f64)> = numbers(&case["heats"])
        .into_iter()
        .zip(numbers(&case["losses"]))
        .map(|(heat, loss)| (f64::from(heat), f64::from(loss)))
        .collect();
    for scale in [Scale::Best, Scale::Own] {
        let name = scale.name();
        let (found, expected) = (misfit(&pairs, scale), case[name].as_f64().unwrap());
        assert!((found - expected).abs() < 1e-5 * expected, "{name}: {found} is not {expected}");
    }
    // A map without heat tells nothing of the losses.
    assert_eq!(misfit(&[(0.0, 2.0), (0.0, 1.0)], Scale::Best), 2.5);
    // The heat tells the losses but for the unit.
    assert!(misfit(&[(1.0, 0.2), (2.0, 0.4), (-1.0, -0.2)], Scale::Best) < 1e-12);
}

#[test]
fn squares_are_whole_and_anywhere() {
    let masks = |squares: Vec<Square>| squares.iter().map(|one| one.mask([7, 4])).collect::<Vec<_>>();
    let all = masks(squares(3, 300, 3, [7, 4]));
    let gone = |mask: &Vec<f32>| (0..28).filter(|&index| mask[index] == 0.0).collect::<Vec<_>>();
    assert!(all.iter().all(|mask| gone(mask).len() == 9 && gone(mask)[8] - gone(mask)[0] == 10));
    let mut corners: Vec<usize> = all.iter().map(|mask| gone(mask)[0]).collect();
    corners.sort_unstable();
    corners.dedup();
    assert_eq!(corners, [0, 1, 4, 5, 8, 9, 12, 13, 16, 17], "five rows and two columns");
    assert_eq!(gone(&masks(squares(3, 1, 99, [7, 4]))[0]).len(), 28);
}

#[test]
fn max_sensitivity_is_captums() {
    let case = &data()["sensitivity_max"];
    let own = numbers(&case["own"]);
    let changes = case["changed"].as_array().unwrap().iter().map(|changed| change(&own, &numbers(changed)));
    let (found, expected) = (changes.fold(0.0, f64::max), case["value"].as_f64().unwrap());
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
    assert_eq!(change(&[0.0, 0.0], &[3.0, 4.0]), 5.0);
}

#[test]
fn maps_that_know_nothing_are_as_they_are_said_to_be() {
    let noise = random(4, [224, 224]);
    assert!(noise.iter().all(|value| (0.0..=1.0).contains(value)));
    // Cells of 16 pixels: neighbours are alike, and cells are not.
    let step =
        |by: usize| (0..224 * 200).map(|at| (noise[at] - noise[at + by]).abs()).sum::<f32>() / (224 * 200) as f32;
    assert!(step(1) < 0.03 && step(16 * 224) > 0.2, "{} {}", step(1), step(16 * 224));
    assert_eq!(random(4, [5, 3]).len(), 15);
    assert_ne!(random(5, [5, 3]), random(4, [5, 3]));
    let hill = center([5, 7]);
    // At the middle of the second row from the middle: exp(-(1/5)^2 / (2/16)).
    assert!((hill[2 * 7 + 3] - 1.0).abs() < 1e-6 && (hill[7 + 3] - (-0.04_f32 * 8.0).exp()).abs() < 1e-6);
    assert!((hill[0] - hill[34]).abs() < 1e-6);
}

#[test]
fn the_first_of_the_hottest_pixels_counts() {
    assert_eq!([hottest(&[0.1, 1.0, 0.5, 1.0]), hottest(&[0.0; 4]), hottest(&[0.2, 0.7])], [1, 0, 1]);
    // As the first in the order of all, of numbers among which many are equal.
    for seed in 0..50 {
        let values: Vec<f32> = random(seed, [5, 4]).into_iter().map(|value| (4.0 * value).floor()).collect();
        assert_eq!(hottest(&values), order(&values, Order::Most)[0], "{values:?}");
    }
}

#[test]
fn steps_share_pixels_evenly_and_reach_all() {
    let counts: Vec<usize> = (0..=3).map(|step| reached(10, step, 3)).collect();
    assert_eq!(counts, [0, 3, 6, 10]);
    // Their product is more than 32 bits hold.
    assert_eq!(reached(1_048_576, 9_999, 10_000), 1_048_471);
}

#[test]
fn equals_keep_their_order() {
    assert_eq!(order(&[0.5, 0.0, 0.5, 1.0, 0.0], Order::Most), [3, 0, 2, 1, 4]);
    assert_eq!(order(&[0.5, 0.0, 0.5, 1.0, 0.0], Order::Least), [1, 4, 0, 2, 3]);
}

#[test]
fn distances_to_a_box_are_those_of_pixels_middles() {
    let window = Window { edges: [1.0, 1.0, 3.0, 2.0] };
    assert_eq!([window.distance(1, 1), window.distance(1, 2)], [0.0, 0.0]);
    assert_eq!([window.distance(0, 1), window.distance(1, 3), window.distance(1, 5)], [0.5, 0.5, 2.5]);
    assert!((window.distance(4, 6) - 2.5_f64.hypot(3.5)).abs() < 1e-12);
}

#[test]
fn random_weights_have_the_moments_of_those_they_replace() {
    let device = Device::flex();
    let nodes = serde_json::from_value(serde_json::json!([
        { "name": "one", "op": "conv2d", "inputs": ["input"], "weight": "w", "bias": "b" },
        { "name": "two", "op": "conv2d", "inputs": ["one"], "weight": "w", "bias": "b" },
    ]))
    .unwrap();
    let shape = |name: &str| Some(if name == "w" { vec![40, 40, 1, 1] } else { vec![40] });
    let graph = Graph::new(nodes, [40, 1, 1], shape).unwrap();
    let parameter = |name: &str| {
        let tensor = |scale: f32, count: i64| {
            burn::tensor::Tensor::<1, burn::tensor::Int>::arange(0..count, &device).float() * scale + 7.0
        };
        Some(match name {
            "w" => Parameter::Kernel(tensor(0.01, 1600).reshape([40, 40, 1, 1])),
            _ => Parameter::Vector(tensor(0.5, 40)),
        })
    };
    let network = Network::new(graph, parameter, device.clone()).unwrap();
    assert_eq!(network.weighted(), [0, 1]);
    // Unit vectors through the first layer give its weights and its bias.
    let weights = |network: &Network, node: usize| {
        let read = |input| {
            let trace = network.forward(input, &[0]);
            network.output(&trace, node).into_data().try_into_vec::<f32>().unwrap()
        };
        let bias = read(burn::tensor::Tensor::zeros([1, 40, 1, 1], &device));
        let units = burn::tensor::Tensor::<2>::eye(40, &device).reshape([40, 40, 1, 1]);
        let weights: Vec<f32> = read(units).iter().enumerate().map(|(at, value)| value - bias[at % 40]).collect();
        (weights, bias)
    };
    let moments = |values: &[f32]| {
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / values.len() as f32;
        (mean, variance.sqrt())
    };
    let (own, _) = weights(&network, 0);
    let (drawn, bias) = weights(&randomized(&network, &[0], 1), 0);
    let ((mean, deviation), (found_mean, found_deviation)) = (moments(&own), moments(&drawn));
    assert!(
        (mean - found_mean).abs() < 0.4 && (deviation - found_deviation).abs() < 0.3,
        "{found_mean} {found_deviation}"
    );
    assert!(away(&own, &drawn) > 1.0 && moments(&bias).1 > 3.0);
    // Other seeds draw others; the same draws the same, whichever else is drawn.
    assert_eq!(weights(&randomized(&network, &[0, 1], 1), 0).0, drawn);
    assert_ne!(weights(&randomized(&network, &[0], 2), 0).0, drawn);
    assert_eq!(weights(&randomized(&network, &[1], 1), 0).0, own);
}
