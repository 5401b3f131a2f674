//! Octaves of a dream: steps of an image of one size.

use burn::tensor::{Tensor, TensorData};

use super::parametrization::InputScaling;
use crate::error::Result;
use crate::nn::{Network, NodeId, ReluRule};
use crate::preprocess::Preprocessing;

/// Kept off a division by the mean magnitude of a gradient that is 0 everywhere.
const LEAST: f32 = 1e-30;

/// Network up to a layer at one size of images. Images are `[1, 3, H, W]` from 0 to 1, in the network's order of channels.
pub(super) struct Octave {
    network: Network,
    layer: NodeId,
    scaling: InputScaling,
}

impl Octave {
    /// Octave of a layer for images of `[height, width]`.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) naming the node that the size does not fit.
    pub(super) fn new(
        network: &Network,
        layer: NodeId,
        size: [usize; 2],
        preprocessing: &Preprocessing,
    ) -> Result<Self> {
        let network = network.at_size(layer, size)?;
        let scaling = InputScaling::new(preprocessing, network.device());
        Ok(Self { layer: network.graph().nodes().len() - 1, network, scaling })
    }

    /// Half the mean square of a channel over its positions, or of all channels; `[1, 1, 1, 1]`.
    pub(super) fn objective(&self, images: Tensor<4>, channel: Option<usize>) -> Tensor<4> {
        let trace = self.network.forward(self.scaling.input(images), &[]);
        self.of(self.network.output(&trace, self.layer), channel)[0].clone()
    }

    /// The objective of features `[1, C, h, w]`, and its gradient there.
    fn of(&self, features: Tensor<4>, channel: Option<usize>) -> [Tensor<4>; 2] {
        let [count, height, width] = self.network.graph().shape(self.layer);
        let chosen = channel.map_or(count, |_| 1);
        let mut weights = vec![if channel.is_some() { 0_f32 } else { 1.0 }; count];
        channel.into_iter().for_each(|channel| weights[channel] = 1.0);
        let weights = Tensor::<4>::from_data(TensorData::new(weights, [1, count, 1, 1]), self.network.device());
        let gradient = features.clone() * weights / (chosen * height * width) as f32;
        [(features * gradient.clone()).sum_dims(&[1, 2, 3]) * 0.5, gradient]
    }

    /// The objective, and its gradient at the images.
    fn gradient(&self, images: Tensor<4>, channel: Option<usize>) -> [Tensor<4>; 2] {
        let trace = self.network.forward(self.scaling.input(images.clone()), &[]);
        let [objective, seed] = self.of(self.network.output(&trace, self.layer), channel);
        let arrived = self.network.pullback(&trace, self.layer, seed, ReluRule::Gradient, &[None]);
        let arrived = arrived.into_iter().next().flatten().unwrap_or_else(|| images.zeros_like());
        [objective, self.scaling.transposed(arrived)]
    }

    /// A step of the mean magnitude `length` along the gradient of images that are rolled by pixels `[down, along]` meanwhile, and
    /// the objective before it.
    pub(super) fn step(
        &self,
        images: Tensor<4>,
        channel: Option<usize>,
        roll: [i64; 2],
        length: f32,
    ) -> (Tensor<4>, Tensor<4>) {
        let rolled = images.roll(&roll, &[2, 3]);
        let [objective, gradient] = self.gradient(rolled.clone(), channel);
        let mean = gradient.clone().abs().mean_dim(1).mean_dim(2).mean_dim(3).clamp_min(LEAST);
        let moved = (rolled + gradient / mean * length).clamp(0.0, 1.0);
        (moved.roll(&roll.map(|by| -by), &[2, 3]), objective)
    }
}
