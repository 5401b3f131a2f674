//! Layer-wise relevance propagation (Bach et al. 2015, <https://doi.org/10.1371/journal.pone.0130140>), by the formulas of Montavon
//! et al. 2019, <https://doi.org/10.1007/978-3-030-28954-6_10>.
//!
//! What goes back is relevance, which a node splits among its inputs by their parts in its output. Start it with the output's own value
//! as seed. In the formulas `x` is a node's input, `w` and `b` its weights and bias, `z` its output before any activation function,
//! `R` the relevance that arrived; `a+` is `max(a, 0)`, and `a-` is `min(a, 0)`.
//!
//! All rules but [`Epsilon`] are about convolutions and dense layers; at other nodes they are LRP-epsilon. There is no rule for batch
//! normalisation, since there is no such op: importing folds it into the convolution before it, or else makes it a convolution of 1 x 1
//! with a weight a channel, whose bias takes its share of the relevance as any other's.

mod alpha_beta;
mod epsilon;
mod first;
mod gamma;
mod preset;
pub(super) mod terms;

pub use alpha_beta::AlphaBeta;
pub use epsilon::Epsilon;
pub use first::{Bounded, Flat, SquaredWeights};
pub use gamma::Gamma;
pub use preset::{Preset, Propagation};

use super::{Composite, Rule};
use crate::nn::{Node, Role, Site};

/// Composites that use one rule everywhere.
macro_rules! everywhere {
    ($($rule:ident),+) => {
        $(impl Composite for $rule {
            fn rule(&self, _: &Node) -> &dyn Rule {
                self
            }
        })+
    };
}
everywhere!(Epsilon, Gamma, AlphaBeta, Bounded, Flat, SquaredWeights);

/// Whether a node has weights by which the rules differ.
fn is_weighted(at: &Site<'_>) -> bool {
    at.node().op.role() == Role::Linear && !at.node().op.parameters().is_empty()
}
