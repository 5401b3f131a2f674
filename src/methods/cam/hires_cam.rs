//! HiResCAM: Draelos and Carin 2020, <https://arxiv.org/abs/2011.08891>, section 3.2.
//!
//! `L[i, j] = ReLU(sum_k g_k[i, j] A_k[i, j])` for the gradients `g = dy / dA`, which are not averaged. For a network that ends in
//! one dense layer over the feature maps, these are the places' own shares in the score.

use super::{Cam, Weights};
use crate::card;
use crate::card::{Asks, Gives};

/// HiResCAM.
pub(in crate::methods) static METHOD: Cam = Cam {
    card: card! {
        id: "hires_cam",
        title: "HiResCAM",
        family: Cam,
        paper: ("Draelos and Carin 2020", "https://arxiv.org/abs/2011.08891"),
        shows: "HiResCAM multiplies a layer's feature maps with their gradients place by place: of the last layer before one dense \
                layer, each place's own share in the class's score.",
        limits: "In front of several dense or convolutional layers it is a share of the linearised score only, and it is as coarse \
                as the layer.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::LayerMap { signed: true },
    },
    weigh: |_features, gradients, _| Weights::PerPosition(gradients),
};
