//! Global average pool.

use burn::tensor::Tensor;

use super::{Inputs, Operator};
use crate::nn::{GlobalAveragePool, Site};

impl Operator for GlobalAveragePool {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        x.clone().mean_dim(3).mean_dim(2)
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let [channels, height, width] = at.input_shape(0);
        let batch = gradient.dims()[0];
        gradient.div_scalar((height * width) as f32).expand([batch, channels, height, width])
    }
}
