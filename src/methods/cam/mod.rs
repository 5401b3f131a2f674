//! Class activation maps: the feature maps of a layer, weighed by what its gradients say, and added up over the channels.

pub(super) mod grad_cam;
pub(super) mod guided_grad_cam;

use burn::tensor::Tensor;

use super::{Explain, Work};
use crate::card::Card;
use crate::error::Result;
use crate::explain::Reduce;
use crate::nn::NodeId;
use crate::run::Run;

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
                let map = run.map(Some(layer), map, Some(weights)).await?;
                run.emit(map).await?;
            }
            Ok(())
        })
    }
}

impl Cam {
    /// The map of a layer `[1, 1, h, w]`, with its sign, and what tells whether any gradient reaches the layer.
    pub(super) fn weighted(&self, run: &Run<'_>, layer: NodeId) -> Result<(Tensor<4>, Tensor<4>)> {
        let features = run.features(layer);
        let (weights, told) = match (self.weigh)(features.clone(), run.gradients(layer)?) {
            Weights::PerChannel(weights) => (weights.clone(), weights),
            Weights::PerPosition(weights) => (weights.clone(), weights.abs().max_dims(&[1, 2, 3])),
        };
        let weighted = features * weights;
        let map = match run.request().convention.reduce {
            Reduce::Sum => weighted.sum_dim(1),
            Reduce::Mean => weighted.mean_dim(1),
        };
        Ok((map, told))
    }
}
