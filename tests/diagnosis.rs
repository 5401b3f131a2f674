//! What is said of maps that show nothing, or nothing of what they seem to show, and of methods that do not apply.
//!
//! Cases that people reported as bugs: pytorch-grad-cam#332 and torch-cam#218 (methods that coincide), keras#5881 (saturation).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{Memory, Noise, model, pack, tiny};
use convscope::explain::{AttributionMap, Blank, Diagnosis};
use convscope::image::Image;
use convscope::model::Codec;
use convscope::observation::Observation;
use convscope::request::Request;
use convscope::run::{Collect, run};
use pollster::block_on;
use serde_json::json;

fn seen(memory: &Memory) -> Observation {
    let mut noise = Noise(11);
    let rgb = (0..3 * 9 * 7).map(|_| noise.below(256) as u8).collect();
    model(memory).observe(Image::from_rgb(9, 7, rgb).unwrap()).unwrap()
}

fn map(seen: &Observation, method: &str, layer: &str, convention: &str) -> AttributionMap {
    let asked = seen.explain(method).unwrap().class(0).layer(layer).convention(convention);
    (*asked.map().unwrap()).clone()
}

/// Two convolutions, an average over all places, and two dense layers; the last one's weights times `scale`.
fn averaged(scale: f32) -> Memory {
    averaged_to(|values| values.into_iter().map(|value| scale * value).collect())
}

/// The same with any change of the last layer's weights, `[4, 2]`.
fn averaged_to(change: impl Fn(Vec<f32>) -> Vec<f32>) -> Memory {
    let mut noise = Noise(3);
    let nodes = json!([
        { "name": "a/linear", "op": "conv2d", "inputs": ["input"], "weight": "a.w" },
        { "name": "a", "op": "relu", "inputs": ["a/linear"] },
        { "name": "b/linear", "op": "conv2d", "inputs": ["a"], "weight": "b.w" },
        { "name": "b", "op": "relu", "inputs": ["b/linear"] },
        { "name": "mean", "op": "global_average_pool", "inputs": ["b"] },
        { "name": "hidden", "op": "dense", "inputs": ["mean"], "weight": "h.w" },
        { "name": "logits", "op": "dense", "inputs": ["hidden"], "weight": "d.w" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let parameters = [
        ("a.w".to_owned(), vec![4, 3, 2, 2], noise.many(48)),
        ("b.w".to_owned(), vec![5, 4, 2, 2], noise.many(80)),
        ("h.w".to_owned(), vec![5, 4], noise.many(20)),
        ("d.w".to_owned(), vec![4, 2], change(noise.many(8))),
    ];
    pack([7, 5], nodes, &["a", "b"], 2, &parameters, Codec::F32, 1000)
}

#[test]
fn methods_that_must_coincide_do_and_it_is_said() {
    let seen = seen(&averaged(1.0));
    let at = |layer: &str| ["grad_cam", "hires_cam", "xgrad_cam"].map(|method| map(&seen, method, layer, "paper"));
    let [one, two, three] = at("b");
    for map in [&one, &two, &three] {
        assert_eq!(map.diagnoses, [Diagnosis::Coincide]);
        let largest = one.signed.max().max(-one.signed.min());
        let apart = map.signed.values.iter().zip(&one.signed.values).map(|(map, one)| (map - one).abs() / largest);
        assert!(largest > 0.0 && apart.fold(0.0, f32::max) < 1e-4, "{map:?}");
    }
    // It is not said of maps that are made of scores.
    for method in ["score_cam", "ablation_cam", "recipro_cam"] {
        let logits = seen.explain(method).unwrap().class(0).layer("b").map().unwrap();
        assert!(!logits.diagnoses.contains(&Diagnosis::Coincide), "{method}");
    }
    // A layer before is no such place, and the three differ there.
    let [one, two, three] = at("a");
    assert!([&one, &two, &three].iter().all(|map| map.diagnoses.is_empty()));
    assert!(!one.is_same_as(&two) && !one.is_same_as(&three));
    // Nor is the last layer of a network that flattens its maps.
    assert!(map(&self::seen(&tiny(Codec::F32, 1000)), "grad_cam", "join", "paper").diagnoses.is_empty());
}

#[test]
fn a_probability_near_one_is_said_and_one_at_it_is_blank() {
    let of = |scale: f32| {
        let seen = seen(&averaged(scale));
        let class = seen.top().unwrap();
        let asked = |convention| seen.explain("grad_cam").unwrap().class(class).layer("a").convention(convention).map();
        let [paper, notebook] =
            ["paper", "keras_notebook"].map(|convention| asked(convention).unwrap().diagnoses.clone());
        // At the input the same is true as at a layer, and of scores without a gradient nothing is saturated.
        let at_input = seen.explain("gradient").unwrap().class(class).convention("keras_notebook").map().unwrap();
        assert_eq!(at_input.diagnoses.contains(&Diagnosis::Saturated), notebook.contains(&Diagnosis::Saturated));
        let tried = seen.explain("score_cam").unwrap().class(class).layer("a").convention("softmax").map().unwrap();
        assert!(!tried.diagnoses.contains(&Diagnosis::Saturated), "{:?}", tried.diagnoses);
        (seen.classes()[0].probability.unwrap(), paper, notebook)
    };
    let mut found = vec![];
    for scale in [0.1, 1.0, 4.0, 10.0, 30.0, 100.0, 1000.0, 10_000.0] {
        let (probability, paper, notebook) = of(scale);
        assert!(!paper.contains(&Diagnosis::Saturated), "of the logit nothing is saturated");
        let blank = notebook.contains(&Diagnosis::Blank(Blank::SaturatedSoftmax));
        let saturated = notebook.contains(&Diagnosis::Saturated);
        assert_eq!(saturated || blank, 1.0 - probability < 1e-4, "{scale}: {probability} {notebook:?}");
        found.push((saturated, blank));
    }
    assert!(
        found.contains(&(false, false)) && found.contains(&(true, false)) && found.contains(&(false, true)),
        "{found:?}"
    );
}

#[test]
fn guided_maps_of_two_classes_are_told_to_be_the_same_and_gradients_are_not() {
    let seen = seen(&averaged(1.0));
    let of = |method: &str, class: &str| {
        let target = seen.target(class).unwrap();
        (*seen.explain(method).unwrap().target(target).layer("b").map().unwrap()).clone()
    };
    assert!(of("grad_cam", "0").is_same_as(&of("grad_cam", "3 * 0")), "a factor makes no other map");
    assert!(!of("grad_cam", "0").is_same_as(&of("grad_cam", "1")));
    assert!(!of("grad_cam", "0").is_same_as(&of("grad_cam", "not 0")), "the sign does");
}

#[test]
fn methods_that_do_not_apply_are_refused_with_the_pages_sentence() {
    let mut bare = tiny(Codec::F32, 1000);
    bare.edit(|manifest| {
        for key in ["logits", "probabilities", "labels"] {
            manifest.as_object_mut().unwrap().remove(key);
        }
    });
    let bare = seen(&bare);
    let mut refused = 0;
    for card in convscope::methods::methods().map(|method| method.card()) {
        let request = Request { method: card.id.to_string(), target: Some(0.into()), ..Request::default() };
        match card.applies(bare.model().offer()) {
            Err(fault) => {
                let said = block_on(run(&bare, &request, &Collect::default())).unwrap_err().to_string();
                assert_eq!(said, fault.to_string(), "{}", card.id);
                assert!(card.asks.class && said.contains("no classifier"));
                refused += 1;
            }
            Ok(()) => assert!(!card.asks.class, "{}", card.id),
        }
        assert_eq!(card.applies(seen(&tiny(Codec::F32, 1000)).model().offer()), Ok(()), "{}", card.id);
    }
    assert!(refused >= 10, "{refused}");
}

#[test]
fn layers_without_places_or_behind_the_classes_are_refused() {
    let seen = seen(&averaged(1.0));
    let said = |layer: &str| seen.explain("grad_cam").unwrap().class(0).layer(layer).map().unwrap_err().to_string();
    for layer in ["mean", "hidden"] {
        let said = said(layer);
        assert!(said.contains(&format!("the layer {layer} has one number a channel and no places")), "{said}");
    }
    assert!(said("softmax").contains("the layer softmax does not lead to the classes"), "{}", said("softmax"));
}

#[test]
fn a_map_that_is_the_same_for_another_class_is_said_to_be() {
    let same = |map: &AttributionMap| map.diagnoses.contains(&Diagnosis::SameForClasses);
    let of = |seen: &Observation, method: &str, target: &str| {
        let target = seen.target(target).unwrap();
        same(&seen.explain(method).unwrap().target(target).layer("b").map().unwrap())
    };
    // The second class is the first, twice as strong.
    let doubled = |values: Vec<f32>| values.chunks_exact(2).flat_map(|pair| [pair[0], 2.0 * pair[0]]).collect();
    let alike = seen(&averaged_to(doubled));
    assert_eq!(
        ["0", "0", "3 * 0", "1", "1"].map(|target| of(&alike, "grad_cam", target)),
        [false, false, false, true, false]
    );
    assert!(!of(&alike, "hires_cam", "0"), "what another method has given is no matter");
    assert!(of(&alike, "hires_cam", "1") && !of(&alike, "eigen_cam", "0") && !of(&alike, "eigen_cam", "1"));
    let different = seen(&averaged(1.0));
    assert_eq!(["0", "1", "0"].map(|target| of(&different, "grad_cam", target)), [false; 3]);
}
