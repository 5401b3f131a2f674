//! `model.json`: everything about a packed model but its numbers, checked when read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Base, Codec, Domain, MAX_SHARD_BYTES, Packing, Shard};
use crate::error::{Error, Fault, Result};
use crate::export::sha256;
use crate::fault;
use crate::nn::{Graph, Node};
use crate::preprocess::Preprocessing;

/// The format version this program writes. It reads all since 1, which had neither compressed shards nor the codec int4; 2 had
/// no int16.
pub const FORMAT: u32 = 3;

/// Place of a tensor's numbers. The shards, unpacked, one after the other, are one stream of bytes; a tensor may cross shards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TensorEntry {
    /// Codec that stores the numbers.
    pub codec: Codec,
    /// Row-major shape.
    pub shape: Vec<usize>,
    /// The dimension of the output channels: 0 for a convolution `[out, in, h, w]`, 1 for a dense weight `[in, out]`.
    #[serde(default)]
    pub axis: usize,
    /// First byte in the stream.
    pub offset: u64,
    /// Number of bytes.
    pub bytes: u64,
}

/// Contents of `model.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Format version.
    pub format: u32,
    /// Short name, as the command line and the folder call it.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// One or two sentences for people.
    #[serde(default)]
    pub description: String,
    /// What it is for, and the images that it was made for, where those are few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Domain>,
    /// Model that it was taught on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Base>,
    /// Licence of the weights.
    pub licence: String,
    /// Origin of the weights.
    pub source: String,
    /// Preprocessing that makes an image the input `[1, 3, H, W]`.
    pub preprocessing: Preprocessing,
    /// The graph.
    pub nodes: Vec<Node>,
    /// The node whose output `[1, classes, 1, 1]` holds the logits; a network without classifier has none.
    #[serde(default)]
    pub logits: Option<String>,
    /// The node whose output holds the softmax of the logits; their sigmoids, where each class is a question of its own (of one logit and
    /// its opposite, or several labels at once); none where the outputs are no probabilities, such as those of a regression.
    #[serde(default)]
    pub probabilities: Option<String>,
    /// The layers worth showing, from the image on: feature maps `[1, C, H, W]`.
    pub taps: Vec<String>,
    /// The classes' names, by index. Where the file has none, they are `output 0`, `output 1` and so on.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Packing by which the tensors are stored, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packing: Option<Packing>,
    /// Parameter tensors by name.
    pub tensors: BTreeMap<String, TensorEntry>,
    /// The files with the numbers.
    pub shards: Vec<Shard>,
}

impl Manifest {
    /// Reads and checks `model.json`.
    ///
    /// # Errors
    /// [`Error::Weights`]: a newer format, an unknown op, or anything that does not fit together.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let value: serde_json::Value = serde_json::from_slice(bytes)
            .map_err(|error| Error::model(fault!("not-json", "not JSON: {error}", error).with_source(error)))?;
        match value.get("format").and_then(serde_json::Value::as_u64) {
            Some(format) if (1..=u64::from(FORMAT)).contains(&format) => {}
            Some(format) if format > u64::from(FORMAT) => {
                return Err(Error::Weights(fault!(
                    "model-format-newer",
                    "model.json: the model has format {format}, newer than the {newest} that this version reads; update convscope",
                    format,
                    newest = FORMAT
                )));
            }
            format => {
                let format = format_args!("{format:?}");
                let what = fault!("model-format", "the format is {format}, not 1 to {newest}", format, newest = FORMAT);
                return Err(Error::model(what));
            }
        }
        if let Some(nodes) = value.get("nodes").and_then(serde_json::Value::as_array) {
            let unknown = |cause: Fault| {
                Error::Weights(fault!(
                    "model-ops",
                    "model.json: {cause}: update convscope or repack the model",
                    cause = cause
                ))
            };
            nodes.iter().try_for_each(crate::nn::check_known).map_err(unknown)?;
        }
        let mut manifest: Self = serde_json::from_value(value).map_err(|error| Error::model(Fault::foreign(error)))?;
        manifest.check()?;
        // Models packed before there were such have one class that is always certain.
        let graph = manifest.graph()?;
        if manifest.probabilities.is_some() {
            manifest.two_classes(&graph);
        }
        manifest.number_outputs();
        Ok(manifest)
    }

    /// The bytes of all shards' files: what is transferred.
    pub fn total_bytes(&self) -> u64 {
        self.shards.iter().map(|shard| shard.bytes).sum()
    }

    /// Bytes of all numbers before shards are compressed: of two packings of one model, the finer has more.
    pub fn fineness(&self) -> u64 {
        self.tensors.values().map(|tensor| tensor.bytes).sum()
    }

    /// Name of the packing, or else of the codec that most of its numbers are stored in.
    pub fn stored(&self) -> &'static str {
        let most = || self.tensors.values().max_by_key(|tensor| tensor.shape.iter().product::<usize>());
        self.packing.map_or_else(|| most().map_or("", |tensor| tensor.codec.name()), Packing::name)
    }

    /// Whether both are the same network with the same weights but for how these are stored, as far as can be seen without reading them.
    pub fn is_same_network(&self, other: &Self) -> bool {
        (&self.nodes, &self.labels, &self.preprocessing) == (&other.nodes, &other.labels, &other.preprocessing)
    }

    /// Name of the network, which all of those that are [the same](Self::is_same_network) have.
    pub fn network(&self) -> String {
        let json = serde_json::to_vec(&(&self.nodes, &self.labels, &self.preprocessing));
        sha256(&json.unwrap_or_default())
    }

    /// The checked graph.
    ///
    /// # Errors
    /// [`Error::Weights`] naming the node that does not fit.
    pub fn graph(&self) -> Result<Graph> {
        let shape = |name: &str| self.tensors.get(name).map(|tensor| tensor.shape.clone());
        Graph::new(self.nodes.clone(), self.preprocessing.input_shape(), shape)
    }

    fn check(&self) -> Result<()> {
        self.preprocessing.check().map_err(Error::model)?;
        for shard in &self.shards {
            if let Some(bytes) =
                [shard.bytes, shard.stream_bytes()].into_iter().find(|bytes| !(1..=MAX_SHARD_BYTES).contains(bytes))
            {
                return Err(Error::model(fault!(
                    "shard-size",
                    "the shard {shard} has {bytes} bytes, not 1 to {most}",
                    shard = shard.file,
                    bytes,
                    most = MAX_SHARD_BYTES
                )));
            }
            // A shard lies beside its model.json and nowhere else, wherever the model comes from.
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            if shard.file.is_empty() || shard.file.starts_with('.') || !shard.file.chars().all(plain) {
                let name = format_args!("{:?}", shard.file);
                return Err(Error::model(fault!("shard-name", "{name} is no plain file name for a shard", name)));
            }
        }
        let total: u64 = self.shards.iter().map(Shard::stream_bytes).sum();
        for (name, tensor) in &self.tensors {
            if tensor.shape.is_empty() || tensor.shape.contains(&0) {
                let shape = format_args!("{:?}", tensor.shape);
                return Err(Error::model(fault!(
                    "tensor-empty",
                    "the tensor {name} has the empty shape {shape}",
                    name,
                    shape
                )));
            }
            let length = tensor.codec.encoded_len(&tensor.shape, tensor.axis).map(|length| length as u64);
            if length != Some(tensor.bytes) {
                return Err(Error::model(fault!(
                    "tensor-length",
                    "the tensor {name} of shape {shape} in {codec} has {bytes} bytes",
                    name,
                    shape = format_args!("{:?}", tensor.shape),
                    codec = tensor.codec.name(),
                    bytes = tensor.bytes
                )));
            }
            if tensor.offset.checked_add(tensor.bytes).is_none_or(|end| end > total) {
                return Err(Error::model(fault!(
                    "tensor-behind",
                    "the tensor {name} lies behind the last shard",
                    name
                )));
            }
        }
        let graph = self.graph()?;
        for tap in &self.taps {
            graph.id(tap).ok_or_else(|| Error::model(fault!("tap-unknown", "the tap {tap} is no node", tap)))?;
        }
        let last = match (&self.logits, &self.probabilities) {
            (None, None) if self.labels.is_empty() => return Ok(()),
            (Some(logits), probabilities) => std::iter::once(logits).chain(probabilities),
            _ => {
                return Err(Error::model(fault!(
                    "classifier-in-part",
                    "there are labels or probabilities and no logits that they belong to"
                )));
            }
        };
        let mut outputs = (!self.labels.is_empty()).then_some(self.labels.len());
        for name in last {
            let id = graph
                .id(name)
                .ok_or_else(|| Error::model(fault!("output-unknown", "the output {name} is no node", name)))?;
            let shape = graph.shape(id);
            let labels = *outputs.get_or_insert(shape[0]);
            if shape != [labels, 1, 1] {
                return Err(Error::model(fault!(
                    "output-shape",
                    "the output {name} has shape {shape} for {labels} labels",
                    name,
                    shape = format_args!("{shape:?}"),
                    labels
                )));
            }
        }
        Ok(())
    }
}
