//! Leaky rectified linear unit.

use burn::tensor::Tensor;

use super::{Holds, Inputs, Operator};
use crate::nn::{LeakyRelu, Site};

impl Operator for LeakyRelu {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        x.clone().clamp_min(0.0) + x.clone().clamp_max(0.0) * self.slope
    }

    /// The input: a slope below 0 makes outputs positive on both sides.
    fn holds(&self) -> Holds {
        Holds::Input
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        gradient * (at.input(0).greater_elem(0.0).float() * (1.0 - self.slope) + self.slope)
    }

    fn is_monotone(&self) -> bool {
        self.slope >= 0.0
    }

    fn is_nonnegative(&self) -> bool {
        self.slope <= 0.0
    }
}
