//! One model on one device, one picture looked at, any number of questions about it. The only place that reads back.

mod descent;
mod filters;

use std::cell::Cell;
use std::pin::Pin;
use std::sync::Arc;

use crate::artifact::Artifact;
use crate::card::LayersAsked;
use crate::device::Opened;
use crate::error::{Error, Result};
use crate::explain::{Convention, Descent, Map, reconstruct};
use crate::fault;
use crate::methods::method;
use crate::model::{self, Manifest, Model, Progress, Source};
use crate::nn::NodeId;
use crate::numbers::{Activation, Class};
use crate::observation::Observation;
use crate::observation::finite;
pub(crate) use crate::observation::read;
use crate::picture::Picture;
use crate::record::Maker;
use crate::request::{Layers, Request};
use crate::run::{Heard, Listener, run};

/// What is asked of a method that explains a class at layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Class, by index.
    pub class: usize,
    /// Layers, each a node of the graph.
    pub layers: Vec<NodeId>,
    /// Which of the field's ways of doing it.
    pub convention: Convention,
}

/// A model that is ready and the picture it has looked at last.
#[derive(Clone, Debug)]
pub struct Session {
    model: Arc<Model>,
    device_name: String,
    looked: Option<Observation>,
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
        Self { model: Arc::new(model), device_name: opened.name.clone(), looked: None }
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
        let observation = Observation::new(self.model.clone(), Arc::new(picture.clone())).await?;
        Ok(self.looked.insert(observation).classes())
    }

    /// All classes of the picture looked at last, the likeliest first.
    ///
    /// # Errors
    /// [`Error::Request`] where no picture has been looked at.
    pub fn classes(&self) -> Result<&[Class]> {
        Ok(self.observation()?.classes())
    }

    /// What the picture looked at last gives a class.
    ///
    /// # Errors
    /// [`Error::Request`] where no picture has been looked at, or there is no such class.
    pub fn class_numbers(&self, index: usize) -> Result<&Class> {
        let found = self.classes()?.iter().find(|class| class.index == index);
        found.ok_or_else(|| {
            Error::Request(fault!(
                "class-missing",
                "the model {model} has no class {class}",
                model = self.model.manifest.id,
                class = index
            ))
        })
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
            return Err(self.model.no_classifier());
        }
        if text == "top1" {
            let best = self.classes()?.first();
            return best
                .map(|class| class.index)
                .ok_or_else(|| Error::Request(fault!("no-classes", "there is no class")));
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
        let Model { manifest: Manifest { id, labels, .. }, .. } = &*self.model;
        let ways = || named.iter().map(|&index| format!("index:{index} ({})", labels[index])).collect::<Vec<_>>();
        Error::Request(match index {
            Some(index) => fault!(
                "class-index-or-name",
                "in the model {model}, {text} is the index of {class} and the name of another; say index:{text} or name:{text}",
                model = id,
                text,
                class = labels[index]
            ),
            None => fault!(
                "class-name-of-several",
                "in the model {model}, {text} is the name of {count} classes; say {ways}",
                model = id,
                text,
                count = named.len(),
                ways = ways().join(" or ")
            ),
        })
    }

    fn no_class(&self, text: &str) -> Error {
        let labels = &self.model.manifest.labels;
        let wanted = text.trim_start_matches("name:").to_lowercase();
        let near: Vec<&str> =
            labels.iter().filter(|label| label.to_lowercase().contains(&wanted)).take(5).map(String::as_str).collect();
        let (model, last, example) = (&self.model.manifest.id, labels.len() - 1, &labels[0]);
        Error::Request(if near.is_empty() {
            fault!(
                "class-unknown",
                "the model {model} has no class {class}; give an index from 0 to {last}, a name such as {example}, or top1",
                model,
                class = text,
                last,
                example
            )
        } else {
            fault!(
                "class-unknown-near",
                "the model {model} has no class {class}; give an index from 0 to {last}, a name such as {example}, or top1; near to it: {near}",
                model,
                class = text,
                last,
                example,
                near = near.join(", ")
            )
        })
    }

    /// The layers at which a method is asked for, as `text` means them; none of `all` and `last` where it answers at the input.
    ///
    /// # Errors
    /// Those of [`method`] and [`Session::layers`].
    pub fn layers_for(&self, id: &str, text: &str) -> Result<Vec<NodeId>> {
        let anywhere = matches!(text, "all" | "last") && method(id)?.card().asks.layers == LayersAsked::None;
        if anywhere { Ok(vec![]) } else { self.layers(text, false) }
    }

    /// The layers that `text` means: a node's name, `all` taps, or the `last` tap of those that are no pools.
    ///
    /// # Errors
    /// [`Error::Request`] saying which layers there are.
    pub fn layers(&self, text: &str, pools: bool) -> Result<Vec<NodeId>> {
        self.model.layers(&Layers::parse(text), pools)
    }

    /// Answers a question about the picture looked at last, one map after the other; `each` says whether to go on.
    ///
    /// # Errors
    /// [`Error::Request`] where the question does not fit, [`Error::Device`] where the device stops working,
    /// [`Error::Cancelled`] where `each` said to stop.
    pub async fn explain(&self, method: &str, ask: &Ask, each: impl AsyncFnMut(Map) -> bool) -> Result<()> {
        let graph = self.model.network.graph();
        let request = Request {
            method: method.into(),
            class: Some(ask.class),
            layers: Layers::Named(ask.layers.iter().map(|&layer| graph.nodes()[layer].name.clone()).collect()),
            convention: ask.convention.name.into(),
            ..Request::default()
        };
        run(self.observation()?, &request, &EachMap(Cell::new(Some(each)))).await
    }

    /// Takes channels of a layer down to the input: for each, an image `[3, H, W]` in the network's order of channels.
    ///
    /// # Errors
    /// [`Error::Request`] where the layer has no such channel, [`Error::Device`] where the device stops working.
    pub async fn reconstruct(&self, descent: &Descent) -> Result<Vec<Vec<f32>>> {
        let images = reconstruct(self.observation()?, descent)?;
        let [_, channels, height, width] = images.dims();
        let values = finite(&self.model.network.graph().nodes()[descent.layer].name, read(images).await?)?;
        Ok(values.chunks_exact(channels * height * width).map(<[f32]>::to_vec).collect())
    }

    /// A layer's feature maps for the picture looked at last, `[C, H, W]`, row-major.
    ///
    /// # Errors
    /// [`Error::Request`] where no picture has been looked at, [`Error::Device`] where the device stops working.
    pub async fn feature_maps(&self, layer: NodeId) -> Result<Vec<f32>> {
        let name = &self.model.network.graph().nodes()[layer].name;
        finite(name, read(self.observation()?.features(layer)).await?)
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

    /// The picture looked at last, as the network saw it.
    ///
    /// # Errors
    /// [`Error::Request`] where no picture has been looked at.
    pub fn observation(&self) -> Result<&Observation> {
        self.looked
            .as_ref()
            .ok_or_else(|| Error::Request(fault!("no-picture", "no picture has been looked at; give one first")))
    }
}

/// Hands every map to a function, which says whether to go on.
struct EachMap<F>(Cell<Option<F>>);

impl<F: AsyncFnMut(Map) -> bool> Listener for EachMap<F> {
    fn hear<'a>(&'a self, heard: Heard) -> Pin<Box<dyn Future<Output = bool> + 'a>> {
        Box::pin(async move {
            let Heard::Artifact(Artifact::Map(map)) = heard else { return true };
            let Some(mut each) = self.0.take() else { return true };
            let go_on = each(map).await;
            self.0.set(Some(each));
            go_on
        })
    }
}
