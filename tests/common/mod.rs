//! Small networks made in memory, and numbers that look random but are the same at every run.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub, reason = "each test file takes what it needs")]

use std::collections::BTreeMap;
use std::sync::Arc;

use convscope::artifact::Artifact;
use convscope::device::Opened;
use convscope::error::{Error, Result};
use convscope::explain::AttributionMap;
use convscope::fault;
use convscope::model::{Codec, FORMAT, Model, Source, encode, load};
use convscope::observation::Observation;
use convscope::predictions::Activation;
use pollster::block_on;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A linear congruential generator (Numerical Recipes' constants), good enough for test data.
pub struct Noise(pub u32);

impl Noise {
    /// A number from -1 to 1.
    pub fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / (1 << 23) as f32 - 1.0
    }

    /// A whole number from 0 to `below` - 1.
    pub fn below(&mut self, below: usize) -> usize {
        ((self.next() + 1.0) / 2.0 * below as f32) as usize % below
    }

    /// Several numbers from -1 to 1.
    pub fn many(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.next()).collect()
    }
}

/// A packed model in memory; tests damage it at will.
#[derive(Clone)]
pub struct Memory(pub BTreeMap<String, Vec<u8>>);

impl Source for Memory {
    async fn read(&self, name: &str, progress: &mut dyn FnMut(u64)) -> Result<Vec<u8>> {
        let bytes =
            self.0.get(name).ok_or_else(|| Error::Weights(fault!("test-missing", "there is no {name}", name)))?;
        progress(bytes.len() as u64);
        Ok(bytes.clone())
    }
}

impl Memory {
    /// Changes `model.json`.
    pub fn edit(&mut self, edit: impl FnOnce(&mut Value)) {
        let mut json: Value = serde_json::from_slice(&self.0["model.json"]).unwrap();
        edit(&mut json);
        self.0.insert("model.json".into(), json.to_string().into_bytes());
    }
}

/// A parameter tensor: name, shape, numbers.
pub type Parameter = (String, Vec<usize>, Vec<f32>);

/// Packs a network in shards of `shard` bytes. `classes` is the number of labels; then the nodes `logits` and `softmax` must be there.
pub fn pack(
    side: [u32; 2],
    nodes: Value,
    taps: &[&str],
    classes: usize,
    parameters: &[Parameter],
    codec: Codec,
    shard: usize,
) -> Memory {
    let mut stream = vec![];
    let mut tensors = serde_json::Map::new();
    for (name, shape, values) in parameters {
        let codec = if shape.len() == 1 { Codec::F32 } else { codec };
        let axis = usize::from(shape.len() == 2);
        let bytes = encode(codec, values, shape, axis).unwrap();
        let entry =
            json!({ "codec": codec, "shape": shape, "axis": axis, "offset": stream.len(), "bytes": bytes.len() });
        tensors.insert(name.clone(), entry);
        stream.extend(bytes);
    }
    let mut files = BTreeMap::new();
    let mut shards = vec![];
    for (index, bytes) in stream.chunks(shard).enumerate() {
        let file = format!("weights-{index:02}.bin");
        let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        shards.push(json!({ "file": file, "bytes": bytes.len(), "sha256": hash }));
        files.insert(file, bytes.to_vec());
    }
    let mut manifest = json!({
        "format": FORMAT, "id": "tiny", "name": "Tiny", "licence": "none", "source": "a test",
        "preprocessing": {
            "width": side[0], "height": side[1], "fit": { "kind": "squash" }, "interpolation": "nearest",
            "channels": "rgb", "scale": 1.0 / 255.0, "mean": [0.0, 0.0, 0.0], "std": [1.0, 1.0, 1.0],
        },
        "nodes": nodes, "taps": taps, "tensors": tensors, "shards": shards,
    });
    if classes > 0 {
        manifest["logits"] = json!("logits");
        manifest["probabilities"] = json!("softmax");
        manifest["labels"] = (0..classes).map(|class| json!(format!("class_{class}"))).collect();
    }
    files.insert("model.json".into(), manifest.to_string().into_bytes());
    Memory(files)
}

/// A small classifier of three classes on 8 x 8 images with two branches: convolutions, pools, concat, add and dense.
pub fn tiny(codec: Codec, shard: usize) -> Memory {
    let mut noise = Noise(5);
    let mut parameter =
        |name: &str, shape: &[usize]| (name.to_owned(), shape.to_vec(), noise.many(shape.iter().product()));
    let parameters = [
        parameter("a.w", &[4, 3, 3, 3]),
        parameter("a.b", &[4]),
        parameter("b.w", &[4, 4, 3, 3]),
        parameter("c.w", &[4, 4, 1, 1]),
        parameter("d.w", &[32, 3]),
        parameter("d.b", &[3]),
    ];
    let nodes = json!([
        { "name": "a/linear", "op": "conv2d", "inputs": ["input"], "weight": "a.w", "bias": "a.b",
          "padding": { "top": 1, "left": 1, "bottom": 1, "right": 1 } },
        { "name": "a", "op": "relu", "inputs": ["a/linear"] },
        { "name": "pool", "op": "max_pool", "inputs": ["a"], "kernel": [2, 2], "stride": [2, 2] },
        { "name": "b/linear", "op": "conv2d", "inputs": ["pool"], "weight": "b.w",
          "padding": { "top": 1, "left": 1, "bottom": 1, "right": 1 } },
        { "name": "b", "op": "relu", "inputs": ["b/linear"] },
        { "name": "sum", "op": "add", "inputs": ["b", "pool"] },
        { "name": "c/linear", "op": "conv2d", "inputs": ["pool"], "weight": "c.w" },
        { "name": "c", "op": "relu", "inputs": ["c/linear"] },
        { "name": "join", "op": "concat", "inputs": ["sum", "c"] },
        { "name": "small", "op": "average_pool", "inputs": ["join"], "kernel": [2, 2], "stride": [2, 2] },
        { "name": "flat", "op": "flatten", "inputs": ["small"] },
        { "name": "logits", "op": "dense", "inputs": ["flat"], "weight": "d.w", "bias": "d.b" },
        { "name": "softmax", "op": "softmax", "inputs": ["logits"] },
    ]);
    pack([8, 8], nodes, &["a", "pool", "b", "c", "join"], 3, &parameters, codec, shard)
}

/// A packed model on the CPU.
pub fn model(source: &impl Source) -> Arc<Model> {
    Arc::new(block_on(load(source, &Opened::cpu(), |_| {})).unwrap())
}

/// The maps of a class, one a layer.
pub fn maps(seen: &Observation, method: &str, class: usize, layer: &str, convention: &str) -> Vec<AttributionMap> {
    let asked = seen.explain(method).unwrap().class(class).layer(layer).convention(convention);
    asked.maps().unwrap().iter().map(|map| (**map).clone()).collect()
}

/// A layer's numbers.
pub fn activation(seen: &Observation, layer: &str) -> Activation {
    match seen.explain("activations").unwrap().layer(layer).artifacts().unwrap().remove(0) {
        Artifact::Sheet(sheet) => sheet.activation,
        other => panic!("no sheet: {other:?}"),
    }
}
