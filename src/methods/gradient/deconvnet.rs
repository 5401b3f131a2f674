//! Deconvnet from the class instead of a feature map: Zeiler and Fergus 2013, <https://arxiv.org/abs/1311.2901>, section 2.1.

use super::{IN_COLOURS, at_input};
use crate::card;
use crate::card::{Asks, Gives};
use crate::methods::Method;
use crate::nn::ReluRule;

/// Deconvnet from the class instead of a feature map.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "deconvnet",
        title: "Deconvnet",
        family: Gradient,
        paper: ("Zeiler and Fergus 2013", "https://arxiv.org/abs/1311.2901"),
        shows: "The class's score taken down to the pixels by a deconvnet, which at each ReLU keeps what is \
                positive on the way down, whatever it was on the way up.",
        limits: "It shows a pattern that the network could have answered to, not why it answered as it did; it is hardly \
                different for two classes (Mahendran and Vedaldi 2016).",
        asks: Asks::CLASS,
        gives: Gives::InputImage,
        params: [IN_COLOURS],
    },
    run: |run| Box::pin(at_input(run, ReluRule::Deconvnet)),
};
