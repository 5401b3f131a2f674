//! Rules for what activation functions hand back in a backward pass.

use serde::{Deserialize, Serialize};

use crate::named::named;

/// Rule for what an activation function hands back: `g` is what comes from above, `y` ReLU's output in the forward pass.
///
/// The papers know ReLU alone. Of another activation function `f` of `x`, a rule says what equals the papers' where `f` is ReLU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReluRule {
    /// `g` where `y > 0`, otherwise `g f'(x)`: the true gradient.
    #[default]
    Gradient,
    /// `max(g, 0)` where `y > 0`: guided backpropagation (Springenberg et al. 2014, <https://arxiv.org/abs/1412.6806>).
    /// Otherwise `max(max(g, 0) f'(x), 0)`: nothing negative goes down, not even where `f` falls.
    GuidedBackprop,
    /// `max(g, 0)` whatever `y` was: deconvnet (Zeiler and Fergus 2013, <https://arxiv.org/abs/1311.2901>). Of any `f`:
    /// it knows nothing of `x`.
    Deconvnet,
    /// `g` where `y > 0`, but where that leaves nothing of a whole image's `g`: `max(g, 0)`, so that an image in which
    /// nothing fires yet can be climbed. For [`Op::Clip`](super::Op::Clip) alike at both of its bounds; of an `f` that is flat nowhere
    /// it is the true gradient. lucid's `redirected_relu_grad`
    /// (<https://github.com/tensorflow/lucid>, `optvis/overrides/redirected_relu_grad.py`).
    Redirected,
}

named!(ReluRule {
    Gradient = "gradient", "What comes from above where the output was positive: the true gradient";
    GuidedBackprop = "guided_backprop", "What is positive from above, where the output was positive";
    Deconvnet = "deconvnet", "What is positive from above, whatever the output was";
} hidden Redirected = "redirected");
