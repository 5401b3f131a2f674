//! Local response normalisation.

use burn::tensor::Tensor;

use super::{Holds, Inputs, Operator};
use crate::nn::{LocalResponseNorm, Site};

impl Operator for LocalResponseNorm {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        x.clone() * divisor(*self, x.clone()).powf_scalar(-self.beta)
    }

    fn holds(&self) -> Holds {
        Holds::Input
    }

    /// `g d^-beta - 2 alpha beta / size x sum(g x d^(-beta - 1))`, with the sum over the channels in whose sums `x` is.
    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let x = at.input(0);
        let divisor = divisor(*self, x.clone());
        let through = gradient.clone() * x.clone() * divisor.clone().powf_scalar(-self.beta - 1.0);
        let behind = (self.size - 1) / 2;
        let around = sum(through, self.size, self.size - 1 - behind);
        gradient * divisor.powf_scalar(-self.beta) - x * around * (2.0 * self.beta * self.alpha / self.size as f32)
    }
}

/// Number that each number is divided by, but for the exponent.
fn divisor(LocalResponseNorm { size, alpha, bias, .. }: LocalResponseNorm, x: Tensor<4>) -> Tensor<4> {
    let squares = sum(x.clone() * x, size, (size - 1) / 2);
    squares * (alpha / size as f32) + bias
}

/// Sum over `size` channels, `before` of them before each.
fn sum(x: Tensor<4>, size: usize, before: usize) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let zeros = |count| Tensor::zeros([batch, count, height, width], &x.device());
    let wide = Tensor::cat(vec![zeros(before), x.clone(), zeros(size - 1 - before)], 1);
    (1..size).fold(wide.clone().narrow(1, 0, channels), |sum, start| sum + wide.clone().narrow(1, start, channels))
}
