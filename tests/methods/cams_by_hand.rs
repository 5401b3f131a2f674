//! Class activation maps against answers by hand: captum's network, one channel, and scores below 0.

use convscope::explain::{AttributionMap, Blank};
use convscope::image::Image;
use convscope::model::Codec;
use convscope::observation::Observation;
use serde_json::json;

use super::cams::{difference, map};
use super::common::{Memory, pack};
use super::seen;

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
