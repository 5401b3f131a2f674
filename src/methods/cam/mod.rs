//! Class activation maps: the feature maps of a layer, weighed and added up over the channels.

mod eigen;
mod tried;

#[cfg(test)]
mod tests;

use std::any::Any;

use burn::tensor::Tensor;

use super::{Explain, Work};
use crate::card::Card;
use crate::error::Result;
use crate::explain::{Convention, Reduce};
use crate::methods::layers::{LayerMap, emit_maps};
use crate::nn::NodeId;
use crate::run::{Material, Run};

super::family! {
    grad_cam,
    grad_cam_plus_plus,
    layer_cam,
    hires_cam,
    xgrad_cam,
    eigen_cam,
    eigen_grad_cam,
    score_cam,
    ablation_cam,
    recipro_cam,
    refine_cam,
    finer_cam,
    guided_grad_cam,
}

/// Weights that the feature maps of a layer are multiplied with.
pub(super) enum Weights {
    /// One number a channel, `[1, C, 1, 1]`.
    PerChannel(Tensor<4>),
    /// One number a place, `[1, C, h, w]`.
    PerPosition(Tensor<4>),
}

/// The class activation maps by gradients, in the order in which they are offered.
fn by_gradients() -> impl Iterator<Item = &'static Cam> {
    METHODS.iter().filter_map(|&method| (method as &dyn Any).downcast_ref())
}

/// Class activation map by gradients: everything but its weights is the same for all.
pub(super) struct Cam {
    /// Card of the method.
    pub(super) card: Card,
    /// The weights, of feature maps and of the score's gradients there, both `[1, C, h, w]`, in a convention.
    pub(super) weigh: fn(Tensor<4>, Tensor<4>, &Convention) -> Weights,
}

impl Explain for Cam {
    fn card(&self) -> &Card {
        &self.card
    }

    fn run<'a>(&'a self, run: Run<'a>) -> Work<'a> {
        Box::pin(async move { emit_maps(&run, async |layer| self.at(&run, layer, &run.layers()?)).await })
    }
}

impl Cam {
    /// The map of a layer; one backward pass is to serve all of `layers`.
    fn at(&self, run: &Run<'_>, layer: NodeId, layers: &[NodeId]) -> Result<LayerMap> {
        let gradients = run.gradients_among(layer, layers)?;
        Ok(self.of(run.features(layer)?, gradients, &run.request().convention))
    }

    /// The map of feature maps and gradients, `[1, C, h, w]`.
    fn of(&self, features: Tensor<4>, gradients: Tensor<4>, convention: &Convention) -> LayerMap {
        let [_, channels, height, width] = features.dims();
        let (sum, told) = match (self.weigh)(features.clone(), gradients, convention) {
            // A product of matrices reads the feature maps once, and makes no others.
            Weights::PerChannel(weights) => {
                let [row, columns] = [[1, 1, 1, channels], [1, 1, channels, height * width]];
                let sum = weights.clone().reshape(row).matmul(features.reshape(columns));
                (sum.reshape([1, 1, height, width]), weights)
            }
            Weights::PerPosition(weights) => {
                ((features * weights.clone()).sum_dim(1), weights.abs().max_dims(&[1, 2, 3]))
            }
        };
        let values = match convention.reduce {
            Reduce::Sum => sum,
            Reduce::Mean => sum / channels as f32,
        };
        LayerMap { values, material: Material::Gradients(told) }
    }
}
