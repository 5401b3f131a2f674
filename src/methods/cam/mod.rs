//! Class activation maps: the feature maps of a layer, weighed by what its gradients say, and added up over the channels.

#[cfg(test)]
mod tests;

use burn::tensor::Tensor;

use super::{Explain, Work};
use crate::card::Card;
use crate::error::Result;
use crate::explain::Reduce;
use crate::nn::NodeId;
use crate::run::Run;

super::family! {
    grad_cam,
    grad_cam_plus_plus,
    layer_cam,
    hires_cam,
    xgrad_cam,
    finer_cam,
    guided_grad_cam,
}

/// What the feature maps of a layer are multiplied with.
pub(super) enum Weights {
    /// One number a channel, `[1, C, 1, 1]`.
    PerChannel(Tensor<4>),
    /// One number a place, `[1, C, h, w]`.
    PerPosition(Tensor<4>),
}

/// Class activation map: everything but its weights is the same for all.
pub(super) struct Cam {
    /// What it says of itself.
    pub(super) card: Card,
    /// The weights, of feature maps and of the score's gradients there, both `[1, C, h, w]`.
    pub(super) weigh: fn(Tensor<4>, Tensor<4>) -> Weights,
}

impl Explain for Cam {
    fn card(&self) -> &Card {
        &self.card
    }

    fn run<'a>(&'a self, run: Run<'a>) -> Work<'a> {
        Box::pin(async move {
            for layer in run.layers()? {
                let (map, weights) = self.weighted(&run, layer)?;
                run.emit(run.map(Some(layer), map, Some(weights)).await?).await?;
            }
            Ok(())
        })
    }
}

impl Cam {
    /// The map of a layer `[1, 1, h, w]`, with its sign, and what tells whether any gradient reaches the layer.
    pub(super) fn weighted(&self, run: &Run<'_>, layer: NodeId) -> Result<(Tensor<4>, Tensor<4>)> {
        Ok(self.of(run.features(layer)?, run.gradients(layer)?, run.request().convention.reduce))
    }

    /// The same of feature maps and gradients, `[1, C, h, w]`.
    fn of(&self, features: Tensor<4>, gradients: Tensor<4>, reduce: Reduce) -> (Tensor<4>, Tensor<4>) {
        let (weights, told) = match (self.weigh)(features.clone(), gradients) {
            Weights::PerChannel(weights) => (weights.clone(), weights),
            Weights::PerPosition(weights) => (weights.clone(), weights.abs().max_dims(&[1, 2, 3])),
        };
        let weighted = features * weights;
        let map = match reduce {
            Reduce::Sum => weighted.sum_dim(1),
            Reduce::Mean => weighted.mean_dim(1),
        };
        (map, told)
    }
}
