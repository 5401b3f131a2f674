//! LayerCAM: Jiang et al. 2021, <https://doi.org/10.1109/TIP.2021.3089943>, equations 5 and 6.
//!
//! `L[i, j] = ReLU(sum_k ReLU(g_k[i, j]) A_k[i, j])` for the gradients `g = dy / dA`: every place has its own weight.

use burn::tensor::activation::relu;

use super::{Cam, Weights};
use crate::card;
use crate::card::{Asks, Gives};

/// LayerCAM.
pub(in crate::methods) static METHOD: Cam = Cam {
    card: card! {
        id: "layer_cam",
        title: "LayerCAM",
        family: Cam,
        paper: ("Jiang et al. 2021", "https://doi.org/10.1109/TIP.2021.3089943"),
        shows: "LayerCAM weighs every place of a layer's feature maps by its own gradient, where that speaks for the class, so that \
                early layers give fine maps.",
        limits: "Whatever speaks against the class is left out, and fine detail of an early layer is what the layer sees, not what \
                decides alone.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::LayerMap { signed: false },
    },
    weigh: |_features, gradients, _| Weights::PerPosition(relu(gradients)),
};
