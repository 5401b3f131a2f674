//! Kinds of files and folders that are not read, told by their content and named, with what to do instead.

use std::path::Path;

use prost::Message;
use serde_json::Value;

use convscope_core::error::Fault;
use convscope_core::fault;

/// Part of TensorFlow's `SavedModel` (`tensorflow/core/protobuf/saved_model.proto`).
#[derive(Clone, PartialEq, Message)]
struct SavedModel {
    #[prost(message, repeated, tag = "2")]
    meta_graphs: Vec<MetaGraph>,
}

/// Part of TensorFlow's `MetaGraphDef`.
#[derive(Clone, PartialEq, Message)]
struct MetaGraph {
    #[prost(message, optional, tag = "1")]
    info: Option<MetaInfo>,
}

/// Part of TensorFlow's `MetaInfoDef`.
#[derive(Clone, PartialEq, Message)]
struct MetaInfo {
    #[prost(string, optional, tag = "5")]
    tensorflow_version: Option<String>,
}

/// Part of TensorFlow's `GraphDef`.
#[derive(Clone, PartialEq, Message)]
struct GraphDef {
    #[prost(message, repeated, tag = "1")]
    nodes: Vec<NodeDef>,
}

/// Part of TensorFlow's `NodeDef`.
#[derive(Clone, PartialEq, Message)]
struct NodeDef {
    #[prost(string, optional, tag = "2")]
    op: Option<String>,
}

/// The kinds of Core ML's `Model` that networks are of (`mlmodel/format/Model.proto`).
#[derive(Clone, PartialEq, Message)]
struct CoreMl {
    #[prost(bytes = "bytes", optional, tag = "200")]
    pipeline_classifier: Option<prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "202")]
    pipeline: Option<prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "303")]
    regressor: Option<prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "403")]
    classifier: Option<prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "500")]
    network: Option<prost::bytes::Bytes>,
    #[prost(bytes = "bytes", optional, tag = "502")]
    program: Option<prost::bytes::Bytes>,
}

const CORE_ML: Fault = fault!(
    "core-ml",
    "it is a Core ML model, which convscope does not read; export the model that it was converted from as ONNX"
);

const SAVED_MODEL: Fault = fault!(
    "saved-model",
    "it is a TensorFlow SavedModel, which convscope does not read; convert its folder with \
    `python -m tf2onnx.convert --saved-model FOLDER --output model.onnx`"
);

const INDEX: Fault = fault!(
    "safetensors-index",
    "it is the index of a model whose weights lie in several safetensors files, which convscope does not join; \
    load them and save them as one file (safetensors.torch.save_file), or export the model as ONNX"
);

/// Kind of a file, as a sentence that lacks its name, if it is a kind known here.
pub(super) fn file(bytes: &[u8]) -> Option<Fault> {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    if text.starts_with(b"{") {
        return serde_json::from_slice(text).ok().and_then(|value| json(&value));
    }
    if text.starts_with(b"version https://git-lfs.github.com/spec/") {
        return Some(fault!(
            "lfs-pointer",
            "it is only Git LFS's pointer to the file; get the file itself with `git lfs pull`"
        ));
    }
    if bytes.get(4..8) == Some(b"TFL3") {
        return Some(fault!(
            "tf-lite",
            "it is a TensorFlow Lite model, which convscope does not read; convert it with \
             `python -m tf2onnx.convert --tflite FILE --output model.onnx`, or export the model it was made of as ONNX"
        ));
    }
    protobuf(bytes)
}

fn protobuf(bytes: &[u8]) -> Option<Fault> {
    // ONNX has none of the fields that are asked for here.
    let has_version = |graph: &MetaGraph| graph.info.as_ref().is_some_and(|info| info.tensorflow_version.is_some());
    if SavedModel::decode(bytes).is_ok_and(|model| model.meta_graphs.iter().any(has_version)) {
        return Some(SAVED_MODEL);
    }
    let is_op = |node: &NodeDef| matches!(node.op.as_deref(), Some("Placeholder" | "Const"));
    if GraphDef::decode(bytes).is_ok_and(|graph| graph.nodes.iter().any(is_op)) {
        return Some(fault!(
            "graph-def",
            "it is a TensorFlow graph (GraphDef), which convscope does not read; convert it with \
             `python -m tf2onnx.convert --graphdef FILE --inputs NAME:0 --outputs NAME:0 --output model.onnx`"
        ));
    }
    (CoreMl::decode(bytes).is_ok_and(|model| model != CoreMl::default())).then_some(CORE_ML)
}

/// Kind of a file of JSON.
fn json(value: &Value) -> Option<Fault> {
    let has = |key: &str| value.get(key).is_some();
    if has("modelTopology") || has("weightsManifest") {
        let graph = value.get("format").and_then(Value::as_str) == Some("graph-model");
        return Some(if graph {
            fault!(
                "tfjs-graph",
                "it is a TensorFlow.js graph model, which convscope does not read; convert it with \
             `python -m tf2onnx.convert --tfjs model.json --output model.onnx`"
            )
        } else {
            fault!(
                "tfjs",
                "it is a TensorFlow.js model, which convscope does not read; turn it back into Keras with `tensorflowjs_converter \
             --input_format=tfjs_layers_model --output_format=keras model.json model.h5` and export that as ONNX"
            )
        });
    }
    if has("weight_map") {
        return Some(INDEX);
    }
    if has("format") && has("shards") {
        return Some(fault!("packed-json", "it is the model.json of a packed model; name the folder it lies in"));
    }
    if has("preprocessing") {
        return Some(fault!(
            "recipe-json",
            "it is a recipe, not a file of weights; name the file of weights, and give this as its recipe"
        ));
    }
    (has("class_name") && has("config")).then_some(fault!(
        "keras-json",
        "it is the description of a Keras model without its weights; export the model as ONNX with \
         model.export(\"model.onnx\", format=\"onnx\")"
    ))
}

/// Kind of a zip archive, by its entries' names.
pub(super) fn archive<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<Fault> {
    let has = |end: &str| names.clone().any(|name| name == end || name.ends_with(&format!("/{end}")));
    if has("constants.pkl") && names.clone().any(|name| name.contains("/code/")) {
        return Some(fault!(
            "torch-script",
            "it is a TorchScript archive (torch.jit.save), which convscope does not read; export the model as ONNX with \
             torch.onnx.export, or save its weights with torch.save(torch.jit.load(FILE).state_dict(), \"weights.pth\") and give a \
             recipe with nodes and layout"
        ));
    }
    if has("archive_format") || has("serialized_exported_program.json") {
        return Some(fault!(
            "torch-export",
            "it is a program of torch.export (.pt2), which convscope does not read; export the model as ONNX with \
             torch.onnx.export(torch.export.load(FILE), ..)"
        ));
    }
    if has("Manifest.json") && names.clone().any(|name| name.contains("com.apple.CoreML")) {
        return Some(CORE_ML);
    }
    names.clone().all(|name| name.ends_with(".npy")).then_some(
        fault!("numpy-archive", "it is an archive of NumPy arrays (.npz), which convscope does not read; save them with safetensors.numpy.save_file, or \
         export the model as ONNX"),
    )
}

/// Kind of a folder, as a sentence that lacks its name, if it is a kind known here and no packed model.
pub(crate) fn folder(path: &Path) -> Option<Fault> {
    if path.join("saved_model.pb").exists() {
        return Some(SAVED_MODEL);
    }
    if path.join("Manifest.json").exists() && path.join("Data").is_dir() {
        return Some(CORE_ML);
    }
    let in_json = std::fs::read(path.join("model.json")).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if let Some(value) = in_json.filter(|value: &Value| value.get("shards").is_none()) {
        return json(&value);
    }
    path.join("model.safetensors.index.json").exists().then_some(INDEX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field of a protobuf: its key, its length, its bytes.
    fn field(tag: u32, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![];
        prost::encoding::encode_varint(u64::from(tag << 3 | 2), &mut bytes);
        prost::encoding::encode_varint(content.len() as u64, &mut bytes);
        [bytes, content.to_vec()].concat()
    }

    fn said(found: Option<&Fault>) -> String {
        found.map(ToString::to_string).unwrap_or_default()
    }

    #[test]
    fn what_is_not_read_is_called_by_its_name() {
        let saved = [vec![8, 1], field(2, &[field(1, &[field(4, b"serve"), field(5, b"2.16.1")].concat())].concat())];
        let graph = field(1, &[field(1, b"x"), field(2, b"Placeholder")].concat());
        let core_ml = [vec![8, 5], field(2, &field(1, b"")), field(403, &field(1, b"layer"))].concat();
        for (bytes, name) in [
            (saved.concat(), "--saved-model"),
            (graph, "--graphdef"),
            (core_ml, "Core ML"),
            (b"\x1c\0\0\0TFL3\0\0".to_vec(), "--tflite"),
            (
                br#"{"format": "layers-model", "modelTopology": {}, "weightsManifest": []}"#.to_vec(),
                "tensorflowjs_converter",
            ),
            (br#"{"format": "graph-model", "modelTopology": {}, "weightsManifest": []}"#.to_vec(), "--tfjs"),
            (b"\xef\xbb\xbf {\"metadata\": {}, \"weight_map\": {}}".to_vec(), "several safetensors"),
            (br#"{"format": 2, "shards": []}"#.to_vec(), "folder it lies in"),
            (br#"{"id": "a", "preprocessing": {}}"#.to_vec(), "its recipe"),
            (br#"{"class_name": "Sequential", "config": {}}"#.to_vec(), "without its weights"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n".to_vec(), "git lfs pull"),
        ] {
            let found = file(&bytes);
            assert!(said(found.as_ref()).contains(name) && said(found.as_ref()).contains(';'), "{name}: {found:?}");
        }
        assert_eq!(file(b"{}"), None);
        let onnx = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/residual.onnx");
        assert_eq!(file(&std::fs::read(onnx).unwrap()), None);
    }

    #[test]
    fn archives_are_told_by_what_is_in_them() {
        for (names, name) in [
            (&["net/data.pkl", "net/code/__torch__.py", "net/constants.pkl"][..], "TorchScript"),
            (&["net/archive_format", "net/models/model.json"], "torch.export"),
            (&["Manifest.json", "Data/com.apple.CoreML/model.mlmodel"], "Core ML"),
            (&["conv1.npy", "fc.npy"], "NumPy"),
        ] {
            let found = archive(names.iter().copied());
            assert!(said(found.as_ref()).contains(name) && said(found.as_ref()).contains(';'), "{name}: {found:?}");
        }
        assert_eq!(archive(["net/data.pkl", "net/data/0", "net/version"].into_iter()), None);
    }

    #[test]
    fn folders_of_other_programs_are_named() {
        let place = tempfile::tempdir().unwrap();
        let within = |name: &str, file: &str, content: &str| {
            let folder = place.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join(file), content).unwrap();
            self::folder(&folder)
        };
        assert_eq!(within("saved", "saved_model.pb", ""), Some(SAVED_MODEL));
        assert!(within("web", "model.json", r#"{"modelTopology": {}}"#).unwrap().to_string().contains("TensorFlow.js"));
        assert_eq!(within("hub", "model.safetensors.index.json", "{}"), Some(INDEX));
        assert_eq!(within("packed", "model.json", r#"{"format": 2, "shards": []}"#), None);
        assert_eq!(within("empty", "other", ""), None);
    }
}
