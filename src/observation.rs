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

mod covered;
mod read;
mod references;
mod scores;
mod told;

use std::cell::RefCell;
use std::sync::Arc;

use burn::tensor::Tensor;

use crate::error::{Error, Result};
use crate::explain::Score;
use crate::fault;
use crate::image::Image;
use crate::input;
use crate::model::Model;
use crate::nn::{Backward, NodeId, Trace};
use crate::predictions::Class;
use crate::preprocess::Region;
use crate::target::{Explained, Target};
use read::first_without_numbers;
pub(crate) use read::{finite, read, scores_without_numbers};
pub(crate) use scores::single;
use told::Told;

/// Gradients of one target's score, where they have been wanted so far.
#[derive(Clone, Debug)]
struct Gradients {
    target: Target,
    score: Score,
    /// Backward passes, each to other layers, which go no further than somebody has asked.
    passes: Vec<Backward>,
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
    told: RefCell<Told>,
    /// Inputs of other images.
    references: Arc<[Tensor<4>]>,
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
        let again = Self::of_input(model, self.image.clone(), input).await?;
        Ok(Self { references: self.references.clone(), ..again })
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
        Ok(Self {
            image,
            input,
            trace,
            classes: classes.into(),
            gradients: RefCell::default(),
            told: RefCell::default(),
            references: Arc::from([]),
            model,
        })
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

    /// Feature maps of a layer, each averaged over space: `[C]`.
    ///
    /// # Errors
    /// [`Error::Device`] where the device stops working, [`Error::Weights`] where they are no numbers.
    pub async fn averages_async(&self, layer: NodeId) -> Result<Vec<f32>> {
        let averages = self.features(layer).mean_dim(3).mean_dim(2);
        finite(&self.model.network.graph().nodes()[layer].name, read(averages).await?)
    }

    /// Feature maps of a layer, `[1, C, h, w]`.
    pub fn features(&self, layer: NodeId) -> Tensor<4> {
        self.model.network.output(&self.trace, layer)
    }
}
