//! Images and maps at another size.

use burn::tensor::Tensor;
use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};

/// Images `[N, C, h, w]` at another size, `[N, C, height, width]`: bilinear, pixels by their centres, as in Keras and PyTorch.
pub(super) fn resize(images: Tensor<4>, size: [usize; 2]) -> Tensor<4> {
    let options = InterpolateOptions::new(InterpolateMode::Bilinear).with_align_corners(false).with_output_size(size);
    interpolate(images, options)
}
