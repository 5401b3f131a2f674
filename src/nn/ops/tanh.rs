//! Hyperbolic tangent.

use burn::tensor::Tensor;

use super::{Holds, Inputs, Operator};
use crate::nn::{Site, Tanh};

impl Operator for Tanh {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        x.clone().tanh()
    }

    fn holds(&self) -> Holds {
        Holds::Output
    }

    /// `g (1 - y^2)`.
    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let y = at.output();
        gradient * (-(y.clone() * y) + 1.0)
    }
}
