//! Rectified linear unit.

use burn::tensor::{Tensor, activation};

use super::{Holds, Inputs, Operator};
use crate::nn::bounds::Bounds;
use crate::nn::cpu::on_cpu;
use crate::nn::elementwise::mapped;
use crate::nn::{Relu, Site};

impl Operator for Relu {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        if on_cpu(&x.device()) {
            return mapped(x, |x| Bounds::RELU.keep(x));
        }
        activation::relu(x.clone())
    }

    fn holds(&self) -> Holds {
        Holds::Output
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        if on_cpu(&gradient.device()) {
            return at.masked(gradient, |y| y > 0.0);
        }
        gradient * at.output().greater_elem(0.0).float()
    }

    fn is_nonnegative(&self) -> bool {
        true
    }

    /// Gradients that lead up, from where all is zero.
    fn escape(&self, gradient: Tensor<4>, _: &Site<'_>) -> Option<Tensor<4>> {
        Some(activation::relu(gradient))
    }
}
