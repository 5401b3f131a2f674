//! Observations: an image that a network has seen, with everything that methods ask of it.
//!
//! ```
//! use convscope::device::Choice;
//! use convscope::embedded::SQUEEZENET;
//! use convscope::model::Model;
//! use convscope::image::Image;
//!
//! let model = Model::load(&SQUEEZENET, Choice::Cpu)?;
//! let seen = model.observe(Image::from_rgb(2, 1, vec![255, 0, 0, 0, 0, 255])?)?;
//! let likeliest = &seen.classes()[0];
//! assert_eq!(Some(likeliest.index), seen.top());
//! assert_eq!(seen.input().dims(), [1, 3, 224, 224]);
//! # Ok::<(), convscope::Error>(())
//! ```

use std::cell::RefCell;
use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};

use crate::error::{Error, Result};
use crate::explain::Score;
use crate::fault;
use crate::image::Image;
use crate::input;
use crate::model::{Model, behind_classes};
use crate::nn::{NodeId, ReluRule, Trace};
use crate::predictions::Class;
use crate::preprocess::Region;
use crate::target::{Explained, Target};

/// Gradients of one target's score, where they have been wanted so far.
#[derive(Clone, Debug)]
struct Gradients {
    target: Target,
    score: Score,
    at: Vec<(NodeId, Option<Tensor<4>>)>,
}

/// An image that a network has seen.
#[derive(Clone, Debug)]
pub struct Observation {
    model: Arc<Model>,
    image: Arc<Image>,
    input: Tensor<4>,
    trace: Trace,
    classes: Arc<[Class]>,
    gradients: RefCell<Option<Gradients>>,
}

impl Observation {
    /// Runs the network on an image.
    ///
    /// # Errors
    /// [`Error::Device`] where the device stops working.
    pub async fn new(model: Arc<Model>, image: Arc<Image>) -> Result<Self> {
        let input = input::tensor(&model.manifest.preprocessing, &image, model.network.device());
        Self::of_input(model, image, input).await
    }

    /// The same image, seen by another network or as another input `[1, 3, H, W]`.
    ///
    /// # Errors
    /// Those of [`Observation::new`].
    pub async fn again(&self, model: Arc<Model>, input: Tensor<4>) -> Result<Self> {
        Self::of_input(model, self.image.clone(), input).await
    }

    async fn of_input(model: Arc<Model>, image: Arc<Image>, input: Tensor<4>) -> Result<Self> {
        let Model { manifest, network, .. } = &*model;
        let output = |name: &Option<String>| name.as_deref().and_then(|name| network.graph().id(name));
        let outputs = output(&manifest.logits).map(|logits| (logits, output(&manifest.probabilities)));
        let keep: Vec<NodeId> =
            outputs.into_iter().flat_map(|(logits, probabilities)| [Some(logits), probabilities]).flatten().collect();
        let trace = network.forward(input.clone(), &keep);
        let mut classes = vec![];
        if let Some((logits, probabilities)) = outputs {
            let logits = read(network.output(&trace, logits)).await?;
            let probabilities = match probabilities {
                Some(probabilities) => read(network.output(&trace, probabilities)).await?,
                None => vec![],
            };
            if logits.iter().chain(&probabilities).any(|value| !value.is_finite()) {
                return Err(first_without_numbers(&model, &trace).await?);
            }
            let class = |(index, (logit, name)): (usize, (f32, &String))| Class {
                index,
                name: name.clone(),
                probability: probabilities.get(index).copied(),
                logit,
            };
            classes = logits.into_iter().zip(&manifest.labels).enumerate().map(class).collect();
            let rank = |class: &Class| class.probability.unwrap_or(class.logit);
            // Ranked here: sorting on a WebGPU device panics in burn 0.22 (tracel-ai/burn#5110).
            classes.sort_by(|one, other| rank(other).total_cmp(&rank(one)).then(one.index.cmp(&other.index)));
        }
        Ok(Self { image, input, trace, classes: classes.into(), gradients: RefCell::default(), model })
    }

    /// The model that saw it.
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// The image.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// The part of the image that the network saw, in the image's pixels.
    pub fn region(&self) -> Region {
        self.model.manifest.preprocessing.region(self.image.width(), self.image.height())
    }

    /// The forward pass.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The network's input, `[1, 3, H, W]`.
    pub fn input(&self) -> Tensor<4> {
        self.input.clone()
    }

    /// All classes, the likeliest first; none where the model has no classifier.
    pub fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// The likeliest class, by index; none where the model has no classifier.
    pub fn top(&self) -> Option<usize> {
        self.classes.first().map(|class| class.index)
    }

    /// The target that `text` means: whatever [`Outputs::target`](crate::model::Outputs::target) takes.
    ///
    /// # Errors
    /// [`Error::Request`] saying which classes there are, or which of them could be meant.
    pub fn target(&self, text: &str) -> Result<Target> {
        let ranked: Vec<usize> = self.classes.iter().map(|class| class.index).collect();
        self.model.manifest.target(text)?.resolve(&ranked)
    }

    /// The one class that `text` means, by index.
    ///
    /// # Errors
    /// Those of [`Observation::target`], and [`Error::Request`] where it means a sum of classes.
    pub fn class(&self, text: &str) -> Result<usize> {
        single(&self.target(text)?)
    }

    /// A class with its probability and logit, by index.
    ///
    /// # Errors
    /// [`Error::Request`] where there is no such class.
    pub fn prediction(&self, index: usize) -> Result<&Class> {
        let found = self.classes.iter().find(|class| class.index == index);
        found.ok_or_else(|| self.out_of_range(index))
    }

    /// A target with what the network makes of its classes.
    ///
    /// # Errors
    /// [`Error::Request`] where one of them is not there.
    pub fn explained(&self, target: &Target) -> Result<Explained> {
        Explained::new(target, &self.classes).map_err(|class| self.out_of_range(class))
    }

    fn out_of_range(&self, class: usize) -> Error {
        let (model, last) = (&self.model.manifest.id, self.classes.len().saturating_sub(1));
        Error::Request(fault!(
            "class-out-of-range",
            "the model {model} has no class {class}; its classes are 0 to {last}",
            model,
            class,
            last
        ))
    }

    /// Feature maps of a layer, `[1, C, h, w]`.
    pub fn features(&self, layer: NodeId) -> Tensor<4> {
        self.model.network.output(&self.trace, layer)
    }

    /// Where the backward pass of a target starts, and the seed `[1, classes, 1, 1]` to start it with: the weight of each class.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no classifier or no such class.
    pub fn seed(&self, target: impl Into<Target>, score: Score) -> Result<(NodeId, Tensor<4>)> {
        let output = self.model.score_node(score)?;
        let classes = self.classes.len();
        let seed = target.into().weights(classes).map_err(|class| self.out_of_range(class))?;
        let seed = TensorData::new(seed, [1, classes, 1, 1]);
        Ok((output, Tensor::from_data(seed, self.model.network.device())))
    }

    /// Gradients of a target's score at `layer`, `[1, C, h, w]`. Where they are not known yet, one backward pass finds them at all
    /// of `layers`; they are kept until another target or score is asked for.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no such class, or it does not depend on the layer.
    pub fn gradients(
        &self,
        target: impl Into<Target>,
        score: Score,
        layer: NodeId,
        layers: &[NodeId],
    ) -> Result<Tensor<4>> {
        let target = target.into();
        let mut known = self.gradients.borrow_mut();
        if known.as_ref().is_none_or(|known| (&known.target, known.score) != (&target, score)) {
            *known = None;
        }
        let known = known.get_or_insert_with(|| Gradients { target, score, at: vec![] });
        if known.at.iter().all(|(at, _)| *at != layer) {
            let (output, seed) = self.seed(&known.target, score)?;
            let wanted = || layers.iter().copied().filter(|at| *at != layer).chain([layer]);
            let nodes: Vec<_> = wanted().map(Some).collect();
            let found = self.model.network.pullback(&self.trace, output, seed, ReluRule::Gradient, &nodes);
            known.at = wanted().zip(found).collect();
        }
        let found = known.at.iter().find(|(at, _)| *at == layer).and_then(|(_, gradient)| gradient.clone());
        found.ok_or_else(|| self.behind_classes(layer))
    }

    fn behind_classes(&self, layer: NodeId) -> Error {
        Error::Request(behind_classes(&self.model.network.graph().nodes()[layer].name))
    }

    /// What comes back to the input from a target's score under a rule for ReLU, `[1, 3, H, W]`, in the network's order of
    /// channels.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no such class.
    pub fn input_gradient(&self, target: impl Into<Target>, score: Score, rule: ReluRule) -> Result<Tensor<4>> {
        let (output, seed) = self.seed(target, score)?;
        let arrived = self.model.network.pullback(&self.trace, output, seed, rule, &[None]);
        arrived.into_iter().next().flatten().ok_or_else(|| {
            Error::Weights(fault!(
                "classes-without-input",
                "model.json: the classes do not depend on the input; get or pack the model again"
            ))
        })
    }

    /// A target's scores `[N, 1, 1, 1]` of other inputs `[N, 3, H, W]`.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no such class.
    pub fn scores(&self, inputs: Tensor<4>, target: impl Into<Target>, score: Score) -> Result<Tensor<4>> {
        let target = target.into();
        let (output, seed) = self.seed(&target, score)?;
        let network = &self.model.network;
        let trace = network.forward(inputs, &[output]);
        let outputs = network.output(&trace, output);
        Ok(weighed(outputs, &target, seed))
    }

    /// A target's scores `[N, 1, 1, 1]` of the image, if a layer had given `features` `[N, C, h, w]`: only what depends on the layer
    /// is run again.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no such class, or it does not depend on the layer.
    pub fn scores_from(
        &self,
        layer: NodeId,
        features: Tensor<4>,
        target: impl Into<Target>,
        score: Score,
    ) -> Result<Tensor<4>> {
        let target = target.into();
        let (output, seed) = self.seed(&target, score)?;
        let outputs = self.model.network.forward_from(&self.trace, layer, features, output);
        Ok(weighed(outputs.ok_or_else(|| self.behind_classes(layer))?, &target, seed))
    }
}

/// A target's scores `[N, 1, 1, 1]` of outputs `[N, classes, 1, 1]`. One class is read as it is: a sum with zeros would be NaN where
/// another output is infinite.
fn weighed(outputs: Tensor<4>, target: &Target, seed: Tensor<4>) -> Tensor<4> {
    match target.single() {
        Some(class) => outputs.narrow(1, class, 1),
        None => (outputs * seed).sum_dim(1),
    }
}

/// The class of a target that is one and no more.
///
/// # Errors
/// [`Error::Request`] where it is a sum.
pub(crate) fn single(target: &Target) -> Result<usize> {
    target.single().ok_or_else(|| {
        Error::Request(fault!(
            "one-class-needed",
            "one class is needed, and {target} is a sum of them; name one",
            target
        ))
    })
}

/// The fault of the first layer whose numbers are not all finite.
async fn first_without_numbers(model: &Model, trace: &Trace) -> Result<Error> {
    let network = &model.network;
    for (id, node) in network.graph().nodes().iter().enumerate() {
        if let Err(error) = finite(&node.name, read(network.output(trace, id)).await?) {
            return Ok(error);
        }
    }
    Ok(Error::Weights(fault!(
        "classes-not-finite",
        "the layer of its classes gives numbers that are infinite or not a number, so nothing can be said of this image; check the model's preprocessing and weights, and get or pack it again"
    )))
}

/// A layer's numbers, if they all are numbers.
pub(crate) fn finite(layer: &str, values: Vec<f32>) -> Result<Vec<f32>> {
    if values.iter().all(|value| value.is_finite()) { Ok(values) } else { Err(no_number(layer)) }
}

fn no_number(layer: &str) -> Error {
    Error::Weights(fault!(
        "layer-not-finite",
        "the layer {layer} gives numbers that are infinite or not a number, so nothing can be said of this image; check the model's preprocessing and weights, and get or pack it again",
        layer
    ))
}

/// Reads a tensor back, row-major.
pub(crate) async fn read(tensor: Tensor<4>) -> Result<Vec<f32>> {
    let stopped = |error: &dyn std::fmt::Debug| {
        let error = format_args!("{error:?}");
        Error::Device(fault!(
            "device-stopped",
            "the device stopped working ({error}); try again, or use the CPU instead",
            error
        ))
    };
    let data = tensor.into_data_async().await.map_err(|error| stopped(&error))?;
    data.try_into_vec::<f32>().map_err(|error| stopped(&error))
}
