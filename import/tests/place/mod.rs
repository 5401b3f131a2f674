//! A folder with what is to be packed, and what came of it.
#![allow(clippy::unwrap_used, dead_code, unreachable_pub, missing_docs, reason = "each test file takes what it needs")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use convscope_core::Error;
use convscope_core::model::{Manifest, Packing};
use convscope_import::pack::{self, Summary};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with a safetensors file of a small network and its recipe.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.weights(&tensors());
        place.recipe(|_| {});
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn weights(&self, tensors: &[(&str, Vec<usize>, Vec<f32>)]) {
        let (mut header, mut data) = (BTreeMap::new(), vec![]);
        for (name, shape, values) in tensors {
            let start = data.len();
            data.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            header.insert(name, json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, data.len()] }));
        }
        let header = serde_json::to_vec(&header).unwrap();
        let bytes = [&(header.len() as u64).to_le_bytes()[..], &header, &data].concat();
        fs::write(self.path("net.weights"), bytes).unwrap();
    }

    pub fn recipe(&self, edit: impl FnOnce(&mut Value)) {
        let mut recipe = json!({
            "id": "net", "name": "Net", "licence": "none", "source": "a test", "layout": "hwio", "labels": "labels.txt",
            "logits": "fc", "probabilities": "prob", "taps": ["conv"],
            "preprocessing": { "width": 6, "height": 4, "fit": { "kind": "squash" }, "interpolation": "nearest", "channels": "rgb",
                "scale": 1.0, "mean": [0, 0, 0], "std": [1, 1, 1] },
            "nodes": [
                { "name": "conv/linear", "inputs": ["input"], "op": "conv2d", "weight": "conv/kernel", "bias": "conv/bias" },
                { "name": "conv", "inputs": ["conv/linear"], "op": "relu" },
                { "name": "flat", "inputs": ["conv"], "op": "flatten" },
                { "name": "fc", "inputs": ["flat"], "op": "dense", "weight": "fc/kernel" },
                { "name": "prob", "inputs": ["fc"], "op": "softmax" }
            ]
        });
        edit(&mut recipe);
        fs::write(self.path("recipe.json"), recipe.to_string()).unwrap();
        fs::write(self.path("labels.txt"), "one\ntwo\nthree\n").unwrap();
    }

    pub fn pack(&self, out: &str, codec: Packing) -> Result<Summary, Error> {
        pack::run(&self.path("net.weights"), Some(&self.path("recipe.json")), &self.path(out), codec)
    }

    pub fn refused(&self) -> String {
        let error = self.pack("refused", Packing::Int8).unwrap_err().to_string();
        assert!(!self.path("refused").exists());
        self.no_leftovers();
        error
    }

    pub fn no_leftovers(&self) {
        let names = fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let hidden: Vec<_> = names.filter(|name| name.to_string_lossy().starts_with('.')).collect();
        assert!(hidden.is_empty(), "{hidden:?}");
    }
}

pub fn noise(count: usize) -> Vec<f32> {
    (0..count).map(|index| ((index * 7919 + 13) % 1000) as f32 / 500.0 - 1.0).collect()
}

pub fn tensors() -> Vec<(&'static str, Vec<usize>, Vec<f32>)> {
    let part = |name, shape: &[usize]| (name, shape.to_vec(), noise(shape.iter().product()));
    vec![part("conv/kernel", &[3, 2, 3, 5]), part("conv/bias", &[5]), part("fc/kernel", &[50, 3]), part("unused", &[9])]
}

pub fn manifest(folder: &Path) -> Manifest {
    Manifest::parse(&fs::read(folder.join("model.json")).unwrap()).unwrap()
}

/// Content of the only shard of a packed model.
pub fn stream(folder: &Path) -> Vec<u8> {
    let shards = manifest(folder).shards;
    assert_eq!(shards.len(), 1);
    let file = fs::read(folder.join(&shards[0].file)).unwrap();
    match shards[0].unpacked {
        Some(length) => miniz_oxide::inflate::decompress_to_vec_with_limit(&file, length as usize).unwrap(),
        None => file,
    }
}
