//! Flattening.

use burn::tensor::Tensor;

use super::{Inputs, Operator};
use crate::nn::{Flatten, Site};

impl Operator for Flatten {
    fn forward(&self, Inputs { x, shape: [channels, ..], .. }: Inputs<'_>) -> Tensor<4> {
        let batch = x.dims()[0];
        x.clone().reshape([batch, channels, 1, 1])
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let [channels, height, width] = at.input_shape(0);
        let batch = gradient.dims()[0];
        gradient.reshape([batch, channels, height, width])
    }
}
