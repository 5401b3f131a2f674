//! Deconvnet (Zeiler and Fergus 2013, <https://arxiv.org/abs/1311.2901>).

use burn::tensor::{Tensor, activation};

use super::{Rule, Site};

/// `max(g, 0)`, whatever the activation function was given.
pub(super) struct Deconvnet;

impl Rule for Deconvnet {
    fn backward(&self, arriving: Tensor<4>, _: usize, _: &Site<'_>) -> Tensor<4> {
        activation::relu(arriving)
    }
}
