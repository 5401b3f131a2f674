//! Class activation maps against pytorch-grad-cam and torch-cam, run live on the same network (tests/tools/make_cams.py).

use std::collections::BTreeMap;

use convscope::artifact::Artifact;
use convscope::card::LayersAsked;
use convscope::explain::{AttributionMap, Fusion};
use convscope::methods::methods;
use convscope::model::Codec;
use convscope::observation::Observation;
use convscope::request::{Layers, Request};
use convscope::run::{Collect, run};
use pollster::block_on;
use serde::Deserialize;
use serde_json::json;

use super::common::{Noise, Parameter, pack, tiny};
use super::{noise_image, seen};

/// Maps by method, and by layer or by the method that is refined.
type Maps = BTreeMap<String, BTreeMap<String, Vec<f32>>>;

#[derive(Deserialize)]
struct Told {
    logits: Vec<f32>,
    pytorch_grad_cam: Maps,
    torch_cam: Maps,
    slow: Maps,
}

fn told() -> Told {
    serde_json::from_str(include_str!("../data/cams.json")).unwrap()
}

/// The class that the peers were asked for.
const CLASS: usize = 1;

/// The peers' network, whose numbers are made here as there: odd sides, dead channels, a sum and a concatenation.
fn network() -> Observation {
    let mut noise = Noise(5);
    let mut parameter = |name: &str, shape: &[usize], scale: f32| -> Parameter {
        let mut values: Vec<f32> = noise.many(shape.iter().product()).into_iter().map(|value| value * scale).collect();
        if name.ends_with(".b") && name != "d.b" {
            values[1] = -100.0;
        }
        (name.into(), shape.into(), values)
    };
    let parameters = [
        parameter("a.w", &[4, 3, 3, 3], 0.5),
        parameter("a.b", &[4], 0.5),
        parameter("b.w", &[4, 4, 3, 3], 0.4),
        parameter("b.b", &[4], 0.5),
        parameter("c.w", &[5, 4, 3, 3], 0.4),
        parameter("c.b", &[5], 0.5),
        parameter("d.w", &[135, 3], 0.2),
        parameter("d.b", &[3], 0.2),
    ];
    let padding = json!({ "top": 1, "left": 1, "bottom": 1, "right": 1 });
    let nodes = json!([
        { "name": "a/linear", "op": "conv2d", "inputs": ["input"], "weight": "a.w", "bias": "a.b", "padding": padding },
        { "name": "a", "op": "relu", "inputs": ["a/linear"] },
        { "name": "b/linear", "op": "conv2d", "inputs": ["a"], "weight": "b.w", "bias": "b.b", "padding": padding },
        { "name": "b", "op": "relu", "inputs": ["b/linear"] },
        { "name": "sum", "op": "add", "inputs": ["b", "a"] },
        { "name": "pool", "op": "max_pool", "inputs": ["sum"], "kernel": [3, 3], "stride": [3, 3] },
        { "name": "c/linear", "op": "conv2d", "inputs": ["pool"], "weight": "c.w", "bias": "c.b", "padding": padding },
        { "name": "c", "op": "relu", "inputs": ["c/linear"] },
        { "name": "join", "op": "concat", "inputs": ["c", "pool"] },
        { "name": "flat", "op": "flatten", "inputs": ["join"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d.w", "bias": "d.b" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let taps = ["a", "sum", "pool", "c", "join"];
    let memory = pack([9, 15], nodes, &taps, 3, &parameters, Codec::F32, 1 << 20);
    let seen = seen(&memory, noise_image(9, 15));
    for (class, logit) in told().logits.into_iter().enumerate() {
        assert!((seen.prediction(class).unwrap().logit - logit).abs() < 1e-5, "the peers have another network");
    }
    seen
}

/// The one map of a method, with parameters, at a layer.
pub(super) fn map(seen: &Observation, method: &str, class: usize, layer: &str, set: &[(&str, &str)]) -> AttributionMap {
    let asked = seen.explain(method).unwrap().class(class).layer(layer);
    let asked = set.iter().fold(asked, |asked, (id, value)| asked.set(id, value).unwrap());
    (*asked.map().unwrap()).clone()
}

/// The largest difference, as a share of the largest magnitude that is expected.
pub(super) fn difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    let largest = expected.iter().fold(0_f32, |largest, value| largest.max(value.abs()));
    found.iter().zip(expected).fold(0_f32, |most, (found, expected)| most.max((found - expected).abs())) / largest
}

/// That all maps of a method are as told, with those parameters; says how far they are off.
fn agree(
    peer: &str,
    told: &Maps,
    method: &str,
    set: &[(&str, &str)],
    same: impl Fn(AttributionMap, &[f32]) -> [Vec<f32>; 2],
) {
    let seen = network();
    let layers: Vec<_> = told[method].iter().filter(|(layer, _)| !layer.starts_with("fused")).collect();
    assert!(layers.len() > 1, "{method}");
    for (layer, expected) in layers {
        let [found, expected] = same(map(&seen, method, CLASS, layer, set), expected);
        let difference = difference(&found, &expected);
        println!("{peer} {method} {layer}: {difference:e}");
        assert!(difference < 1e-4, "{peer} {method} {layer}: {found:?} is not {expected:?}");
    }
}

fn rectified(map: AttributionMap, expected: &[f32]) -> [Vec<f32>; 2] {
    [map.signed.values.iter().map(|value| value.max(0.0)).collect(), expected.to_vec()]
}

#[test]
fn maps_are_pytorch_grad_cams() {
    let told = told().pytorch_grad_cam;
    let as_it_is = |map: AttributionMap, expected: &[f32]| [map.signed.values, expected.to_vec()];
    for method in ["grad_cam", "grad_cam_plus_plus", "layer_cam", "hires_cam", "xgrad_cam", "score_cam", "ablation_cam"]
    {
        agree("pytorch-grad-cam", &told, method, &[], as_it_is);
    }
    // It leaves the sign to chance: in some of these maps it is the other one.
    let turned = |map: AttributionMap, expected: &[f32]| {
        let largest = expected.iter().fold(0_f32, |most, value| if value.abs() > most.abs() { *value } else { most });
        assert!(map.signed.max() >= -map.signed.min());
        [map.signed.values, expected.iter().map(|value| value * largest.signum()).collect()]
    };
    agree("pytorch-grad-cam", &told, "eigen_cam", &[("centred", "mean")], turned);
    agree("pytorch-grad-cam", &told, "eigen_grad_cam", &[], turned);
}

#[test]
fn maps_are_torch_cams() {
    for method in ["grad_cam", "layer_cam", "xgrad_cam", "score_cam"] {
        agree("torch-cam", &told().torch_cam, method, &[], rectified);
    }
}

#[test]
fn maps_are_those_of_slow_code_from_the_papers() {
    let slow = told().slow;
    let as_it_is = |map: AttributionMap, expected: &[f32]| [map.signed.values, expected.to_vec()];
    agree("slow", &slow, "eigen_cam", &[], as_it_is);
    agree("slow", &slow, "recipro_cam", &[], as_it_is);
    let gaussian = [("recipro_cam".to_owned(), slow["recipro_cam_gaussian"].clone())].into();
    agree("slow", &gaussian, "recipro_cam", &[("kept", "gaussian")], as_it_is);
}

#[test]
fn fused_and_refined_maps_are_the_peers() {
    let (seen, told) = (network(), told());
    let mut far = vec![];
    let mut same =
        |what: &str, found: &[f32], expected: &[f32]| far.push((what.to_owned(), difference(found, expected)));
    let fused = |layer: &str| map(&seen, "grad_cam", CLASS, layer, &[]);
    let maximum = fused("fused");
    assert_eq!((maximum.layer.as_str(), maximum.signed.width, maximum.signed.height), ("fused", 9, 15));
    same("torch-cam fused", &maximum.signed.values, &told.torch_cam["grad_cam"]["fused"]);
    same(
        "pytorch-grad-cam mean",
        &fused("fused_mean").normalised.values,
        &told.pytorch_grad_cam["grad_cam"]["fused_mean"],
    );
    for (base, expected) in &told.torch_cam["refine_cam"] {
        let refined = map(&seen, "refine_cam", CLASS, "last", &[("refined", base)]);
        same(&format!("torch-cam refined {base}"), &refined.signed.values, expected);
    }
    let refined = map(&seen, "refine_cam", CLASS, "last", &[("refined", "grad_cam")]);
    assert_eq!((refined.layer.as_str(), refined.image), ("input", None));
    same("pytorch-grad-cam refined", &refined.normalised.values, &told.pytorch_grad_cam["refine_cam"]["grad_cam"]);
    // Of the network's input's size already, so that it is what the product of the layers is.
    let product = map(&seen, "grad_cam_plus_plus", CLASS, "fused_product", &[]);
    let refined = map(&seen, "refine_cam", CLASS, "last", &[]);
    same("refined by default", &refined.signed.values, &product.signed.values);
    println!("{far:?}");
    assert!(far.len() == 6 && far.iter().all(|(_, far)| *far < 1e-4), "{far:?}");
}

#[test]
fn every_layer_map_can_be_fused_and_nothing_else() {
    let seen = seen(&tiny(Codec::F32, 1000), noise_image(8, 8)).beside(&[noise_image(9, 9)]);
    for card in methods().map(|method| method.card()) {
        for &fusion in Fusion::ALL {
            let layers = Layers::parse(fusion.name());
            assert_eq!(layers, Layers::Fused(fusion));
            let mut request =
                Request { method: card.id.to_string(), target: Some(0.into()), layers, ..Request::default() };
            if card.asks.map {
                let measured =
                    Request { method: "grad_cam".into(), layers: request.layers.clone(), ..Request::default() };
                request.map = Some(Box::new(measured));
            }
            for param in card.params.iter().filter(|param| ["masks", "steps"].contains(&param.id.as_ref())) {
                request.set(card, &param.id, "4").unwrap();
            }
            let kept = Collect::default();
            let done = block_on(run(&seen, &request, &kept));
            if card.asks.layers != LayersAsked::Many && !card.asks.map {
                let refused = done.unwrap_err().to_string();
                assert!(refused.contains("so there is nothing to make fused"), "{refused}");
                continue;
            }
            done.unwrap();
            let artifacts = kept.into_artifacts();
            assert_eq!(artifacts.len(), 1, "{}", card.id);
            match &artifacts[0] {
                Artifact::Map(map) => {
                    assert_eq!((map.layer.as_str(), map.signed.width), (fusion.name(), 8), "{}", card.id);
                    assert!(map.normalised.min() >= 0.0);
                    assert_eq!(map.normalised.max(), if map.blank.is_some() { 0.0 } else { 1.0 });
                }
                Artifact::Measurement(one) => assert_eq!(one.layer, fusion.name()),
                other => panic!("{}: {other:?}", card.id),
            }
        }
    }
    let unknown = seen.explain("grad_cam").unwrap().layer("fusd").map().unwrap_err().to_string();
    assert!(unknown.contains("fused"), "{unknown}");
}
