//! What rectifiers pass on the walk back.

use serde::{Deserialize, Serialize};

use crate::named::named;

/// What a rectifier passes back. `g` is what comes from above, `y` the rectifier's output in the forward pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReluRule {
    /// `g` where `y > 0`: the true gradient. Of [`Op::Clip`](super::Op::Clip), here and below: where `y` is between its bounds.
    #[default]
    Gradient,
    /// `max(g, 0)` where `y > 0`: guided backpropagation (Springenberg et al. 2014, <https://arxiv.org/abs/1412.6806>).
    GuidedBackprop,
    /// `max(g, 0)` whatever `y` was: deconvnet (Zeiler and Fergus 2013, <https://arxiv.org/abs/1311.2901>).
    Deconvnet,
    /// `g` where `y > 0`, but where that leaves nothing of a whole picture's `g`: `max(g, 0)`, so that a picture in which
    /// nothing fires yet can be climbed. For [`Op::Clip`](super::Op::Clip) alike at both of its bounds. lucid's `redirected_relu_grad`
    /// (<https://github.com/tensorflow/lucid>, `optvis/overrides/redirected_relu_grad.py`).
    Redirected,
}

named!(ReluRule {
    Gradient = "gradient", "What comes from above where the output was positive: the true gradient";
    GuidedBackprop = "guided_backprop", "What is positive from above, where the output was positive";
    Deconvnet = "deconvnet", "What is positive from above, whatever the output was";
} hidden Redirected = "redirected");
