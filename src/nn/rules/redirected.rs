//! lucid's redirected gradients (<https://github.com/tensorflow/lucid>, `optvis/overrides/redirected_relu_grad.py`).

use burn::tensor::Tensor;

use super::{Rule, Site};

/// The true gradient, but for those images of a batch of which it leaves nothing: what of `g` leads out of where the activation
/// function is flat. One that is flat nowhere needs no such help.
pub(super) struct Redirected;

impl Rule for Redirected {
    fn backward(&self, arriving: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let passed = at.pullback(arriving.clone(), input);
        let Some(otherwise) = at.escape(arriving) else { return passed };
        let nothing = passed.clone().abs().sum_dims(&[1, 2, 3]).equal_elem(0.0).float();
        passed + otherwise * nothing
    }
}
