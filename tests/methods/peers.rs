//! Methods against captum and zennit run live on two small networks (`tests/tools/make_attributions.py`): one with both pools, a folded batch
//! normalisation and two dense layers, and one with a residual block.

use convscope::image::Image;
use convscope::model::Codec;
use convscope::observation::Observation;
use serde_json::{Value, from_value, json};

use super::common::{Parameter, model, pack};

fn peers() -> Value {
    serde_json::from_str(include_str!("../data/attributions.json")).unwrap()
}

/// A network of the file, with the image that its numbers are of.
fn seen(peers: &Value, network: &str) -> Observation {
    let described = &peers[network];
    let parameters: Vec<Parameter> = from_value(described["parameters"].clone()).unwrap();
    let taps: Vec<&str> = described["taps"].as_array().unwrap().iter().map(|tap| tap.as_str().unwrap()).collect();
    let size: [u32; 2] = from_value(peers["size"].clone()).unwrap();
    let mut memory = pack(size, described["nodes"].clone(), &taps, 3, &parameters, Codec::F32, 10_000);
    memory.edit(|manifest| {
        manifest["preprocessing"]["mean"] = peers["mean"].clone();
        manifest["preprocessing"]["std"] = peers["std"].clone();
    });
    let rgb = from_value(described["rgb"].clone()).unwrap();
    let seen = model(&memory).observe(Image::from_rgb(size[0], size[1], rgb).unwrap()).unwrap();
    let logits: Vec<f32> = from_value(described["logits"].clone()).unwrap();
    assert!(seen.classes().iter().all(|class| (class.logit - logits[class.index]).abs() < 1e-5), "the same network");
    seen
}

/// What a method gives as `[3, H, W]` with some parameters, or of a layer.
fn given(seen: &Observation, method: &str, class: usize, set: &[(&str, &str)], layer: Option<&str>) -> Vec<f32> {
    let mut asked = seen.explain(method).unwrap().class(class);
    for (id, value) in set {
        asked = asked.set(id, value).unwrap();
    }
    match layer {
        Some(layer) => asked.layer(layer).map().unwrap().signed.values.clone(),
        None => asked.set("reduction", "colours").unwrap().map().unwrap().image.clone().unwrap(),
    }
}

/// The largest difference to a map of the file, as a share of its largest number.
fn difference(actual: &[f32], expected: &Value, factor: f32) -> f32 {
    let expected: Vec<f32> = from_value(expected.clone()).unwrap();
    assert_eq!(actual.len(), expected.len());
    let largest = expected.iter().fold(0_f32, |most, value| most.max(value.abs()));
    let far = |(one, other): (&f32, &f32)| (one * factor - other).abs();
    actual.iter().zip(&expected).map(far).fold(0.0, f32::max) / largest.max(1e-6)
}

#[track_caller]
fn close(what: &str, difference: f32) {
    println!("{what}: {difference:e}");
    assert!(difference < 1e-4, "{what}: {difference}");
}

#[test]
fn gradients_are_captums() {
    let peers = peers();
    let (seen, target) = (seen(&peers, "plain"), peers["target"].as_u64().unwrap() as usize);
    let maps = &peers["plain"]["maps"];
    for method in ["gradient", "gradient_x_input", "guided_backprop", "deconvnet"] {
        close(method, difference(&given(&seen, method, target, &[], None), &maps[method], 1.0));
    }
}

#[test]
fn integrated_gradients_are_captums_from_every_baseline_and_by_every_rule() {
    let peers = peers();
    let (seen, target) = (seen(&peers, "plain"), peers["target"].as_u64().unwrap() as usize);
    for baseline in ["zero", "black", "white", "mean"] {
        let name = format!("integrated_gradients/{baseline}");
        let found = given(&seen, "integrated_gradients", target, &[("steps", "9"), ("baseline", baseline)], None);
        close(&name, difference(&found, &peers["plain"]["maps"][&name], 1.0));
    }
    for rule in ["left", "right", "middle", "trapezoid"] {
        let name = format!("integrated_gradients/{rule}");
        let found = given(&seen, "integrated_gradients", target, &[("steps", "9"), ("rule", rule)], None);
        // captum's weights of the trapezoidal rule are those of nine parts, of which there are eight: they add up to 8/9.
        let factor = if rule == "trapezoid" { 8.0 / 9.0 } else { 1.0 };
        close(&name, difference(&found, &peers["plain"]["maps"][&name], factor));
    }
}

#[test]
fn integrated_gradients_add_up_to_the_difference_of_the_scores() {
    let peers = peers();
    let seen = seen(&peers, "residual");
    let size: [u32; 2] = from_value(peers["size"].clone()).unwrap();
    for (baseline, level) in [("black", 0_u8), ("white", 255)] {
        let pixels = vec![level; (3 * size[0] * size[1]) as usize];
        let plain = seen.model().observe(Image::from_rgb(size[0], size[1], pixels).unwrap()).unwrap();
        for class in 0..3 {
            let [one, other] = [&seen, &plain].map(|seen| seen.prediction(class).unwrap().logit);
            let found = given(&seen, "integrated_gradients", class, &[("baseline", baseline), ("steps", "400")], None);
            let sum: f32 = found.iter().sum();
            let scale = found.iter().map(|value| value.abs()).sum::<f32>();
            println!("{baseline} {class}: {sum} for {}", one - other);
            assert!((sum - (one - other)).abs() < 2e-3 * scale, "{baseline} {class}: {sum} for {}", one - other);
        }
    }
}

#[test]
fn relevance_is_captums_and_zennits_by_every_composite() {
    let peers = peers();
    let target = peers["target"].as_u64().unwrap() as usize;
    for network in ["plain", "residual"] {
        let seen = seen(&peers, network);
        let maps = &peers[network]["maps"];
        for composite in [
            "epsilon",
            "epsilon_plus",
            "epsilon_plus_flat",
            "epsilon_gamma_box",
            "epsilon_alpha2_beta1",
            "alpha1_beta0",
            "alpha2_beta1",
        ] {
            let found = given(&seen, "lrp", target, &[("composite", composite)], None);
            close(&format!("{network} {composite}"), difference(&found, &maps[format!("lrp/{composite}")], 1.0));
        }
        if network == "plain" {
            let found = given(&seen, "lrp", target, &[("composite", "epsilon"), ("epsilon", "1e-9")], None);
            close("captum's LRP-epsilon", difference(&found, &maps["captum/lrp/epsilon"], 1.0));
        }
    }
}

#[test]
fn excitation_backpropagation_is_zennits_at_every_layer() {
    let peers = peers();
    let target = peers["target"].as_u64().unwrap() as usize;
    let networks: [(&str, &[&str]); 2] =
        [("plain", &["two/relu", "max", "one/relu"]), ("residual", &["sum/relu", "stem/relu"])];
    for (network, layers) in networks {
        let seen = seen(&peers, network);
        for method in ["excitation_backprop", "contrastive_excitation_backprop"] {
            for layer in layers {
                let found = given(&seen, method, target, &[], Some(layer));
                let expected = &peers[network]["maps"][format!("{method}/{layer}")];
                close(&format!("{network} {method} {layer}"), difference(&found, expected, 1.0));
            }
        }
    }
}

#[test]
fn a_reduction_keeps_what_it_says() {
    let peers = peers();
    let seen = seen(&peers, "plain");
    let colours = given(&seen, "integrated_gradients", 0, &[], None);
    let size = colours.len() / 3;
    for reduction in ["max", "sum", "signed"] {
        let asked = seen.explain("integrated_gradients").unwrap().class(0).set("reduction", reduction).unwrap();
        let map = asked.map().unwrap();
        assert!(map.image.is_none() && map.signed.values.len() == size);
        for (pixel, value) in map.signed.values.iter().enumerate() {
            let [red, green, blue] = [0, 1, 2].map(|channel| colours[channel * size + pixel]);
            let expected = match reduction {
                "max" => red.abs().max(green.abs()).max(blue.abs()),
                "sum" => red.abs() + green.abs() + blue.abs(),
                _ => red + green + blue,
            };
            assert!((value - expected).abs() < 1e-6, "{reduction} at {pixel}");
        }
    }
    let refused = seen.explain("gradient").unwrap().set("reduction", json!("mean").as_str().unwrap());
    assert!(refused.unwrap_err().to_string().contains("colours, max, sum, signed"));
}
