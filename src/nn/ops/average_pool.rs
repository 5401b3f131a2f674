//! Average pool.

use burn::tensor::ops::AvgPoolOptions;
use burn::tensor::{Device, Tensor, TensorData, module};

use super::pad::unpadded;
use super::{Inputs, Operator, padded};
use crate::nn::{AveragePool, Padding, Site};

impl Operator for AveragePool {
    fn forward(&self, Inputs { x, shape, .. }: Inputs<'_>) -> Tensor<4> {
        let [_, channels, height, width] = x.dims();
        let Some(around) = around(self, [channels, height, width], shape) else {
            let options = AvgPoolOptions::new(self.kernel)
                .with_stride(self.stride)
                .with_padding([self.padding.top, self.padding.left])
                .with_count_include_pad(self.count_include_pad);
            return module::avg_pool2d(x.clone(), options);
        };
        let options = AvgPoolOptions::new(self.kernel).with_stride(self.stride).with_count_include_pad(true);
        let factors = factors(self, [height, width], shape, &x.device());
        module::avg_pool2d(padded(x.clone(), around, 0.0), options) * factors
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let Self { kernel, stride, padding, count_include_pad, .. } = *self;
        let like = at.zeros_like_input(&gradient);
        let (shape @ [_, height, width], output) = (at.input_shape(0), at.shape());
        let Some(around) = around(self, shape, output) else {
            let padding = [padding.top, padding.left];
            return module::avg_pool2d_backward(like, gradient, kernel, stride, padding, count_include_pad, false);
        };
        let gradient = gradient * factors(self, [height, width], output, &like.device());
        let like = padded(like, around, 0.0);
        unpadded(module::avg_pool2d_backward(like, gradient, kernel, stride, [0, 0], true, false), around, shape)
    }
}

/// Zeros to put around the input of a pool that burn cannot run by itself: one that pads opposite sides differently, or whose windows
/// reach over the end.
fn around(op: &AveragePool, [_, height, width]: [usize; 3], [_, rows, columns]: [usize; 3]) -> Option<Padding> {
    let AveragePool { kernel, stride, padding, .. } = *op;
    let reach = |count: usize, axis: usize| (count - 1) * stride[axis] + kernel[axis];
    let below = reach(rows, 0).saturating_sub(padding.top + height + padding.bottom);
    let beyond = reach(columns, 1).saturating_sub(padding.left + width + padding.right);
    let around = Padding { bottom: padding.bottom + below, right: padding.right + beyond, ..padding };
    (below + beyond > 0 || !padding.is_symmetric()).then_some(around)
}

/// Factors `[1, 1, h, w]` that make means of what counts of means of whole windows.
fn factors(op: &AveragePool, size: [usize; 2], [_, rows, columns]: [usize; 3], device: &Device) -> Tensor<4> {
    let AveragePool { kernel, stride, padding, count_include_pad, .. } = *op;
    let (before, after) = ([padding.top, padding.left], [padding.bottom, padding.right]);
    // Places of the padded input that count.
    let counted = |index: usize, axis: usize| {
        let (start, end) = if count_include_pad {
            (0, before[axis] + size[axis] + after[axis])
        } else {
            (before[axis], before[axis] + size[axis])
        };
        let first = index * stride[axis];
        (first + kernel[axis]).min(end).saturating_sub(first.max(start)).max(1)
    };
    let area = (kernel[0] * kernel[1]) as f32;
    let factor = |row, column| area / (counted(row, 0) * counted(column, 1)) as f32;
    let factors: Vec<f32> =
        (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))).map(|(y, x)| factor(y, x)).collect();
    Tensor::from_data(TensorData::new(factors, [1, 1, rows, columns]), device)
}
