//! Hard sigmoid.

use burn::tensor::{Tensor, activation};

use super::{Holds, Inputs, Operator};
use crate::nn::{HardSigmoid, Site};

impl Operator for HardSigmoid {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        (x.clone() * self.slope + self.shift).clamp(0.0, 1.0)
    }

    fn holds(&self) -> Holds {
        Holds::Output
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let y = at.output();
        gradient * (y.clone().greater_elem(0.0).float() * y.lower_elem(1.0).float() * self.slope)
    }

    fn is_nonnegative(&self) -> bool {
        true
    }

    /// Gradients that lead up from 0, and down from 1.
    fn escape(&self, gradient: Tensor<4>, at: &Site<'_>) -> Option<Tensor<4>> {
        let y = at.output();
        let [below, above] = [y.clone().lower_elem(1.0).float(), y.greater_elem(0.0).float()];
        Some((activation::relu(gradient.clone()) * below - activation::relu(-gradient) * above) * self.slope)
    }
}
