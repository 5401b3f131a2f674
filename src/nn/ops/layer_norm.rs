//! Layer normalisation over the channels.

use burn::tensor::Tensor;

use super::{Holds, Inputs, Operator};
use crate::nn::{LayerNorm, Site};

impl Operator for LayerNorm {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        normalized(x.clone(), 1, self.epsilon).0
    }

    fn holds(&self) -> Holds {
        Holds::Input
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        pulled_back(gradient, at.input(0), 1, self.epsilon)
    }
}

/// Numbers with mean 0 and variance 1 along an axis, and the deviation that they were divided by.
pub(super) fn normalized<const D: usize>(x: Tensor<D>, axis: usize, epsilon: f32) -> (Tensor<D>, Tensor<D>) {
    let centred = x.clone() - x.mean_dim(axis);
    let variance = (centred.clone() * centred.clone()).mean_dim(axis);
    let deviation = (variance + epsilon).sqrt();
    (centred / deviation.clone(), deviation)
}

/// Gradient `(g - mean(g) - y mean(g y)) / deviation` at what was normalized to `y`.
pub(super) fn pulled_back<const D: usize>(gradient: Tensor<D>, x: Tensor<D>, axis: usize, epsilon: f32) -> Tensor<D> {
    let (y, deviation) = normalized(x, axis, epsilon);
    let along = (gradient.clone() * y.clone()).mean_dim(axis);
    (gradient.clone() - gradient.mean_dim(axis) - y * along) / deviation
}
