//! Hard swish, which falls from -3 to -1.5 and is flat below.

use burn::tensor::{Tensor, activation};

use super::{Holds, Inputs, Operator};
use crate::nn::{HardSwish, Site};

impl Operator for HardSwish {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        x.clone() * ((x.clone() + 3.0).clamp(0.0, 6.0) / 6.0)
    }

    /// Two inputs give the same output.
    fn holds(&self) -> Holds {
        Holds::Input
    }

    /// `g` times 0 below -3, `x / 3 + 1 / 2` up to 3, and 1 above.
    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let x = at.input(0);
        let middle = x.clone().greater_elem(-3.0).float() * x.clone().lower_elem(3.0).float();
        let above = x.clone().greater_equal_elem(3.0).float();
        gradient * ((x / 3.0 + 0.5) * middle + above)
    }

    fn is_monotone(&self) -> bool {
        false
    }

    /// Gradients that lead up, from below -3.
    fn escape(&self, gradient: Tensor<4>, at: &Site<'_>) -> Option<Tensor<4>> {
        Some(activation::relu(gradient) * at.input(0).lower_equal_elem(-3.0).float())
    }
}
