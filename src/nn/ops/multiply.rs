//! Product of feature maps.

use burn::tensor::Tensor;

use super::{Holds, Inputs, Operator};
use crate::nn::{Multiply, Site};

impl Operator for Multiply {
    fn forward(&self, Inputs { x, others, .. }: Inputs<'_>) -> Tensor<4> {
        others.iter().fold(x.clone(), |product, other| product * other.clone())
    }

    fn holds(&self) -> Holds {
        Holds::Input
    }

    /// `g` times the other inputs; at a gate that was stretched, the sum over what it was stretched to.
    fn pullback(&self, gradient: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let others = (0..at.inputs()).filter(|&other| other != input).map(|other| at.input(other));
        let gradient = others.fold(gradient, |product, other| product * other);
        let (signal, gate) = (at.shape(), at.input_shape(input));
        let stretched = (0..3).filter(|&axis| gate[axis] != signal[axis]);
        stretched.fold(gradient, |sum, axis| sum.sum_dim(axis + 1))
    }
}
