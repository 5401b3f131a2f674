//! LRP-epsilon: Bach et al. 2015, equation 58; Montavon et al. 2019, section 10.2.1.

use burn::tensor::Tensor;

use super::terms::stabilized;
use crate::nn::{Role, Rule, Site};

/// LRP-epsilon: `R_in = x * J^T (R / (z + epsilon sign(z)))`, where `z` is the output, its bias included, and `J^T` the op's
/// transposed map.
///
/// Activation functions and probabilities hand relevance on as it is, and what only selects numbers (max pools, by their switches, where
/// the winner takes all; pads, concatenations) hands each its own. Means and sums of several inputs split it by the parts. Of a product
/// the signal takes all and its gates nothing (Arras et al. 2017, <https://arxiv.org/abs/1706.07206>), and a normalization hands all on.
#[derive(Clone, Copy, Debug)]
pub struct Epsilon {
    /// Stabilizer added to the magnitude of `z`; it absorbs relevance where inputs cancel each other out.
    pub epsilon: f32,
}

impl Rule for Epsilon {
    fn backward(&self, relevance: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let op = &at.node().op;
        match op.role() {
            Role::Activation | Role::Probability | Role::Normalization => relevance,
            Role::Gate if input == 0 => relevance,
            Role::Gate => at.input(input).zeros_like(),
            _ if op.selects() => at.pullback(relevance, input),
            _ => at.input(input) * at.pullback(relevance / stabilized(at.output(), self.epsilon), input),
        }
    }
}
