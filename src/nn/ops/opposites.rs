//! Two classes of one logit.

use burn::tensor::Tensor;

use super::{Inputs, Operator};
use crate::nn::{Opposites, Site};

impl Operator for Opposites {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        Tensor::cat(vec![-x.clone(), x.clone()], 1)
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, _: &Site<'_>) -> Tensor<4> {
        gradient.clone().narrow(1, 1, 1) - gradient.narrow(1, 0, 1)
    }
}
