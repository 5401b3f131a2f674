//! Gradient: Simonyan et al. 2013, <https://arxiv.org/abs/1312.6034>, section 3.

use super::{IN_COLOURS, at_input};
use crate::card;
use crate::card::{Asks, Gives};
use crate::methods::Method;
use crate::nn::ReluRule;

/// Gradient.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "gradient",
        title: "Gradient",
        family: Gradient,
        paper: ("Simonyan et al. 2013", "https://arxiv.org/abs/1312.6034"),
        shows: "The gradient of the class's score by the pixels: how much the score would change with each of them.",
        limits: "It holds for tiny changes of the image only, and it is noisy: a pixel without a gradient may matter \
                all the same, where the network is saturated.",
        asks: Asks::CLASS,
        gives: Gives::InputImage,
        params: [IN_COLOURS],
    },
    run: |run| Box::pin(at_input(run, ReluRule::Gradient)),
};
