//! Methods at the input against small cases with closed forms.

use convscope::image::Image;
use convscope::model::Codec;
use convscope::observation::Observation;
use serde_json::json;

use super::common::{Noise, model, pack};

/// A pixel whose three numbers at the input are those of `rgb`, seen by `relu(dense(relu(x)))` of the weights and the bias, which is the
/// logit of class 0.
fn pixel(rgb: [u8; 3], weights: [f32; 3], bias: f32) -> Observation {
    let nodes = json!([
        { "name": "in", "op": "relu", "inputs": ["input"] },
        { "name": "dense", "op": "dense", "inputs": ["in"], "weight": "w", "bias": "b" },
        { "name": "relu", "op": "relu", "inputs": ["dense"] },
        { "name": "logits", "op": "dense", "inputs": ["relu"], "weight": "d" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let parameters = [
        ("w".to_owned(), vec![3, 1], weights.to_vec()),
        ("b".to_owned(), vec![1], vec![bias]),
        ("d".to_owned(), vec![1, 2], vec![1.0, 0.0]),
    ];
    let mut memory = pack([1, 1], nodes, &["relu"], 2, &parameters, Codec::F32, 1000);
    memory.edit(|manifest| manifest["preprocessing"]["scale"] = json!(1.0));
    model(&memory).observe(Image::from_rgb(1, 1, rgb.to_vec()).unwrap()).unwrap()
}

/// What a method gives class 0, `[3, H, W]`.
fn given(seen: &Observation, method: &str, set: &[(&str, &str)]) -> Vec<f32> {
    let mut asked = seen.explain(method).unwrap().class(0).set("reduction", "colours").unwrap();
    for (id, value) in set {
        asked = asked.set(id, value).unwrap();
    }
    asked.map().unwrap().image.clone().unwrap()
}

#[track_caller]
fn close(actual: &[f32], expected: &[f32], tolerance: f32) {
    let equal = actual.iter().zip(expected).all(|(actual, expected)| (actual - expected).abs() <= tolerance);
    assert!(equal && actual.len() == expected.len(), "{actual:?} is not {expected:?}");
}

#[test]
fn captums_and_deep_explains_case_of_two_rectifiers() {
    // f = relu(relu(x1) - 1 - relu(x2)) at (3, 1).
    let seen = pixel([3, 1, 0], [1.0, -1.0, 0.0], -1.0);
    // The gradient is (1, -1) on the second half of the way and 0 before.
    close(&given(&seen, "integrated_gradients", &[("rule", "middle"), ("steps", "8")]), &[1.5, -0.5, 0.0], 1e-6);
    close(&given(&seen, "integrated_gradients", &[("steps", "1000")]), &[1.5, -0.5, 0.0], 5e-3);
    close(&given(&seen, "gradient_x_input", &[]), &[3.0, -1.0, 0.0], 1e-6);
    close(&given(&seen, "lrp", &[("composite", "epsilon")]), &[3.0, -1.0, 0.0], 1e-5);
}

#[test]
fn smooth_grad_of_a_rectifier_is_the_normal_distribution() {
    // f = relu(x1) at 1, noise of 1 x the range from 0 to 2: Phi(1 / 2) = .691462, its variance p (1 - p), as of a coin.
    let seen = pixel([1, 0, 2], [1.0, 0.0, 0.0], 0.0);
    let p = 0.691_462;
    for (combine, expected) in [("mean", p), ("squared", p), ("variance", p * (1.0 - p))] {
        let set = [("combine", combine), ("noise", "1"), ("samples", "10000")];
        let found = given(&seen, "smooth_grad", &set)[0];
        // Three standard deviations of the mean of so many.
        assert!((found - expected).abs() < 0.014, "{combine}: {found} for {expected}");
        let other = given(&seen, "smooth_grad", &[set.as_slice(), &[("seed", "7")]].concat())[0];
        assert!(other != found && (other - expected).abs() < 0.014, "{combine}: {other}");
        assert_eq!(found, given(&seen, "smooth_grad", &set)[0], "the seed decides");
    }
}

#[test]
fn smooth_grad_without_noise_or_without_bends_is_the_gradient() {
    // Behind the bias of 1000 nothing bends, but at 0 at the input the first ReLU does.
    let seen = pixel([40, 30, 20], [0.5, -0.25, 2.0], 1000.0);
    close(&given(&seen, "smooth_grad", &[("noise", "0")]), &[0.5, -0.25, 2.0], 1e-6);
    close(&given(&seen, "smooth_grad", &[("noise", "0.1")]), &[0.5, -0.25, 2.0], 1e-6);
    close(&given(&seen, "smooth_grad", &[("combine", "variance")]), &[0.0; 3], 1e-6);
    close(&given(&seen, "smooth_grad", &[("combine", "squared")]), &[0.25, 0.0625, 4.0], 1e-6);
}

#[test]
fn expected_gradients_are_the_integral_by_other_draws() {
    // f = relu(x1 - x2 - 40) at (200, 50): the same mean by draws of our own, of the formula alone.
    let seen = pixel([200, 50, 9], [1.0, -1.0, 0.0], -40.0);
    let mut noise = Noise(31);
    let mut unit = || f64::from(noise.next() + 1.0) / 2.0;
    let (count, mut sums) = (200_000, [0.0, 0.0]);
    for _ in 0..count {
        let (x, y, a) = (255.0 * unit(), 255.0 * unit(), unit());
        let way = [200.0 - x, 50.0 - y];
        if x + a * way[0] - y - a * way[1] > 40.0 {
            sums[0] += way[0];
            sums[1] -= way[1];
        }
    }
    let expected = sums.map(|sum| (sum / f64::from(count)) as f32);
    for from in ["uniform", "colour"] {
        let found = given(&seen, "expected_gradients", &[("samples", "10000"), ("baselines", from)]);
        // Some 60 is the deviation of one draw.
        assert!(
            (found[0] - expected[0]).abs() < 2.5 && (found[1] - expected[1]).abs() < 2.5,
            "{found:?} for {expected:?}"
        );
        assert_eq!(found[2], 0.0);
    }
    // A pixel alone in another order is itself.
    close(&given(&seen, "expected_gradients", &[("samples", "8")]), &[0.0; 3], 0.0);
}

#[test]
fn expected_gradients_of_a_linear_network_are_the_differences_to_the_mean_baseline() {
    // Red of 3 x 2 pixels, each with a weight of its own.
    let nodes = json!([
        { "name": "flat", "op": "flatten", "inputs": ["input"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let weights = [1.0_f32, -2.0, 3.0, 0.5, 0.0, 4.0];
    let dense = (0..18).flat_map(|row| [weights.get(row).copied().unwrap_or(0.0), 0.0]).collect();
    let memory = pack([3, 2], nodes, &["flat"], 2, &[("d".into(), vec![18, 2], dense)], Codec::F32, 1000);
    let red = [10_u8, 60, 110, 160, 210, 255];
    let rgb = red.into_iter().flat_map(|red| [red, 7, 9]).collect();
    let seen = model(&memory).observe(Image::from_rgb(3, 2, rgb).unwrap()).unwrap();
    let found = given(&seen, "expected_gradients", &[("samples", "10000")]);
    let mean = red.iter().map(|&red| f32::from(red)).sum::<f32>() / 6.0;
    let expected: Vec<f32> = red.iter().zip(weights).map(|(&red, w)| w * (f32::from(red) - mean) / 255.0).collect();
    close(&found[..6], &expected, 0.05);
    assert!(found[6..].iter().all(|&value| value == 0.0));
}

#[test]
fn expected_gradients_take_other_images_as_baselines() {
    // Behind the bias of 1000 nothing bends, so that every draw is the weights times the difference.
    let seen = pixel([40, 30, 20], [0.5, -0.25, 2.0], 1000.0);
    let images = [("baselines", "images"), ("samples", "400")];
    let asked = seen.explain("expected_gradients").unwrap().class(0).set("baselines", "images").unwrap();
    let error = asked.map().unwrap_err().to_string();
    assert!(error.contains("no other images"), "{error}");
    let other = |rgb: [u8; 3]| Image::from_rgb(1, 1, rgb.to_vec()).unwrap();
    let beside = |others: &[Image]| given(&seen.clone().beside(others), "expected_gradients", &images);
    close(&beside(&[other([10, 50, 80])]), &[15.0, 5.0, -120.0], 1e-3);
    // Of two, each is drawn about as often: three standard deviations of 400 draws are .075 of the difference between them.
    let [red, ..] = beside(&[other([10, 50, 80]), other([30, 50, 80])])[..] else { panic!("three numbers") };
    assert!((red - 10.0).abs() < 0.75 && red != 10.0, "{red}");
}
