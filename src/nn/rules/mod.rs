//! Rules of a backward pass: what a node hands to its inputs of what arrives at its output.
//!
//! A [`Composite`] chooses the [`Rule`] of each node (the idea and the word are zennit's, Anders et al. 2021,
//! <https://arxiv.org/abs/2106.13200>), so that methods which differ in a rule only are one backward pass. A rule asks its [`Site`] for
//! what it needs: the op's true gradient, what went in, what came out. It is a file here.

mod deconvnet;
mod excitation;
mod gradient;
mod guided_backprop;
pub mod lrp;
mod redirected;

use burn::tensor::Tensor;

use super::{Node, ReluRule, Role, Site};
use deconvnet::Deconvnet;
pub use excitation::Excitation;
use gradient::Gradient;
use guided_backprop::GuidedBackprop;
use redirected::Redirected;

/// Rule for what one node hands back.
pub trait Rule {
    /// Answer at the node's input of that number, `[K, C, H, W]`, to what is `arriving` at its output, `[K, C, h, w]`.
    fn backward(&self, arriving: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4>;
}

/// The choice of a rule for every node.
pub trait Composite: Sync {
    /// The rule of a node.
    fn rule(&self, node: &Node) -> &dyn Rule;
}

/// The rule for activation functions; everything else hands back its true gradient.
impl Composite for ReluRule {
    fn rule(&self, node: &Node) -> &dyn Rule {
        match self {
            _ if node.op.role() != Role::Activation => &Gradient,
            Self::Gradient => &Gradient,
            Self::GuidedBackprop => &GuidedBackprop,
            Self::Deconvnet => &Deconvnet,
            Self::Redirected => &Redirected,
        }
    }
}
