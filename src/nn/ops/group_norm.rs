//! Group and instance normalisation.

use burn::tensor::Tensor;

use super::layer_norm::{normalized, pulled_back};
use super::{Holds, Inputs, Operator};
use crate::nn::{GroupNorm, Site};

impl Operator for GroupNorm {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        let shape = x.dims();
        normalized(grouped(self, x.clone()), 2, self.epsilon).0.reshape(shape)
    }

    fn holds(&self) -> Holds {
        Holds::Input
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let shape = gradient.dims();
        pulled_back(grouped(self, gradient), grouped(self, at.input(0)), 2, self.epsilon).reshape(shape)
    }
}

/// `[N, groups, numbers of each]`.
fn grouped(GroupNorm { groups, .. }: &GroupNorm, x: Tensor<4>) -> Tensor<3> {
    let [batch, channels, height, width] = x.dims();
    x.reshape([batch, *groups, channels / groups * height * width])
}
