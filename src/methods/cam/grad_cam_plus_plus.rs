//! Grad-CAM++: Chattopadhyay et al. 2017, <https://arxiv.org/abs/1710.11063>, equations 10, 11 and 19.
//!
//! `a_k = sum_ij alpha_k[i, j] ReLU(g_k[i, j])` with `alpha = g^2 / (2 g^2 + g^3 sum_ab A[a, b])`, for the gradients `g = dS / dA` of
//! the score `S` whose exponential the paper differentiates: its derivatives are powers of `g` times one factor, which is left out.
//!
//! Libraries compute `alpha` otherwise ([`Alpha`]), which a convention says; the paper's and pytorch-grad-cam's is the one above.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;

use super::{Cam, Weights};
use crate::card;
use crate::card::{Asks, Gives};
use crate::explain::Alpha;

/// Addend that keeps a division off 0, in the denominator's units; that of jacobgil/pytorch-grad-cam.
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
    weigh: |features, gradients, convention| Weights::PerChannel(weights(features, gradients, convention.alpha)),
};

/// The weights `[1, C, 1, 1]` of feature maps, of the gradients there, both `[1, C, h, w]`.
fn weights(features: Tensor<4>, gradients: Tensor<4>, alpha: Alpha) -> Tensor<4> {
    let places = &[2, 3];
    let squares = gradients.clone().powi_scalar(2);
    let cubes = squares.clone() * gradients.clone();
    let positive = relu(gradients);
    let below = |features: Tensor<4>| squares.clone() * 2.0 + cubes * features;
    match alpha {
        Alpha::Sum => {
            let below = below(features.sum_dims(places)) + EPSILON;
            (squares / below * positive).sum_dims(places)
        }
        Alpha::Mean => {
            let below = below(features.mean_dims(places));
            (share(squares, below) * positive).mean_dims(places)
        }
        Alpha::Shares => {
            let below = below(features.sum_dims(places));
            let alpha = share(squares, below);
            let sum = alpha.clone().sum_dims(places);
            (share(alpha, sum) * positive).sum_dims(places)
        }
        Alpha::Squares => (squares * positive).sum_dims(places),
    }
}

/// A quotient; the number above where the one below is 0.
fn share(above: Tensor<4>, below: Tensor<4>) -> Tensor<4> {
    let zero = below.clone().equal_elem(0.0).float();
    above / (below + zero)
}
