//! Softmax.

use burn::tensor::{Tensor, activation};

use super::{Holds, Inputs, Operator};
use crate::nn::{Site, Softmax};

impl Operator for Softmax {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        activation::softmax(x.clone(), 1)
    }

    fn holds(&self) -> Holds {
        Holds::Output
    }

    /// `p * (g - sum(p * g))`.
    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let p = at.output();
        let mean = (p.clone() * gradient.clone()).sum_dim(1);
        p * (gradient - mean)
    }
}
