//! Class activation maps against pytorch-grad-cam and torch-cam, run live on the same network (tests/tools/make_cams.py), and against
//! answers by hand on captum's network.

use std::collections::BTreeMap;

use convscope::artifact::Artifact;
use convscope::card::LayersAsked;
use convscope::explain::{AttributionMap, Blank, Fusion};
use convscope::image::Image;
use convscope::methods::methods;
use convscope::model::Codec;
use convscope::observation::Observation;
use convscope::request::{Layers, Request};
use convscope::run::{Collect, run};
use pollster::block_on;
use serde::Deserialize;
use serde_json::json;

use super::common::{Memory, Noise, Parameter, pack, tiny};
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
fn map(seen: &Observation, method: &str, class: usize, layer: &str, set: &[(&str, &str)]) -> AttributionMap {
    let asked = seen.explain(method).unwrap().class(class).layer(layer);
    let asked = set.iter().fold(asked, |asked, (id, value)| asked.set(id, value).unwrap());
    (*asked.map().unwrap()).clone()
}

/// The largest difference, as a share of the largest magnitude that is expected.
fn difference(found: &[f32], expected: &[f32]) -> f32 {
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

/// captum's `BasicModel_ConvNet_One_Conv` (oracles.md, net A) on the red of an image whose numbers are 0 to 15: feature maps
/// `[0, 4, 31, 40]` and `[0, 0, 6, 15]`, score 54.
fn net_a() -> Observation {
    let kernel: Vec<f32> = (0..54).map(|index| if index % 27 < 9 { 1.0 } else { 0.0 }).collect();
    let row = [1.0_f32, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0];
    let parameters = [
        ("w".into(), vec![2, 3, 3, 3], kernel),
        ("b".into(), vec![2], vec![-50.0, -75.0]),
        ("d".into(), vec![8, 4], row.iter().flat_map(|&value| [value; 4]).collect()),
    ];
    let nodes = json!([
        { "name": "conv/linear", "op": "conv2d", "inputs": ["input"], "weight": "w", "bias": "b" },
        { "name": "conv", "op": "relu", "inputs": ["conv/linear"] },
        { "name": "flat", "op": "flatten", "inputs": ["conv"] },
        { "name": "logits/linear", "op": "dense", "inputs": ["flat"], "weight": "d" },
        { "name": "logits", "op": "relu", "inputs": ["logits/linear"] },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let mut memory = pack([4, 4], nodes, &["conv"], 4, &parameters, Codec::F32, 1 << 20);
    memory.edit(|manifest| manifest["preprocessing"]["scale"] = json!(1.0));
    let seen = seen(&memory, Image::from_rgb(4, 4, (0..16).flat_map(|value| [value, 9, 7]).collect()).unwrap());
    assert!((seen.prediction(0).unwrap().logit - 54.0).abs() < 1e-4);
    seen
}

fn close(map: &AttributionMap, expected: &[f32]) {
    let difference = difference(&map.signed.values, expected);
    assert!(difference < 1e-5, "{:?} is not {expected:?}", map.signed.values);
}

#[test]
fn ablation_and_recipro_cam_are_as_by_hand_on_captums_network() {
    let seen = net_a();
    // Without the first map the score is ReLU(-21) = 0, without the second 75: weights 1 and -21 / 54.
    let share = 21.0 / 54.0;
    close(&map(&seen, "ablation_cam", 0, "conv", &[]), &[0.0, 4.0, 31.0 - 6.0 * share, 40.0 - 15.0 * share]);
    // The first varies most.
    close(&map(&seen, "ablation_cam", 0, "conv", &[("tried", "1")]), &[0.0, 4.0, 31.0, 40.0]);
    close(&map(&seen, "score_cam", 0, "conv", &[("tried", "1")]), &[0.0, 4.0, 31.0, 40.0]);
    // A place alone gives the sum of its features times the dense layer's weights.
    let recipro = |convention: &str, kept: &str| {
        let asked = seen.explain("recipro_cam").unwrap().class(0).layer("conv").convention(convention);
        (*asked.set("kept", kept).unwrap().map().unwrap()).clone()
    };
    close(&recipro("logit", "place"), &[0.0, 4.0, 25.0, 25.0]);
    // Spread over 2 x 2: shares 1/4 at the place, 1/8 beside it, 1/16 across, times [1, 1, 1, 1] and [1, -1, -1, -1].
    let sum = 0.25 + 0.125 + 0.125 + 0.0625;
    let expected =
        [0.0, 4.0 * sum, 31.0 * sum + 6.0 * (0.125 - sum + 0.125), 40.0 * sum + 15.0 * (0.0625 - sum + 0.0625)];
    close(&recipro("logit", "gaussian"), &expected);
}

#[test]
fn the_first_component_is_as_by_hand() {
    // Of one channel it is the channel, centred or not; times its gradients it is HiResCAM's map.
    let kernel = |value: f32| ("w".into(), vec![1, 3, 1, 1], vec![value, 0.0, 0.0]);
    let dense = |values: [f32; 6]| ("d".into(), vec![6, 2], values.iter().flat_map(|&value| [value, 0.0]).collect());
    let nodes = json!([
        { "name": "one", "op": "conv2d", "inputs": ["input"], "weight": "w" },
        { "name": "flat", "op": "flatten", "inputs": ["one"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let parameters = [kernel(1.0), dense([1.0, -2.0, 0.5, 3.0, -1.0, 1.0])];
    let mut memory = pack([3, 2], nodes, &["one"], 2, &parameters, Codec::F32, 1 << 20);
    memory.edit(|manifest| manifest["preprocessing"]["scale"] = json!(1.0));
    let reds = [1, 2, 4, 3, 5, 9];
    let seen = seen(&memory, Image::from_rgb(3, 2, reds.iter().flat_map(|&red| [red, 0, 0]).collect()).unwrap());
    let one = |method: &str, centred: &str| map(&seen, method, 0, "one", &[("centred", centred)]);
    close(&one("eigen_cam", "nothing"), &[1.0, 2.0, 4.0, 3.0, 5.0, 9.0]);
    close(&one("eigen_cam", "mean"), &[-3.0, -2.0, 0.0, -1.0, 1.0, 5.0]);
    let hires = map(&seen, "hires_cam", 0, "one", &[]).signed.values;
    assert_eq!(hires, [1.0, -4.0, 2.0, 9.0, -5.0, 9.0]);
    close(&one("eigen_grad_cam", "nothing"), &hires);
    close(&one("eigen_grad_cam", "mean"), &hires.iter().map(|value| value - 2.0).collect::<Vec<_>>());
    // Two channels, the second three times the first: sqrt(1 + 9) times the first.
    let nodes = json!([
        { "name": "two", "op": "conv2d", "inputs": ["input"], "weight": "w" },
        { "name": "pool", "op": "global_average_pool", "inputs": ["two"] },
        { "name": "logits", "op": "conv2d", "inputs": ["pool"], "weight": "d" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let two = ("w".into(), vec![2, 3, 1, 1], vec![1.0, 0.0, 0.0, 3.0, 0.0, 0.0]);
    let parameters = [two, ("d".into(), vec![2, 2, 1, 1], vec![1.0; 4])];
    for size in [[3, 2], [1, 6], [2, 3]] {
        let mut memory = pack(size, nodes.clone(), &["two"], 2, &parameters, Codec::F32, 1 << 20);
        memory.edit(|manifest| manifest["preprocessing"]["scale"] = json!(1.0));
        let rgb = reds.iter().flat_map(|&red| [red, 0, 0]).collect();
        let seen = super::seen(&memory, Image::from_rgb(size[0], size[1], rgb).unwrap());
        let expected: Vec<f32> = reds.iter().map(|&red| f32::from(red) * 10_f32.sqrt()).collect();
        close(&map(&seen, "eigen_cam", 0, "two", &[]), &expected);
    }
}

/// One channel a colour, global average pooling, and a logit of each: minus the mean of red, nothing, the mean of blue.
fn against() -> Memory {
    let identity = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0].to_vec();
    let nodes = json!([
        { "name": "colour/linear", "op": "conv2d", "inputs": ["input"], "weight": "w" },
        { "name": "colour", "op": "relu", "inputs": ["colour/linear"] },
        { "name": "pool", "op": "global_average_pool", "inputs": ["colour"] },
        { "name": "logits", "op": "conv2d", "inputs": ["pool"], "weight": "d" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let weights = [-1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0].to_vec();
    let parameters = [("w".into(), vec![3, 3, 1, 1], identity), ("d".into(), vec![3, 3, 1, 1], weights)];
    pack([3, 1], nodes, &["colour"], 3, &parameters, Codec::F32, 1 << 20)
}

#[test]
fn what_lowers_a_negative_score_does_not_come_to_speak_for_it() {
    let seen = seen(&against(), Image::from_rgb(3, 1, vec![255, 0, 0, 0, 0, 0, 0, 0, 255]).unwrap());
    let maps = [0, 1, 2].map(|class| map(&seen, "ablation_cam", class, "colour", &[]));
    assert_eq!(
        (maps[0].signed.values.as_slice(), maps[0].blank),
        ([-1.0, 0.0, 0.0].as_slice(), Some(Blank::AllNegative))
    );
    assert_eq!((maps[1].signed.values.as_slice(), maps[1].blank), ([0.0; 3].as_slice(), Some(Blank::NoEffect)));
    assert_eq!((maps[2].signed.values.as_slice(), maps[2].blank), ([0.0, 0.0, 1.0].as_slice(), None));
    // Behind pooling and one linear layer a place's logit alone is its own share; of a network without bias nothing else.
    let place = seen.explain("recipro_cam").unwrap().class(2).convention("logit").map().unwrap();
    assert_eq!(place.normalised.values, [0.0, 0.0, 1.0]);
    // No red, no green at two places: the dead feature maps cover the image, and nothing is divided by 0.
    let blue = map(&seen, "score_cam", 2, "colour", &[]);
    assert!(blue.signed.values.iter().all(|value| value.is_finite()) && blue.signed.values[2] > blue.signed.values[0]);
    // A layer that is 0 everywhere is said to be dead, whatever the method.
    let dark = super::seen(&against(), Image::from_rgb(3, 1, vec![0; 9]).unwrap());
    for method in ["eigen_cam", "eigen_grad_cam", "score_cam"] {
        assert_eq!(map(&dark, method, 2, "colour", &[]).blank, Some(Blank::DeadLayer), "{method}");
    }
    // One layer is nothing to multiply.
    let refused = dark.explain("refine_cam").unwrap().class(2).map().unwrap_err().to_string();
    assert!(refused.contains("one layer only"), "{refused}");
}

#[test]
fn every_layer_map_can_be_fused_and_nothing_else() {
    let seen = seen(&tiny(Codec::F32, 1000), noise_image(8, 8));
    for card in methods().map(|method| method.card()) {
        for &fusion in Fusion::ALL {
            let layers = Layers::parse(fusion.name());
            assert_eq!(layers, Layers::Fused(fusion));
            let mut request = Request { method: card.id.to_string(), class: Some(0), layers, ..Request::default() };
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
                Artifact::Curve(curve) => assert_eq!(curve.layer, fusion.name()),
                other => panic!("{}: {other:?}", card.id),
            }
        }
    }
    let unknown = seen.explain("grad_cam").unwrap().layer("fusd").map().unwrap_err().to_string();
    assert!(unknown.contains("fused"), "{unknown}");
}
