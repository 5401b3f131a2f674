//! Finer-CAM against pytorch-grad-cam 1.5.7, run live by `tests/tools/make_finer_cam.py`.

use convscope::image::Image;
use convscope::model::Codec;
use serde::Deserialize;
use serde_json::{Value, json};

use super::common::pack;
use super::seen;

#[derive(Deserialize)]
struct Case {
    layer: String,
    class: usize,
    alpha: f64,
    count: usize,
    map: Vec<f32>,
}

#[test]
fn finer_cam_is_pytorch_grad_cams() {
    let data: Value = serde_json::from_str(include_str!("../data/finer_cam.json")).unwrap();
    let read = |value: &Value| serde_json::from_value::<Vec<f32>>(value.clone()).unwrap();
    let weights = data["weights"].as_object().unwrap().iter().map(|(name, tensor)| {
        (name.clone(), serde_json::from_value(tensor["shape"].clone()).unwrap(), read(&tensor["values"]))
    });
    let nodes = json!([
        { "name": "a/linear", "op": "conv2d", "inputs": ["input"], "weight": "a.w", "bias": "a.b",
          "padding": { "top": 1, "left": 1, "bottom": 1, "right": 1 } },
        { "name": "a", "op": "relu", "inputs": ["a/linear"] },
        { "name": "b/linear", "op": "conv2d", "inputs": ["a"], "weight": "b.w", "bias": "b.b" },
        { "name": "b", "op": "relu", "inputs": ["b/linear"] },
        { "name": "flat", "op": "flatten", "inputs": ["b"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d.w", "bias": "d.b" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    let network = pack([7, 5], nodes, &["a", "b"], 6, &weights.collect::<Vec<_>>(), Codec::F32, 10_000);
    let rgb: Vec<u8> = serde_json::from_value(data["image"].clone()).unwrap();
    let seen = seen(&network, Image::from_rgb(7, 5, rgb).unwrap());
    for (index, logit) in read(&data["logits"]).into_iter().enumerate() {
        assert!((seen.prediction(index).unwrap().logit - logit).abs() < 1e-5);
    }
    let mut most = 0_f32;
    let cases: Vec<Case> = serde_json::from_value(data["cases"].clone()).unwrap();
    assert_eq!(cases.len(), 16);
    for Case { layer, class, alpha, count, map } in cases {
        let asked = seen.explain("finer_cam").unwrap().class(class).layer(&layer);
        let asked = asked.set("alpha", &alpha.to_string()).unwrap().set("similar", &count.to_string()).unwrap();
        let found = asked.map().unwrap();
        let largest = map.iter().fold(0_f32, |largest, value| largest.max(value.abs()));
        assert!(largest > 1e-4 && found.signed.values.len() == map.len());
        for (value, expected) in found.signed.values.iter().zip(&map) {
            most = most.max((value - expected).abs() / largest);
        }
    }
    println!("finer_cam: largest difference from pytorch-grad-cam {most:.1e} of the largest number");
    assert!(most < 1e-4, "{most}");
}

#[test]
fn finer_cam_takes_one_class() {
    let seen = seen(&super::tiny(Codec::F32, 1000), super::noise_image(20, 13));
    let contrast = seen.target("0 - 1").unwrap();
    let said = seen.explain("finer_cam").unwrap().target(contrast).map().unwrap_err().to_string();
    assert!(said.contains("one class is needed"), "{said}");
}
