//! Optimization: batches of filters, each an iterator of steps. Whoever pulls the steps can stop.

use burn::tensor::Tensor;

use super::diversity::Diversity;
use super::objective::{Objective, Place, Unit, is_bound};
use super::optimizer::{Adam, NormalizedGradient, Optimizer};
use super::parametrization::{Parametrization, Start};
use super::pixels::Pixels;
use super::regularizer::Regularizers;
use super::spectrum::Spectrum;
use super::transform::{self, Identity, Standard, Transform};
use crate::error::Result;
use crate::explain::{self, Synthesis};
use crate::model::Model;
use crate::nn::{NodeId, ReluRule};

/// Goal of an optimization of a layer's units.
#[derive(Clone, Debug)]
pub(super) struct Goal {
    /// The layer.
    pub(super) layer: NodeId,
    /// The side of the images, in pixels.
    pub(super) size: usize,
    /// Steps that each image is moved.
    pub(super) steps: usize,
    /// Seed of the noise.
    pub(super) seed: u64,
    /// The preset.
    pub(super) preset: Synthesis,
    /// Position in a feature map at which units are read.
    pub(super) place: Place,
    /// Number of images of each unit.
    pub(super) images: usize,
    /// Weight of the penalty on images of one unit that are alike.
    pub(super) diversity: f32,
    /// Penalties on single images.
    pub(super) regularizers: Regularizers,
}

/// A goal, and the network at the sizes that it needs.
#[derive(Debug)]
pub(super) struct Studio<'a> {
    model: &'a Model,
    goal: Goal,
    /// The objective of the images themselves.
    plain: Objective,
    /// The objective of what the network is shown of them.
    shown: Objective,
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
        let Goal { layer, place, images, .. } = goal;
        let plain = Objective::new(&model.network, layer, goal.size, place)?;
        let diversity = Diversity { images, weight: goal.diversity };
        let shown = Objective::new(&model.network, layer, window, place)?;
        let shown = shown.with((images > 1 && goal.diversity > 0.0).then_some(diversity));
        Ok(Self { model, goal, plain, shown, window })
    }

    /// The goal.
    pub(super) fn goal(&self) -> &Goal {
        &self.goal
    }

    /// Number of units that fit into a batch, with all their images.
    pub(super) fn batch(&self) -> usize {
        (self.shown.network().batch() / self.goal.images).max(1)
    }

    /// The unit of every image.
    fn units(&self, units: &[Unit]) -> Vec<Unit> {
        units.iter().flat_map(|unit| std::iter::repeat_n(unit.clone(), self.goal.images)).collect()
    }

    fn parametrization(&self, units: &[Unit]) -> Box<dyn Parametrization> {
        let Goal { size, seed, preset, .. } = self.goal;
        let together = self.model.network.graph().shape(self.goal.layer)[0];
        let start = |unit: &Unit| {
            let channel = unit.channel.unwrap_or(together);
            (0..self.goal.images).map(move |image| Start { channel, image })
        };
        let starts: Vec<Start> = units.iter().flat_map(start).collect();
        let (preprocessing, device) = (&self.model.manifest.preprocessing, self.model.network.device());
        match preset.parametrization {
            explain::Parametrization::Pixels => Box::new(Pixels::new(&starts, size, seed, preprocessing, device)),
            explain::Parametrization::Spectrum => Box::new(Spectrum::new(&starts, size, seed, preprocessing, device)),
        }
    }

    /// The objectives `[N, 1, 1, 1]` of units' images before any step: much less work than an optimization.
    pub(super) fn start(&self, units: &[Unit]) -> Tensor<4> {
        let images = self.parametrization(units);
        self.plain.value(images.input(images.images()), &self.units(units))
    }

    /// The optimization of a batch of units.
    pub(super) fn optimization(&self, units: &[Unit]) -> Optimization<'_> {
        let Goal { size, seed, preset, .. } = self.goal;
        Optimization {
            studio: self,
            images: self.parametrization(units),
            units: self.units(units),
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

/// The optimization of a batch of units: yields its steps, from 0 to the number of steps that was asked for.
pub(super) struct Optimization<'a> {
    studio: &'a Studio<'a>,
    /// Unit of each image.
    units: Vec<Unit>,
    images: Box<dyn Parametrization>,
    transform: Box<dyn Transform>,
    optimizer: Box<dyn Optimizer>,
    step: usize,
}

/// State of a batch of units, still on the device.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Number of steps that the images have been moved.
    pub(super) number: usize,
    /// The objectives `[N, 1, 1, 1]`: at the first and the last step those of the images, at the others those of what the network
    /// is shown of them.
    pub(super) objectives: Tensor<4>,
    /// The images `[N, 3, S, S]`.
    pub(super) images: Tensor<4>,
    /// Objectives `[N, 1, 1, 1]` of the images as they are drawn, at the last step.
    pub(super) drawn: Option<Tensor<4>>,
}

impl Optimization<'_> {
    /// The objectives of the images themselves.
    fn plain(&self) -> Tensor<4> {
        self.studio.plain.value(self.images.input(self.images.images()), &self.units)
    }

    /// Moves the images once; gives the objectives of what the network was shown.
    fn advance(&mut self, number: usize) -> Tensor<4> {
        let redirects = number < self.studio.goal.preset.redirected_steps;
        let rule = if redirects { ReluRule::Redirected } else { ReluRule::Gradient };
        let images = self.images.images();
        let shown = self.images.input(self.transform.apply(number, images.clone()));
        let [objectives, gradients] = self.studio.shown.gradient(shown, &self.units, rule);
        let at_images = self.transform.transposed(self.images.input_transposed(gradients));
        let at_images = self.studio.goal.regularizers.without(at_images, &images, self.images.range());
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
            let drawn = Some(self.studio.plain.value(self.images.quantized_input(), &self.units));
            return Some(Step { number, objectives: self.plain(), images, drawn });
        }
        // Without a transform, the network is shown the images themselves.
        let transformed = self.studio.goal.preset.transform != explain::Transform::None;
        let plain = (number == 0 && transformed).then(|| self.plain());
        let objectives = self.advance(number);
        Some(Step { number, objectives: plain.unwrap_or(objectives), images, drawn: None })
    }
}
