//! Logistic function.

use burn::tensor::{Tensor, activation};

use super::{Holds, Inputs, Operator};
use crate::nn::{Sigmoid, Site};

impl Operator for Sigmoid {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        activation::sigmoid(x.clone())
    }

    fn holds(&self) -> Holds {
        Holds::Output
    }

    /// `p * (1 - p) * g`.
    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let p = at.output();
        gradient * p.clone() * (-p + 1.0)
    }
}
