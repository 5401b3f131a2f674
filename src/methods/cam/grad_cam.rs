//! Grad-CAM: Selvaraju et al. 2016, <https://arxiv.org/abs/1610.02391>, equations 1 and 2.
//!
//! `L = ReLU(sum_k a_k A_k)` with `a_k = mean_ij dy / dA_k[i, j]`, for the feature maps `A` `[1, C, h, w]` of a layer and the
//! score `y` of a class. The final ReLU is left to [`AttributionMap`](crate::explain::AttributionMap), which keeps the sign.

use super::{Cam, Weights};
use crate::card;
use crate::card::{Asks, Gives};

/// Grad-CAM.
pub(in crate::methods) static METHOD: Cam = Cam {
    card: card! {
        id: "grad_cam",
        title: "Grad-CAM",
        family: Cam,
        paper: ("Selvaraju et al. 2016", "https://arxiv.org/abs/1610.02391"),
        shows: "Grad-CAM weighs a layer's feature maps by how much the class's score would grow with them, and adds them \
                up. Bright places hold what speaks for the class, as coarsely as the layer sees.",
        limits: "It shows what the score depends on at that layer, not that the network understands what is there, nor \
                that the place alone would be enough. Each map is divided by its own maximum, so that brightness \
                compares within a map and not between two.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::LayerMap { signed: true },
    },
    weigh: |_features, gradients, _| Weights::PerChannel(gradients.mean_dims(&[2, 3])),
};
