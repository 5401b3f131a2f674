//! What is explained: sums of classes against the maps of each class, and networks whose outputs are no softmax.
//!
//! Asked for in pytorch-grad-cam#325, #360, #428 (contrasts and weighted sums), #293, #573 (one output, several labels, regression),
//! captum#887, #1051 (targets of one-output and multi-label networks), torch-cam#422 (one sigmoid).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{Memory, Noise, model, pack, tiny};
use convscope::artifact::Artifact;
use convscope::explain::AttributionMap;
use convscope::image::Image;
use convscope::measurement::Unit;
use convscope::model::{Codec, Manifest};
use convscope::observation::Observation;
use convscope::target::Target;
use serde_json::json;

fn seen(memory: &Memory) -> Observation {
    let mut noise = Noise(11);
    let rgb = (0..3 * 9 * 7).map(|_| noise.below(256) as u8).collect();
    model(memory).observe(Image::from_rgb(9, 7, rgb).unwrap()).unwrap()
}

fn map(seen: &Observation, method: &str, target: &str, convention: &str) -> AttributionMap {
    let target = seen.target(target).unwrap();
    let asked = seen.explain(method).unwrap().target(target).layer("last").convention(convention);
    let asked = if method == "occlusion" { asked.set("window", "3").unwrap() } else { asked };
    (*asked.map().unwrap()).clone()
}

/// The largest difference, as a share of the largest number.
fn difference(one: &[f32], other: &[f32]) -> f32 {
    assert_eq!(one.len(), other.len());
    let largest = other.iter().fold(0_f32, |largest, value| largest.max(value.abs()));
    assert!(largest > 0.0, "nothing is compared");
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max) / largest
}

#[test]
fn maps_of_a_sum_are_sums_of_maps() {
    let seen = seen(&tiny(Codec::F32, 1000));
    // Grad-CAM and the score are linear in the score's gradient; so is occlusion, which adds up differences of scores.
    for (method, convention) in [
        ("grad_cam", "paper"),
        ("grad_cam", "keras_notebook"),
        ("hires_cam", "paper"),
        ("occlusion", "logit"),
        ("occlusion", "softmax"),
    ] {
        let of = |target: &str| map(&seen, method, target, convention).signed.values;
        let single: Vec<Vec<f32>> = ["0", "1", "2"].map(of).into();
        for (target, weights) in [
            ("0 - 2", [1.0, 0.0, -1.0]),
            ("not 1", [0.0, -1.0, 0.0]),
            ("2 + 0.5 * 0", [0.5, 0.0, 1.0]),
            ("0.25 * class_1 - 3 * index:0 + output 2", [-3.0, 0.25, 1.0]),
        ] {
            let sum: Vec<f32> = (0..single[0].len())
                .map(|at| weights.iter().zip(&single).map(|(weight, values)| weight * values[at]).sum())
                .collect();
            let most = difference(&of(target), &sum);
            assert!(most < 1e-4, "{method} {convention} {target}: {most}");
        }
    }
}

#[test]
fn an_input_gradient_of_a_contrast_is_the_difference() {
    let seen = seen(&tiny(Codec::F32, 1000));
    let image = |target: &str| map(&seen, "gradient", target, "paper").image.unwrap();
    let [one, other, contrast, against] = ["1", "2", "1 - 2", "not 1"].map(image);
    let expected: Vec<f32> = one.iter().zip(&other).map(|(one, other)| one - other).collect();
    assert!(difference(&contrast, &expected) < 1e-5);
    assert!(one.iter().zip(&against).all(|(one, against)| *one == -against), "the negated gradient, to the last bit");
}

#[test]
fn the_likeliest_classes_are_those_of_the_image() {
    let seen = seen(&tiny(Codec::F32, 1000));
    let ranked: Vec<usize> = seen.classes().iter().map(|class| class.index).collect();
    assert_eq!(seen.target("top2").unwrap(), Target::from(ranked[1]));
    assert_eq!(seen.target("top1 - top3").unwrap().to_string(), format!("{} - {}", ranked[0], ranked[2]));
    let said = seen.class("top1 - top2").unwrap_err().to_string();
    assert!(said.contains("one class is needed"), "{said}");
    let said = seen.explain("grad_cam").unwrap().target(Target::from(7)).map().unwrap_err().to_string();
    assert!(said.contains("no class 7; its classes are 0 to 2"), "{said}");
    let explained = seen.explained(&seen.target("1 - 2").unwrap()).unwrap();
    let logit = |class: usize| seen.prediction(class).unwrap().logit;
    assert!((explained.logit() - (logit(1) - logit(2))).abs() < 1e-6);
    assert_eq!(explained.name(str::to_owned), "class_1 - class_2");
    assert_eq!((&explained.json()["class"], &explained.json()["target"]["text"]), (&json!(null), &json!("1 - 2")));
    let one = seen.explained(&Target::from(1)).unwrap().json();
    assert_eq!((&one["class"]["index"], one.get("target")), (&json!(1), None));
}

/// The network of [`tiny`] with other ends; `outputs` of its three, that many labels.
fn ending(op: Option<&str>, outputs: usize, labels: usize) -> Memory {
    let mut memory = tiny(Codec::F32, 1000);
    if outputs == 1 {
        memory = one_output();
    }
    memory.edit(|manifest| {
        let nodes = manifest["nodes"].as_array_mut().unwrap();
        nodes.retain(|node| node["name"] != "softmax");
        match op {
            Some(op) => {
                nodes.push(json!({ "name": "p", "op": op, "inputs": ["logits"] }));
                manifest["probabilities"] = json!("p");
            }
            None => {
                manifest.as_object_mut().unwrap().remove("probabilities");
            }
        }
        manifest["labels"] = (0..labels).map(|label| json!(format!("label {label}"))).collect();
    });
    memory
}

/// A convolution of two channels and one output.
fn one_output() -> Memory {
    let mut noise = Noise(3);
    let nodes = json!([
        { "name": "a/linear", "op": "conv2d", "inputs": ["input"], "weight": "a.w" },
        { "name": "a", "op": "relu", "inputs": ["a/linear"] },
        { "name": "flat", "op": "flatten", "inputs": ["a"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d.w" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let parameters =
        [("a.w".to_owned(), vec![2, 3, 2, 2], noise.many(24)), ("d.w".to_owned(), vec![32, 1], noise.many(32))];
    pack([5, 5], nodes, &["a"], 1, &parameters, Codec::F32, 1000)
}

#[test]
fn several_labels_are_a_question_each() {
    let seen = seen(&ending(Some("sigmoid"), 3, 3));
    let reference = self::seen(&tiny(Codec::F32, 1000));
    for class in seen.classes() {
        let expected = 1.0 / (1.0 + (-class.logit).exp());
        assert!((class.probability.unwrap() - expected).abs() < 1e-6);
        assert_eq!(class.logit, reference.prediction(class.index).unwrap().logit);
    }
    let sum: f32 = seen.classes().iter().map(|class| class.probability.unwrap()).sum();
    assert!((sum - 1.0).abs() > 1e-3, "they do not share one whole: {sum}");
    // The logit's map is that of any end; the probability's is it times p (1 - p), whatever the other labels are.
    for class in ["0", "1", "2"] {
        let logit = map(&seen, "grad_cam", class, "paper").signed.values;
        assert_eq!(logit, map(&reference, "grad_cam", class, "paper").signed.values);
        let p = seen.prediction(class.parse().unwrap()).unwrap().probability.unwrap();
        let channels = seen
            .features(
                seen.model().layers(&convscope::request::Layers::Last, convscope::card::LayersAsked::Many).unwrap()[0],
            )
            .dims()[1];
        let scaled: Vec<f32> = logit.iter().map(|value| value * p * (1.0 - p) / channels as f32).collect();
        assert!(difference(&map(&seen, "grad_cam", class, "keras_notebook").signed.values, &scaled) < 1e-4);
    }
}

#[test]
fn a_regression_has_raw_outputs_and_no_percentage() {
    let seen = seen(&ending(None, 3, 3));
    let reference = self::seen(&tiny(Codec::F32, 1000));
    assert!(seen.classes().iter().all(|class| class.probability.is_none()));
    assert!(seen.classes().windows(2).all(|pair| pair[0].logit >= pair[1].logit), "the largest first");
    assert_eq!(serde_json::to_value(&seen.classes()[0]).unwrap()["probability"], json!(null));
    for convention in ["paper", "keras_notebook"] {
        let [own, logit] = [(&seen, convention), (&reference, "paper")]
            .map(|(seen, convention)| map(seen, "grad_cam", "1", convention).normalised.values);
        assert!(difference(&own, &logit) < 1e-5, "{convention}: the raw output is all there is");
    }
    let of = seen.explain("grad_cam").unwrap().class(1);
    let measured = seen.explain("deletion").unwrap().class(1).set("steps", "3").unwrap().of(of).artifacts().unwrap();
    let [Artifact::Measurement(one)] = &measured[..] else { panic!("no measurement") };
    let curve = one.reading.curve.as_ref().unwrap();
    assert_eq!((curve.y.as_str(), curve.points[0].1), ("logit", seen.prediction(1).unwrap().logit));
    assert_eq!(curve.unit, Unit::Number);
}

#[test]
fn only_the_probability_of_one_class_is_read_in_per_cent() {
    let seen = seen(&tiny(Codec::F32, 1000));
    let unit = |target: &str, score: &str| {
        let target = seen.target(target).unwrap();
        let of = seen.explain("grad_cam").unwrap().target(target.clone());
        let asked = seen.explain("deletion").unwrap().target(target).set("steps", "3").unwrap();
        let measured = asked.set("score", score).unwrap().of(of).artifacts().unwrap();
        let [Artifact::Measurement(one)] = &measured[..] else { panic!("no measurement") };
        one.reading.curve.as_ref().unwrap().unit
    };
    assert_eq!(unit("1", "probability"), Unit::Probability);
    for (target, score) in
        [("1", "logit"), ("1 - 2", "probability"), ("not 1", "probability"), ("0.5 * 1", "probability")]
    {
        assert_eq!(unit(target, score), Unit::Number, "{target}, {score}");
    }
}

#[test]
fn a_regression_of_one_number_stays_one_number() {
    let seen = seen(&ending(None, 1, 0));
    assert_eq!(seen.classes().len(), 1);
    let [only] = seen.classes() else { panic!("one output") };
    assert_eq!((only.name.as_str(), only.probability), ("output 0", None));
    let [up, down] = ["output 0", "not output 0"].map(|target| map(&seen, "grad_cam", target, "paper").signed.values);
    assert!(up.iter().zip(&down).all(|(up, down)| *up == -down) && up.iter().any(|value| *value != 0.0));
}

#[test]
fn one_sigmoid_is_explained_by_its_logit() {
    for labels in [0, 1] {
        let seen = seen(&ending(Some("sigmoid"), 1, labels));
        let raw = self::seen(&ending(None, 1, 0));
        let logit = raw.classes()[0].logit;
        let class = seen.explained(&seen.target("output 0").unwrap()).unwrap();
        let class = class.class().unwrap();
        assert_eq!((class.index, class.logit), (1, logit), "the network's own output");
        assert!((class.probability.unwrap() - 1.0 / (1.0 + (-logit).exp())).abs() < 1e-6);
        assert_eq!(class.name, ["output 0", "label 0"][labels]);
        let own = map(&seen, "grad_cam", "output 0", "paper").signed.values;
        assert_eq!(own, map(&raw, "grad_cam", "0", "paper").signed.values);
        let [against, not] = ["0", "not 1"].map(|target| map(&seen, "grad_cam", target, "paper").signed.values);
        assert_eq!(against, not, "the other class is what speaks against the one");
        // Excitation is a probability of what excites a neuron, and nothing excites an output's opposite.
        let excited = seen.explain("excitation_backprop").unwrap().class(1).layer("last").map().unwrap();
        assert!(excited.signed.min() >= 0.0 && excited.signed.max() > 0.0);
        let refused = seen.explain("excitation_backprop").unwrap().class(0).layer("last").map().unwrap_err();
        assert_eq!(refused.fault().code(), "opposite-is-not-excited");
    }
}

#[test]
fn outputs_without_labels_are_numbered() {
    let memory = ending(Some("softmax"), 3, 0);
    let manifest = Manifest::parse(&memory.0["model.json"]).unwrap();
    assert_eq!(manifest.labels, ["output 0", "output 1", "output 2"]);
    let seen = seen(&memory);
    assert_eq!(seen.class("output 2").unwrap(), 2);
    assert_eq!(seen.target("output 2 - output 0").unwrap().to_string(), "2 - 0");
    let said = seen.target("output 3").unwrap_err().to_string();
    assert!(said.contains("no class output 3; give an index from 0 to 2"), "{said}");
    // Labels without outputs still make no model.
    let mut torn = tiny(Codec::F32, 1000);
    torn.edit(|manifest| {
        manifest.as_object_mut().unwrap().remove("logits");
    });
    let said = Manifest::parse(&torn.0["model.json"]).unwrap_err().to_string();
    assert!(said.contains("no logits that they belong to"), "{said}");
}
