use super::*;
use crate::model::FORMAT;
use serde_json::json;

/// A chain of ReLUs with those layers; one called `pool` is a pool.
fn model(id: &str, layers: &[&str], labels: &[&str]) -> Manifest {
    let node = |(index, name): (usize, &&str)| {
        let input = index.checked_sub(1).map_or("input", |before| layers[before]);
        let pool = json!({ "name": name, "op": "max_pool", "kernel": [1, 1], "stride": [1, 1], "inputs": [input] });
        if *name == "pool" { pool } else { json!({ "name": name, "op": "relu", "inputs": [input] }) }
    };
    let json = json!({
        "format": FORMAT, "id": id, "name": id.to_uppercase(), "licence": "none", "source": "none",
        "preprocessing": {
            "width": 4, "height": 4, "fit": { "kind": "squash" }, "interpolation": "bilinear", "channels": "rgb", "scale": 1.0,
            "mean": [0.0, 0.0, 0.0], "std": [1.0, 1.0, 1.0],
        },
        "nodes": layers.iter().enumerate().map(node).collect::<Vec<_>>(),
        "taps": layers, "labels": labels, "tensors": {}, "shards": [],
    });
    serde_json::from_value(json).expect("a manifest")
}

fn request(target: &str, layer: &str) -> Request {
    let target = Some(target.parse().expect("a target"));
    Request { target, layers: Layers::Named(vec![layer.into()]), ..Request::default() }
}

#[test]
fn classes_are_those_of_the_same_names() {
    let own = model("own", &["a"], &["tiger_cat", "crane", "dog", "crane"]);
    let other = model("other", &["a"], &["crane", "Dog", "tiger cat", "crane"]);
    let asked =
        |target: &str| request(target, "a").for_model(&own, &other).map(|one| one.target.map(|one| one.to_string()));
    assert_eq!(asked("0 - 0.5 * 2").expect("both are there"), Some("2 - 0.5 * 1".into()));
    // The one in the same place, or else the first.
    assert_eq!(asked("3").expect("a crane"), Some("3".into()));
    assert_eq!(asked("1").expect("a crane"), Some("0".into()));
    let few = model("few", &["a"], &["fish"]);
    let error = request("2", "a").for_model(&own, &few).expect_err("there is none");
    assert_eq!(error.to_string(), "FEW has no class called dog");
}

#[test]
fn layers_are_those_of_the_same_names_or_as_deep() {
    let own = model("own", &["a", "b", "pool", "c", "d", "e"], &["x"]);
    let other = model("other", &["p", "pool", "q", "r"], &["x"]);
    let layers = |layer: &str| request("0", layer).for_model(&own, &other).expect("a request").layers.to_string();
    assert_eq!(["a", "b", "c", "d", "e", "pool"].map(layers), ["p", "q", "q", "r", "r", "pool"]);
    let single = model("single", &["s"], &["x"]);
    let back = request("0", "s").for_model(&single, &own).expect("a request");
    assert_eq!(back.layers.to_string(), "e", "a single layer is the last");
    let fused = Request { layers: Layers::All, ..request("0", "a") }.for_model(&own, &other).expect("a request");
    assert_eq!(fused.layers, Layers::All);
}
