//! Choice of a kernel of our own for a convolution on a GPU.

use burn::tensor::Tensor;

use super::{Weights, pointwise};
use crate::nn::Conv2d;
use crate::nn::convolution::{self, Convolution};
use crate::nn::cpu::on_gpu;

/// The output `[N, K, h, w]` for `[N, C, H, W]`, rectified if asked for; `None` leaves it to burn.
pub(in crate::nn::convolution) fn forward(
    convolution: &Convolution<'_>,
    x: &Tensor<4>,
    rectify: bool,
) -> Option<Tensor<4>> {
    if !on_gpu(&x.device()) {
        return None;
    }
    let (bias, weight) = (convolution.bias.cloned(), convolution.weight);
    if convolution.is_pointwise() {
        return Some(pointwise(x.clone(), weight.clone(), bias, rectify, false));
    }
    if !fits(convolution) || convolution.op.stride != [1, 1] {
        return None;
    }
    let weights = convolution.cached_or(|| convolution::Weights::Gpu(Weights::new(weight.clone(), false)));
    let convolution::Weights::Gpu(weights) = weights else { return None };
    Some(weights.forward(x.clone(), bias, convolution.op.padding, rectify))
}

/// Pullback of a gradient `[N, K, h, w]` at the output to the input `[N, C, H, W]` of size `[H, W]`; `None` leaves it to burn. Tiles serve
/// any stride. The flipped kernel is transformed anew, which takes a small part of the time that multiplying by them takes, and less
/// memory than to keep them.
pub(in crate::nn::convolution) fn pullback(
    convolution: &Convolution<'_>,
    gradient: &Tensor<4>,
    size: [usize; 2],
) -> Option<Tensor<4>> {
    if !on_gpu(&gradient.device()) {
        return None;
    }
    let weight = convolution.weight.clone();
    if convolution.is_pointwise() {
        return Some(pointwise(gradient.clone(), weight, None, false, true));
    }
    let Conv2d { stride, padding, .. } = convolution.op;
    fits(convolution).then(|| Weights::new(weight, true).pullback(gradient.clone(), size, *stride, *padding))?
}

/// Whether a convolution goes by tiles, but for its stride.
fn fits(convolution: &Convolution<'_>) -> bool {
    let [out, into, height, width] = convolution.weight.dims();
    let plain = matches!(convolution.op, Conv2d { dilation: [1, 1], groups: 1, .. });
    convolution.tiles && plain && [height, width] == [3, 3] && Weights::fit([out, into])
}
