//! Loading of a [`Model`] from a [`Source`] onto a device, shard by shard, so that the peak of memory is the network, one tensor
//! and a shard.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};

use super::{JSON, Manifest, Source, TensorEntry, decode, decode_columns};
use crate::card::{Card, Gives, LayersAsked, Offer, no_layers};
use crate::device::Opened;
use crate::error::{Error, Fault, Result};
use crate::explain::Score;
use crate::export::{Maker, sha256};
use crate::fault;
use crate::image::Image;
use crate::named::did_you_mean;
use crate::nn::{Network, NodeId, Parameter, Role};
use crate::observation::Observation;
use crate::request::Layers;

/// WebGPU guarantees 128 MiB a binding; half of it keeps the copies made on the way small too.
const MAX_CHUNK_BYTES: usize = 64 << 20;

/// Progress of loading, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

/// A network and what is known about it.
#[derive(Clone, Debug)]
pub struct Model {
    /// Contents of `model.json`.
    pub manifest: Manifest,
    /// SHA-256 of `model.json`, which holds those of the shards: it names the model to the last bit.
    pub hash: String,
    /// The network on its device.
    pub network: Network,
    /// Device it runs on, for people.
    pub device: String,
}

impl Model {
    /// The layers that are meant, in the order of the graph; none where none are asked for and no one is named. `last` is never a
    /// pool.
    ///
    /// # Errors
    /// [`Error::Request`] naming those there are.
    pub fn layers(&self, layers: &Layers, asked: LayersAsked) -> Result<Vec<NodeId>> {
        if asked == LayersAsked::None && !matches!(layers, Layers::Named(_)) {
            return Ok(vec![]);
        }
        let pools = asked != LayersAsked::Many;
        let graph = self.network.graph();
        let is_pool = |id: &NodeId| graph.nodes()[*id].op.role() == Role::Pool;
        let taps = self.manifest.taps.iter().filter_map(|name| graph.id(name)).filter(|id| pools || !is_pool(id));
        let named = |name: &String| graph.id(name).ok_or_else(|| self.no_layer(name));
        let found: Vec<NodeId> = match layers {
            Layers::All | Layers::Fused(_) => taps.collect(),
            Layers::Last => taps.rev().find(|id| !is_pool(id)).into_iter().collect(),
            Layers::Named(names) => names.iter().map(named).collect::<Result<_>>()?,
        };
        if found.is_empty() && self.manifest.taps.is_empty() {
            return Err(Error::Request(no_layers(&self.manifest.id)));
        }
        if found.is_empty() { Err(self.no_layer(&layers.to_string())) } else { Ok(found) }
    }

    /// What it has that methods may ask for.
    pub fn offer(&self) -> Offer<'_> {
        let Manifest { id, labels, taps, .. } = &self.manifest;
        let graph = self.network.graph();
        let is_pool = |name: &&String| graph.id(name).is_some_and(|id| graph.nodes()[id].op.role() == Role::Pool);
        let pools = taps.iter().filter(is_pool).count();
        Offer { model: id, classes: labels.len(), layers: taps.len(), layers_but_pools: taps.len() - pools }
    }

    /// Whether a method can be asked about these layers.
    ///
    /// # Errors
    /// [`Error::Request`] naming the first that does not lead to the classes, or has a single place where the method gives a map of
    /// places.
    pub fn check_layers(&self, card: &Card, layers: &[NodeId]) -> Result<()> {
        if !card.asks.class || card.asks.layers == LayersAsked::None {
            return Ok(());
        }
        let (graph, output) = (self.network.graph(), self.score_node(Score::Logit)?);
        for &layer in layers {
            let name = &graph.nodes()[layer].name;
            if !graph.leads_to(layer, output) {
                return Err(Error::Request(behind_classes(name)));
            }
            let places: usize = graph.shape(layer)[1..].iter().product();
            if places == 1 && matches!(card.gives, Gives::LayerMap { .. }) && !self.manifest.taps.contains(name) {
                return Err(Error::Request(fault!(
                    "layer-without-places",
                    "the layer {layer} has one number a channel and no places, so {method} has nothing to map there; choose a layer with \
                     feature maps",
                    layer = name,
                    method = card.id
                )));
            }
        }
        Ok(())
    }

    fn no_layer(&self, name: &str) -> Error {
        let taps: Vec<&str> = self.manifest.taps.iter().map(String::as_str).collect();
        let (model, known) = (&self.manifest.id, taps.join(", "));
        Error::Request(fault!(
            "layer-unknown",
            "the model {model} has no layer {layer}{near}; choose all, last, fused or one of {known}",
            @near = did_you_mean(name, &taps),
            model,
            layer = name,
            known
        ))
    }

    /// Model and device that its results are made with.
    pub fn maker(&self) -> Maker<'_> {
        let Manifest { id, name, .. } = &self.manifest;
        Maker { id, name, hash: &self.hash, device: &self.device }
    }

    /// Has the network see an image.
    ///
    /// # Errors
    /// [`Error::Device`] where the device stops working, [`Error::Weights`] where the classes have no numbers.
    pub async fn observe_async(self: &Arc<Self>, image: impl Into<Arc<Image>>) -> Result<Observation> {
        Observation::new(self.clone(), image.into()).await
    }

    /// What is read where a convention says `score`: of a model without probabilities, whose outputs go through no activation function,
    /// its raw outputs, which are all it has.
    pub fn score(&self, score: Score) -> Score {
        if self.manifest.probabilities.is_some() { score } else { Score::Logit }
    }

    /// The node whose output `[1, classes, 1, 1]` holds the scores, as [`Model::score`] has it.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no classifier.
    pub fn score_node(&self, score: Score) -> Result<NodeId> {
        let Manifest { logits, probabilities, .. } = &self.manifest;
        let output = match self.score(score) {
            Score::Logit => logits,
            Score::Probability => probabilities,
        };
        output.as_deref().and_then(|name| self.network.graph().id(name)).ok_or_else(|| self.manifest.no_classifier())
    }
}

/// The fault of a request for the gradient of a class at a layer that does not lead to it.
pub(crate) fn behind_classes(layer: &str) -> Fault {
    fault!("layer-behind-classes", "the layer {layer} does not lead to the classes; choose a layer before them", layer)
}

/// Reads a packed model and puts it on a device.
///
/// # Errors
/// Whatever the source says, and [`Error::Weights`] for a short, long or damaged file.
pub async fn load<S: Source>(source: &S, opened: &Opened, mut progress: impl FnMut(Progress)) -> Result<Model> {
    let device = &opened.device;
    let json = source.read(JSON, &mut |_| {}).await?;
    let manifest = Manifest::parse(&json)?;
    let graph = manifest.graph()?;
    let total = manifest.total_bytes();

    let mut entries: Vec<(&String, &TensorEntry)> = manifest.tensors.iter().collect();
    entries.sort_by_key(|(_, entry)| entry.offset);
    let mut waiting = entries.into_iter().peekable();
    let mut tensors = HashMap::new();
    // The part of the stream that is here and not decoded yet, and its place in the stream.
    let (mut stream, mut start) = (Vec::new(), 0_u64);
    let mut done = 0_u64;
    for shard in &manifest.shards {
        let content = source.shard(shard, &mut |bytes| progress(Progress { done: done + bytes, total })).await?;
        let piece = shard.unpack(content)?;
        done += shard.bytes;
        progress(Progress { done, total });
        if let Some((_, entry)) = waiting.peek() {
            // Room for the tensor under way, rather than for twice as much, which growing by itself would come to.
            let wanted = (entry.offset + entry.bytes).saturating_sub(start) as usize + piece.len();
            stream.reserve_exact(wanted.saturating_sub(stream.len()));
        }
        stream.extend_from_slice(&piece);
        let end = start + stream.len() as u64;
        while let Some((name, entry)) = waiting.next_if(|(_, entry)| entry.offset + entry.bytes <= end) {
            let from = (entry.offset - start) as usize;
            let bytes = &stream[from..from + entry.bytes as usize];
            tensors.insert(name.as_str(), decoded(entry, bytes, device)?);
        }
        let keep_from = waiting.peek().map_or(end, |(_, entry)| entry.offset.min(end));
        stream.drain(..(keep_from - start) as usize);
        start = keep_from;
    }
    let network = Network::new(graph, |name| tensors.get(name).cloned(), device.clone())?;
    Ok(Model { hash: sha256(&json), manifest, network, device: opened.name.clone() })
}

/// A parameter on the device.
fn decoded(entry: &TensorEntry, bytes: &[u8], device: &Device) -> Result<Parameter> {
    let TensorEntry { codec, shape, axis, .. } = entry;
    let whole = || TensorData::new(decode(*codec, bytes, shape, *axis), shape.clone());
    match shape[..] {
        [_] => Ok(Parameter::Vector(Tensor::from_data(whole(), device))),
        [rows, columns] => {
            let piece = |wanted: Range<usize>| {
                let shape = [rows, wanted.len()];
                let values = decode_columns(*codec, bytes, [rows, columns], wanted);
                Tensor::from_data(TensorData::new(values, shape), device)
            };
            Ok(Parameter::Columns(column_chunks(rows, columns, MAX_CHUNK_BYTES).map(piece).collect()))
        }
        [_, _, _, _] => Ok(Parameter::Kernel(Tensor::from_data(whole(), device))),
        _ => Err(Error::Weights(fault!(
            "tensor-shape",
            "model.json: no op takes a tensor of shape {shape}; pack the model again",
            shape = format_args!("{shape:?}")
        ))),
    }
}

/// The columns of a dense weight `[rows, columns]` in pieces of at most `max_bytes` of float32 each (but one column at least).
pub fn column_chunks(rows: usize, columns: usize, max_bytes: usize) -> impl Iterator<Item = Range<usize>> {
    let width = (max_bytes / (4 * rows.max(1))).clamp(1, columns.max(1));
    (0..columns).step_by(width).map(move |start| start..(start + width).min(columns))
}
