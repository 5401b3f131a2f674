//! Excitation backpropagation: Zhang et al. 2016, <https://arxiv.org/abs/1608.00507>, sections 3.2 and 3.3.

use super::excitation;
use crate::card;
use crate::card::{Asks, Gives, Variant};
use crate::methods::Method;
use crate::nn::Excitation;

/// Excitation backpropagation starts from the class whatever its score is, so that conventions do not differ.
pub(super) const CONVENTIONS: &[Variant] = &[Variant::new("paper", "as in the paper: 1 at the class")];

/// Excitation backpropagation.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "excitation_backprop",
        title: "Excitation backpropagation",
        family: Decomposition,
        paper: ("Zhang et al. 2016", "https://arxiv.org/abs/1608.00507"),
        shows: "How probable it is that each place of the layer excited the class, where each neuron picks one of those that excite it, \
                down from the class.",
        limits: "What speaks against the class, and biases, are left out, so that two classes seen together get much the same map.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::LayerMap { signed: false },
        conventions: CONVENTIONS,
    },
    run: |run| Box::pin(excitation(run, Excitation::default())),
};
