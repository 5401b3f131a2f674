//! Maps at the size of the network's input.

use burn::tensor::Tensor;
use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};

/// A map `[1, 1, h, w]` enlarged to `[1, 1, height, width]`: bilinear, pixels by their centres, as in Keras and PyTorch.
pub(super) fn enlarge(map: Tensor<4>, size: [usize; 2]) -> Tensor<4> {
    let options = InterpolateOptions::new(InterpolateMode::Bilinear).with_align_corners(false).with_output_size(size);
    interpolate(map, options)
}
