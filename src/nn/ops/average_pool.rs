//! Average pool.

use burn::tensor::ops::AvgPoolOptions;
use burn::tensor::{Tensor, module};

use super::{Inputs, Operator};
use crate::nn::{AveragePool, Site};

impl Operator for AveragePool {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        let options = AvgPoolOptions::new(self.kernel)
            .with_stride(self.stride)
            .with_padding([self.padding.top, self.padding.left])
            .with_count_include_pad(self.count_include_pad);
        module::avg_pool2d(x.clone(), options)
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let Self { kernel, stride, padding, count_include_pad } = *self;
        let like = at.zeros_like_input(&gradient);
        let padding = [padding.top, padding.left];
        module::avg_pool2d_backward(like, gradient, kernel, stride, padding, count_include_pad, false)
    }
}
