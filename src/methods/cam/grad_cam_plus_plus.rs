//! Grad-CAM++: Chattopadhyay et al. 2017, <https://arxiv.org/abs/1710.11063>, equations 10, 11 and 19.
//!
//! `a_k = sum_ij alpha_k[i, j] ReLU(g_k[i, j])` with `alpha = g^2 / (2 g^2 + g^3 sum_ab A[a, b])`, for the gradients `g = dS / dA` of
//! the score `S` whose exponential the paper differentiates: its derivatives are powers of `g` times one factor, which is left out.

use burn::tensor::activation::relu;

use super::{Cam, Weights};
use crate::card;
use crate::card::{Asks, Gives};

/// Kept off a division by 0; that of jacobgil/pytorch-grad-cam.
const EPSILON: f32 = 1e-6;

/// Grad-CAM++.
pub(in crate::methods) static METHOD: Cam = Cam {
    card: card! {
        id: "grad_cam_plus_plus",
        title: "Grad-CAM++",
        family: Cam,
        paper: ("Chattopadhyay et al. 2017", "https://arxiv.org/abs/1710.11063"),
        shows: "Grad-CAM++ weighs a layer's feature maps by their positive gradients, evened out so that a feature counts wherever it \
                is, also where the class is there several times.",
        limits: "It hardly differs from averaging the positive gradients (Lerma and Lucas 2022), what speaks against the class is \
                left out, and it is as coarse as the layer.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::LayerMap { signed: false },
    },
    weigh: |features, gradients| {
        let squares = gradients.clone().powi_scalar(2);
        let cubes = squares.clone() * gradients.clone();
        let alpha = squares.clone() / (squares * 2.0 + cubes * features.sum_dims(&[2, 3]) + EPSILON);
        Weights::PerChannel((alpha * relu(gradients)).sum_dims(&[2, 3]))
    },
};
