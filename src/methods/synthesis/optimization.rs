//! Optimization: batches of filters, each an iterator of steps. Whoever pulls the steps can stop.

use burn::tensor::Tensor;

use super::objective::{ChannelMean, is_bound};
use super::optimizer::{Adam, NormalizedGradient, Optimizer};
use super::parametrization::Parametrization;
use super::pixels::Pixels;
use super::spectrum::Spectrum;
use super::transform::{self, Identity, Standard, Transform};
use crate::error::Result;
use crate::explain::{self, Synthesis};
use crate::model::Model;
use crate::nn::{NodeId, ReluRule};

/// What is to be made of a layer's channels.
#[derive(Clone, Debug)]
pub(super) struct Goal {
    /// The layer.
    pub(super) layer: NodeId,
    /// The side of the images, in pixels.
    pub(super) size: usize,
    /// How often each is moved.
    pub(super) steps: usize,
    /// Where the noise comes from.
    pub(super) seed: u64,
    /// The preset.
    pub(super) preset: Synthesis,
}

/// A goal, and the network at the sizes that it needs.
#[derive(Debug)]
pub(super) struct Studio<'a> {
    model: &'a Model,
    goal: Goal,
    /// The objective of the images themselves.
    plain: ChannelMean,
    /// The objective of what the network is shown of them.
    shown: ChannelMean,
    window: usize,
}

impl<'a> Studio<'a> {
    /// A studio for a goal.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) where the layer does not take images of that size.
    pub(super) fn new(model: &'a Model, goal: Goal) -> Result<Self> {
        // A layer that takes one size only is shown the images without the grey around them.
        let window = match goal.preset.transform {
            explain::Transform::Standard if !is_bound(model, goal.layer) => transform::window(goal.size),
            _ => goal.size,
        };
        let plain = ChannelMean::new(model, goal.layer, goal.size)?;
        let shown = ChannelMean::new(model, goal.layer, window)?;
        Ok(Self { model, goal, plain, shown, window })
    }

    /// How many images fit into a batch.
    pub(super) fn batch(&self) -> usize {
        self.shown.network().batch()
    }

    fn parametrization(&self, channels: &[usize]) -> Box<dyn Parametrization> {
        let Goal { size, seed, preset, .. } = self.goal;
        let (preprocessing, device) = (&self.model.manifest.preprocessing, self.model.network.device());
        match preset.parametrization {
            explain::Parametrization::Pixels => Box::new(Pixels::new(channels, size, seed, preprocessing, device)),
            explain::Parametrization::Spectrum => Box::new(Spectrum::new(channels, size, seed, preprocessing, device)),
        }
    }

    /// The objectives `[N, 1, 1, 1]` of channels before any step: much less work than an optimization.
    pub(super) fn start(&self, channels: &[usize]) -> Tensor<4> {
        let images = self.parametrization(channels);
        self.plain.value(images.input(images.images()), channels)
    }

    /// The optimization of a batch of channels.
    pub(super) fn optimization(&self, channels: Vec<usize>) -> Optimization<'_> {
        let Goal { size, seed, preset, .. } = self.goal;
        Optimization {
            studio: self,
            images: self.parametrization(&channels),
            channels,
            transform: match preset.transform {
                explain::Transform::None => Box::new(Identity),
                explain::Transform::Standard => Box::new(Standard::new(seed, size, self.window)),
            },
            optimizer: match preset.optimizer {
                explain::Optimizer::NormalizedGradient => Box::new(NormalizedGradient),
                explain::Optimizer::Adam => Box::<Adam>::default(),
            },
            step: 0,
        }
    }
}

/// The optimization of a batch of channels: yields its steps, from 0 to the number of steps that was asked for.
pub(super) struct Optimization<'a> {
    studio: &'a Studio<'a>,
    channels: Vec<usize>,
    images: Box<dyn Parametrization>,
    transform: Box<dyn Transform>,
    optimizer: Box<dyn Optimizer>,
    step: usize,
}

/// Where a batch of channels is, still on the device.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// How often the images have been moved.
    pub(super) number: usize,
    /// The objectives `[N, 1, 1, 1]`: at the first and the last step those of the images, at the others those of what the network
    /// is shown of them.
    pub(super) objectives: Tensor<4>,
    /// The images `[N, 3, S, S]`.
    pub(super) images: Tensor<4>,
    /// At the last step, the objectives `[N, 1, 1, 1]` of the images as they are drawn.
    pub(super) drawn: Option<Tensor<4>>,
}

impl Optimization<'_> {
    /// The objectives of the images themselves.
    fn plain(&self) -> Tensor<4> {
        self.studio.plain.value(self.images.input(self.images.images()), &self.channels)
    }

    /// Moves the images once; gives the objectives of what the network was shown.
    fn advance(&mut self, number: usize) -> Tensor<4> {
        let redirects = number < self.studio.goal.preset.redirected_steps;
        let rule = if redirects { ReluRule::Redirected } else { ReluRule::Gradient };
        let shown = self.images.input(self.transform.apply(number, self.images.images()));
        let [objectives, gradients] = self.studio.shown.gradient(shown, &self.channels, rule);
        let at_images = self.transform.transposed(self.images.input_transposed(gradients));
        let step = self.optimizer.step(self.images.transposed(at_images), objectives.clone());
        self.images.set(self.images.parameters() + step);
        objectives
    }
}

impl Iterator for Optimization<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let (number, last) = (self.step, self.studio.goal.steps);
        if number > last {
            return None;
        }
        self.step += 1;
        let images = self.images.images();
        if number == last {
            let drawn = Some(self.studio.plain.value(self.images.quantized_input(), &self.channels));
            return Some(Step { number, objectives: self.plain(), images, drawn });
        }
        // Without a transform, the network is shown the images themselves.
        let transformed = self.studio.goal.preset.transform != explain::Transform::None;
        let plain = (number == 0 && transformed).then(|| self.plain());
        let objectives = self.advance(number);
        Some(Step { number, objectives: plain.unwrap_or(objectives), images, drawn: None })
    }
}
