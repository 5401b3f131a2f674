//! Guided backpropagation: Springenberg et al. 2014, <https://arxiv.org/abs/1412.6806>, section 3.4.

use super::{IN_COLOURS, at_input};
use crate::card;
use crate::card::{Asks, Gives};
use crate::methods::Method;
use crate::nn::ReluRule;

/// Guided backpropagation.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "guided_backprop",
        title: "Guided backpropagation",
        family: Gradient,
        paper: ("Springenberg et al. 2014", "https://arxiv.org/abs/1412.6806"),
        shows: "The gradient by the pixels, with all that speaks against the class left out at each ReLU on the way \
                down.",
        limits: "It finds edges whatever the class is, even in networks whose weights are random (Adebayo et al. 2018), \
                so that it shows the image more than the decision.",
        asks: Asks::CLASS,
        gives: Gives::InputImage,
        params: [IN_COLOURS],
    },
    run: |run| Box::pin(at_input(run, ReluRule::GuidedBackprop)),
};
