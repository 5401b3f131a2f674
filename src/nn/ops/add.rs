//! Sum of feature maps.

use burn::tensor::Tensor;

use super::{Holds, Inputs, Operator};
use crate::nn::{Add, Site};

impl Operator for Add {
    fn forward(&self, Inputs { x, others, .. }: Inputs<'_>) -> Tensor<4> {
        others.iter().fold(x.clone(), |sum, other| sum + other.clone())
    }

    /// The output: to have a sum again would take having all again that it is made of.
    fn holds(&self) -> Holds {
        Holds::Output
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, _: &Site<'_>) -> Tensor<4> {
        gradient
    }
}
