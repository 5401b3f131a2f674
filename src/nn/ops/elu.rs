//! Exponential linear unit.

use burn::tensor::Tensor;

use super::{Holds, Inputs, Operator};
use crate::nn::{Elu, Site};

impl Operator for Elu {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        x.clone().clamp_min(0.0) + (x.clone().clamp_max(0.0).exp() - 1.0) * self.alpha
    }

    fn holds(&self) -> Holds {
        Holds::Output
    }

    /// `g` where `y > 0`, otherwise `g (y + alpha)`.
    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let y = at.output();
        let positive = y.clone().greater_elem(0.0).float();
        gradient * (positive.clone() + (-positive + 1.0) * (y + self.alpha))
    }
}
