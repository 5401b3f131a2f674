//! Contrastive excitation backpropagation: Zhang et al. 2016, <https://arxiv.org/abs/1608.00507>, section 3.4.

use super::excitation;
use super::excitation_backprop::CONVENTIONS;
use crate::card;
use crate::card::{Asks, Gives};
use crate::methods::Method;
use crate::nn::Excitation;

/// Contrastive excitation backpropagation.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "contrastive_excitation_backprop",
        title: "Contrastive excitation backpropagation",
        family: Decomposition,
        paper: ("Zhang et al. 2016", "https://arxiv.org/abs/1608.00507"),
        shows: "How much more probable it is that each place of the layer excited the class than that it excited its opposite: the same \
                network with the last layer's weights negated.",
        limits: "Behind the last layer with weights there is nothing to contrast, and biases are left out.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::LayerMap { signed: true },
        conventions: CONVENTIONS,
    },
    run: |run| Box::pin(async move { excitation(run, Excitation::contrastive(run.model().network.graph())).await }),
};
