//! Zero padding, and what else is put around feature maps.

use burn::tensor::Tensor;
use burn::tensor::ops::PadMode;

use super::{Inputs, Operator};
use crate::nn::{Pad, Padding, Site};

impl Operator for Pad {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        padded(x.clone(), self.padding, 0.0)
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        // The gradient at the zeros is dropped: they are no inputs.
        unpadded(gradient, self.padding, at.input_shape(0))
    }
}

/// Padding the way burn's options want it.
pub(in crate::nn) fn pairs(padding: Padding) -> [(usize, usize); 2] {
    [(padding.top, padding.bottom), (padding.left, padding.right)]
}

/// A map with that number around it.
pub(in crate::nn) fn padded(x: Tensor<4>, padding: Padding, value: f32) -> Tensor<4> {
    if padding == Padding::default() { x } else { x.pad(pairs(padding), PadMode::Constant(value)) }
}

/// A map of shape `[C, height, width]` without what lies around it.
pub(super) fn unpadded(x: Tensor<4>, padding: Padding, [_, height, width]: [usize; 3]) -> Tensor<4> {
    x.narrow(2, padding.top, height).narrow(3, padding.left, width)
}
