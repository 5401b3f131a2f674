//! Guided backpropagation (Springenberg et al. 2014, <https://arxiv.org/abs/1412.6806>).

use burn::tensor::{Tensor, activation};

use super::{Rule, Site};

/// `max(max(g, 0) f'(x), 0)`: of ReLU, the positive part of `g` where the output was positive.
pub(super) struct GuidedBackprop;

impl Rule for GuidedBackprop {
    fn backward(&self, arriving: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let passed = at.pullback(activation::relu(arriving), input);
        if at.is_monotone() { passed } else { activation::relu(passed) }
    }
}
