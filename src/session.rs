//! One model on one device, one picture looked at, any number of questions about it. The only place that reads back.

mod descent;
mod filters;

use burn::tensor::Tensor;

use crate::device::Opened;
use crate::error::{Error, Result};
use crate::explain::{self, Ask, Descent, Map, Subject};
use crate::model::{self, Model, Progress, Source};
use crate::nn::{Graph, NodeId, Op, Trace};
use crate::numbers::{Activation, Class};
use crate::picture::Picture;
use crate::record::Maker;

/// A looked-at picture.
#[derive(Clone, Debug)]
struct Looked {
    trace: Trace,
    classes: Vec<Class>,
}

/// A model that is ready and the picture it has looked at last.
#[derive(Clone, Debug)]
pub struct Session {
    model: Model,
    device_name: String,
    looked: Option<Looked>,
}

impl Session {
    /// Loads a packed model onto a device.
    ///
    /// # Errors
    /// Those of [`model::load`].
    pub async fn open<S: Source>(source: &S, opened: &Opened, progress: impl FnMut(Progress)) -> Result<Self> {
        let model = model::load(source, &opened.device, progress).await?;
        Ok(Self::new(model, opened))
    }

    /// A session for a model that is loaded already.
    pub fn new(model: Model, opened: &Opened) -> Self {
        Self { model, device_name: opened.name.clone(), looked: None }
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// What it runs on, for people.
    pub fn device_name(&self) -> &str {
        &self.device_name
    }

    /// What its results are made with.
    pub fn maker(&self) -> Maker<'_> {
        let manifest = &self.model.manifest;
        Maker { id: &manifest.id, name: &manifest.name, hash: &self.model.hash, device: &self.device_name }
    }

    /// Runs the network on a picture and gives all classes, the likeliest first; none where the model has no classifier.
    /// Where it fails, the previous picture stays.
    ///
    /// # Errors
    /// [`Error::Device`] where the device stops working.
    pub async fn look(&mut self, picture: &Picture) -> Result<&[Class]> {
        let Model { manifest, network, .. } = &self.model;
        let input = manifest.preprocessing.tensor(picture, network.device());
        let output = |name: &Option<String>| name.as_deref().and_then(|name| network.graph().id(name));
        let outputs = output(&manifest.logits).zip(output(&manifest.probabilities));
        let keep: Vec<NodeId> =
            outputs.into_iter().flat_map(|(logits, probabilities)| [logits, probabilities]).collect();
        let trace = network.forward(input, &keep);
        let mut classes = vec![];
        if let Some((logits, probabilities)) = outputs {
            let [logits, probabilities] =
                [read(network.output(&trace, logits)).await?, read(network.output(&trace, probabilities)).await?];
            if logits.iter().chain(&probabilities).any(|value| !value.is_finite()) {
                return Err(self.first_without_numbers(&trace).await?);
            }
            let numbers = logits.into_iter().zip(probabilities).zip(&manifest.labels).enumerate();
            let class = |(index, ((logit, probability), name)): (usize, ((f32, f32), &String))| Class {
                index,
                name: name.clone(),
                probability,
                logit,
            };
            classes = numbers.map(class).collect();
            // Ranked here: sorting on a WebGPU device panics in burn 0.22 (tracel-ai/burn#5110).
            classes
                .sort_by(|one, other| other.probability.total_cmp(&one.probability).then(one.index.cmp(&other.index)));
        }
        Ok(&self.looked.insert(Looked { trace, classes }).classes)
    }

    /// The fault of the first layer whose numbers are not all finite.
    async fn first_without_numbers(&self, trace: &Trace) -> Result<Error> {
        let network = &self.model.network;
        for (id, node) in network.graph().nodes().iter().enumerate() {
            let finite = finite(&node.name, read(network.output(trace, id)).await?);
            if let Err(error) = finite {
                return Ok(error);
            }
        }
        Ok(no_number("of its classes"))
    }

    /// All classes of the picture looked at last, the likeliest first.
    ///
    /// # Errors
    /// [`Error::Request`] where no picture has been looked at.
    pub fn classes(&self) -> Result<&[Class]> {
        Ok(&self.looked()?.classes)
    }

    /// What the picture looked at last gives a class.
    ///
    /// # Errors
    /// [`Error::Request`] where no picture has been looked at, or there is no such class.
    pub fn class_numbers(&self, index: usize) -> Result<&Class> {
        let found = self.classes()?.iter().find(|class| class.index == index);
        found.ok_or_else(|| Error::Request(format!("the model {} has no class {index}", self.model.manifest.id)))
    }

    /// The class that `text` means: `top1`, an index, or a name (case, `_` and spaces do not matter). `index:3` is the index alone,
    /// and `name:3` the name, where a class is called by a number.
    ///
    /// # Errors
    /// [`Error::Request`] saying which classes there are, or which of them could be meant.
    pub fn class(&self, text: &str) -> Result<usize> {
        let manifest = &self.model.manifest;
        let labels = &manifest.labels;
        if labels.is_empty() {
            return Err(Error::Request(format!(
                "the model {} has no classifier, so there is no class to explain; choose another model, or look at its activations",
                manifest.id
            )));
        }
        if text == "top1" {
            let best = self.classes()?.first();
            return best.map(|class| class.index).ok_or_else(|| Error::Request("there is no class".into()));
        }
        let index = |text: &str| text.parse().ok().filter(|&index: &usize| index < labels.len());
        let (index, named) = match (text.strip_prefix("index:"), text.strip_prefix("name:")) {
            (Some(number), _) => (index(number), vec![]),
            (_, Some(name)) => (None, self.classes_named(name)),
            _ => (index(text), self.classes_named(text)),
        };
        match (index, &named[..]) {
            (Some(index), []) => Ok(index),
            (Some(index), [named]) if index == *named => Ok(index),
            (None, [named]) => Ok(*named),
            (None, []) => Err(self.no_class(text)),
            (index, named) => Err(self.which_class(text, index, named)),
        }
    }

    /// The classes of that name.
    fn classes_named(&self, name: &str) -> Vec<usize> {
        let plain = |name: &str| name.to_lowercase().replace('_', " ");
        let labels = self.model.manifest.labels.iter().enumerate();
        labels.filter(|(_, label)| plain(label) == plain(name)).map(|(index, _)| index).collect()
    }

    /// That several classes could be meant, and how to say which.
    fn which_class(&self, text: &str, index: Option<usize>, named: &[usize]) -> Error {
        let Model { manifest, .. } = &self.model;
        let (what, ways) = match index {
            Some(index) => (
                format!("the index of {} and the name of another", manifest.labels[index]),
                vec![format!("index:{text}"), format!("name:{text}")],
            ),
            None => (
                format!("the name of {} classes", named.len()),
                named.iter().map(|&index| format!("index:{index} ({})", manifest.labels[index])).collect(),
            ),
        };
        Error::Request(format!("in the model {}, {text} is {what}; say {}", manifest.id, ways.join(" or ")))
    }

    fn no_class(&self, text: &str) -> Error {
        let labels = &self.model.manifest.labels;
        let wanted = text.trim_start_matches("name:").to_lowercase();
        let near: Vec<&str> =
            labels.iter().filter(|label| label.to_lowercase().contains(&wanted)).take(5).map(String::as_str).collect();
        let near = if near.is_empty() { String::new() } else { format!("; near to it: {}", near.join(", ")) };
        Error::Request(format!(
            "the model {} has no class {text}; give an index from 0 to {}, a name such as {}, or top1{near}",
            self.model.manifest.id,
            labels.len() - 1,
            labels[0]
        ))
    }

    /// The layers at which a method is asked for, as `text` means them; none of `all` and `last` where it answers at the input.
    ///
    /// # Errors
    /// Those of [`explain::method`] and [`Session::layers`].
    pub fn layers_for(&self, method: &str, text: &str) -> Result<Vec<NodeId>> {
        let anywhere = matches!(text, "all" | "last") && !explain::method(method)?.takes_layers();
        if anywhere { Ok(vec![]) } else { self.layers(text, false) }
    }

    /// The layers that `text` means: a node's name, `all` taps, or the `last` tap of those that are no pools.
    ///
    /// # Errors
    /// [`Error::Request`] saying which layers there are.
    pub fn layers(&self, text: &str, pools: bool) -> Result<Vec<NodeId>> {
        let Model { manifest, network, .. } = &self.model;
        let graph = network.graph();
        let is_pool = |id: &NodeId| matches!(graph.nodes()[*id].op, Op::MaxPool { .. } | Op::AveragePool { .. });
        let taps = manifest.taps.iter().filter_map(|name| graph.id(name)).filter(|id| pools || !is_pool(id));
        let found: Vec<NodeId> = match text {
            "all" => taps.collect(),
            "last" => taps.rev().find(|id| !is_pool(id)).into_iter().collect(),
            name => graph.id(name).into_iter().collect(),
        };
        if found.is_empty() && manifest.taps.is_empty() {
            return Err(Error::Request(format!(
                "the model {} has no feature maps, so there is no layer to look at; use the method gradient, guided_backprop or deconvnet",
                manifest.id
            )));
        }
        if found.is_empty() {
            return Err(Error::Request(format!(
                "the model {} has no layer {text}; choose all, last or one of {}",
                manifest.id,
                manifest.taps.join(", ")
            )));
        }
        Ok(found)
    }

    /// Answers a question about the picture looked at last, one map after the other; `each` says whether to go on.
    ///
    /// # Errors
    /// [`Error::Request`] where the question does not fit, [`Error::Device`] where the device stops working,
    /// [`Error::Cancelled`] where `each` said to stop.
    pub async fn explain(&self, method: &str, ask: &Ask, mut each: impl AsyncFnMut(Map) -> bool) -> Result<()> {
        let subject = Subject { model: &self.model, trace: &self.looked()?.trace };
        for frame in explain::method(method)?.frames(subject, ask)? {
            let [_, _, height, width] = frame.map.dims();
            let weights = match frame.weights {
                Some(weights) => Some(read(weights).await?),
                None => None,
            };
            let values = read(frame.map).await?;
            let layer = match frame.layer {
                Some(layer) => self.model.network.graph().nodes()[layer].name.clone(),
                None => Graph::INPUT.into(),
            };
            let values = finite(&layer, values)?;
            let score = ask.convention.score;
            if !each(Map::of_frame(layer, [width, height], values, weights.as_deref(), score)).await {
                return Err(Error::Cancelled);
            }
        }
        Ok(())
    }

    /// Takes channels of a layer down to the input: for each, an image `[3, H, W]` in the network's order of channels.
    ///
    /// # Errors
    /// [`Error::Request`] where the layer has no such channel, [`Error::Device`] where the device stops working.
    pub async fn reconstruct(&self, descent: &Descent) -> Result<Vec<Vec<f32>>> {
        let subject = Subject { model: &self.model, trace: &self.looked()?.trace };
        let images = explain::reconstruct(subject, descent)?;
        let [_, channels, height, width] = images.dims();
        let values = finite(&self.model.network.graph().nodes()[descent.layer].name, read(images).await?)?;
        Ok(values.chunks_exact(channels * height * width).map(<[f32]>::to_vec).collect())
    }

    /// A layer's feature maps for the picture looked at last, `[C, H, W]`, row-major.
    ///
    /// # Errors
    /// [`Error::Request`] where no picture has been looked at, [`Error::Device`] where the device stops working.
    pub async fn feature_maps(&self, layer: NodeId) -> Result<Vec<f32>> {
        let network = &self.model.network;
        finite(&network.graph().nodes()[layer].name, read(network.output(&self.looked()?.trace, layer)).await?)
    }

    /// A layer's feature maps in numbers.
    ///
    /// # Errors
    /// Those of [`Session::feature_maps`].
    pub async fn activation(&self, layer: NodeId) -> Result<Activation> {
        let graph = self.model.network.graph();
        let values = self.feature_maps(layer).await?;
        let shape = graph.shape(layer);
        let sum = |channel: &[f32]| channel.iter().map(|&value| f64::from(value)).sum::<f64>();
        let mut channels: Vec<(usize, f64)> = values.chunks_exact(shape[1] * shape[2]).map(sum).enumerate().collect();
        let total: f64 = channels.iter().map(|(_, sum)| sum).sum();
        channels.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        Ok(Activation {
            layer: graph.nodes()[layer].name.clone(),
            shape,
            mean: total / values.len() as f64,
            maximum: values.iter().copied().fold(f32::NEG_INFINITY, f32::max),
            zeros: values.iter().filter(|&&value| value == 0.0).count() as f64 / values.len() as f64,
            channels,
        })
    }

    fn looked(&self) -> Result<&Looked> {
        self.looked.as_ref().ok_or_else(|| Error::Request("no picture has been looked at; give one first".into()))
    }
}

/// A layer's numbers, if they all are numbers.
fn finite(layer: &str, values: Vec<f32>) -> Result<Vec<f32>> {
    if values.iter().all(|value| value.is_finite()) { Ok(values) } else { Err(no_number(layer)) }
}

fn no_number(layer: &str) -> Error {
    Error::Weights(format!(
        "the layer {layer} gives numbers that are infinite or not a number, so nothing can be said of this picture; check the model's \
         preprocessing and weights, and get or pack it again"
    ))
}

/// Reads a tensor back, row-major.
pub(crate) async fn read(tensor: Tensor<4>) -> Result<Vec<f32>> {
    let stopped = |error: String| {
        Error::Device(format!("the device stopped working ({error}); try again, or use the CPU instead"))
    };
    let data = tensor.into_data_async().await.map_err(|error| stopped(format!("{error:?}")))?;
    data.try_into_vec::<f32>().map_err(|error| stopped(format!("{error:?}")))
}
