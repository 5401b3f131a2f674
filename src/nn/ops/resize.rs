//! Resizing of feature maps.

use burn::tensor::Tensor;

use super::mixed::{mixed, unmixed};
use super::{Inputs, Operator};
use crate::nn::{Resize, Site};

impl Operator for Resize {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        let [_, _, height, width] = x.dims();
        mixed(x.clone(), [&self.between(0, height), &self.between(1, width)])
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let [_, height, width] = at.input_shape(0);
        unmixed(gradient, [&self.between(0, height), &self.between(1, width)], [height, width])
    }
}
