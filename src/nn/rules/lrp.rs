//! Layer-wise relevance propagation (Bach et al. 2015, <https://doi.org/10.1371/journal.pone.0130140>), by the formulas of Montavon
//! et al. 2019, <https://doi.org/10.1007/978-3-030-28954-6_10>.
//!
//! What goes back is relevance, which a node splits among its inputs by their parts in its output. Start it with the output's own value
//! as seed.

use burn::tensor::{Tensor, activation};

use super::{Composite, Rule};
use crate::nn::{Node, Role, Site};

/// LRP-epsilon at every node: `R_in = x * J^T (R_out / (z + epsilon sign(z)))`, where `z` is the output, its bias included, and
/// `J^T` the op's transposed map.
///
/// Activation functions and probabilities hand relevance on as it is, and what only selects numbers (max pools, by their switches; pads,
/// concatenations) hands each its own.
#[derive(Clone, Copy, Debug)]
pub struct Epsilon {
    /// Stabilizer added to the magnitude of `z`; it absorbs relevance where inputs cancel each other out.
    pub epsilon: f32,
}

impl Composite for Epsilon {
    fn rule(&self, _: &Node) -> &dyn Rule {
        self
    }
}

impl Rule for Epsilon {
    fn backward(&self, relevance: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let op = &at.node().op;
        match op.role() {
            Role::Activation | Role::Probability => relevance,
            _ if op.selects() => at.pullback(relevance, input),
            _ => at.input(input) * at.pullback(relevance / stabilized(at.output(), self.epsilon), input),
        }
    }
}

/// LRP-gamma: LRP-epsilon with the weights `w + gamma max(w, 0)` and biases likewise, which favours what speaks for an output. Meant for
/// layers whose inputs are not negative, as behind ReLU; the larger gamma, the nearer to the z-plus rule (LRP-alpha1-beta0).
#[derive(Clone, Copy, Debug)]
pub struct Gamma {
    /// Factor of what is added to weights and biases: their positive part.
    pub gamma: f32,
    /// Stabilizer of the denominators, as in [`Epsilon`].
    pub epsilon: f32,
}

impl Composite for Gamma {
    fn rule(&self, _: &Node) -> &dyn Rule {
        self
    }
}

impl Rule for Gamma {
    fn backward(&self, relevance: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let favoured = at.with_weights(|weights| weights.clone() + activation::relu(weights) * self.gamma);
        Epsilon { epsilon: self.epsilon }.backward(relevance, input, favoured.as_ref().unwrap_or(at))
    }
}

/// `z + epsilon sign(z)`, where the sign of zero is positive.
fn stabilized(z: Tensor<4>, epsilon: f32) -> Tensor<4> {
    let sign = z.clone().greater_equal_elem(0.0).float() * 2.0 - 1.0;
    z + sign * epsilon
}
