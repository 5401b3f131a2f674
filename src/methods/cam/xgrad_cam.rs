//! XGrad-CAM: Fu et al. 2020, <https://arxiv.org/abs/2008.02312>, equation 7.
//!
//! `a_k = sum_ij g_k[i, j] A_k[i, j] / sum_ij A_k[i, j]` for the gradients `g = dy / dA`: the gradients averaged where the feature is.

use super::{Cam, Weights};
use crate::card;
use crate::card::{Asks, Gives};

/// Addend that keeps a division off 0, in the denominator's units; that of jacobgil/pytorch-grad-cam.
const EPSILON: f32 = 1e-7;

/// XGrad-CAM.
pub(in crate::methods) static METHOD: Cam = Cam {
    card: card! {
        id: "xgrad_cam",
        title: "XGrad-CAM",
        family: Cam,
        paper: ("Fu et al. 2020", "https://arxiv.org/abs/2008.02312"),
        shows: "XGrad-CAM weighs a layer's feature maps by their gradients, averaged where each feature is rather than everywhere, so \
                that the weights add up to the score as well as weights can.",
        limits: "They add up for a network that is linear behind the layer only, and the map is as coarse as the layer.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::LayerMap { signed: true },
    },
    weigh: |features, gradients, _| {
        let sums = features.clone().sum_dims(&[2, 3]);
        Weights::PerChannel((features * gradients).sum_dims(&[2, 3]) / (sums + EPSILON))
    },
};
