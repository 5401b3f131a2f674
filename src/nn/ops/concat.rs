//! Concatenation.

use burn::tensor::Tensor;

use super::{Inputs, Operator};
use crate::nn::{Concat, Site};

impl Operator for Concat {
    fn forward(&self, Inputs { x, others, .. }: Inputs<'_>) -> Tensor<4> {
        Tensor::cat(std::iter::once(x.clone()).chain(others.iter().cloned()).collect(), 1)
    }

    fn pullback(&self, gradient: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let channels = |input| at.input_shape(input)[0];
        gradient.narrow(1, (0..input).map(channels).sum(), channels(input))
    }
}
