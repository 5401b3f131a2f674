//! The true gradient.

use burn::tensor::Tensor;

use super::{Rule, Site};

/// The chain rule: `g f'(x)`.
pub(super) struct Gradient;

impl Rule for Gradient {
    fn backward(&self, arriving: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        at.pullback(arriving, input)
    }
}
