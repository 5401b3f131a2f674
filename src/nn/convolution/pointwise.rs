//! Convolutions of 1 x 1 with step 1, and their pullbacks, on the CPU: one product of matrices, whose columns are the pixels.

use burn::tensor::Tensor;

use super::columns::Columns;
use super::kernel::Weights;
use super::product::PAIR_WIDTH;
use crate::nn::bounds::Bounds;
use crate::nn::cpu::lend;

impl Weights {
    /// The convolution of `[N, C, H, W]` by a kernel of 1 x 1, with its bias, kept within bounds.
    pub(super) fn forward_pointwise(&self, x: &mut Tensor<4>, bias: Option<Tensor<1>>, bounds: Bounds) -> Tensor<4> {
        self.pointwise::<false>(x, bias, bounds)
    }

    /// The transposed map: from a gradient `[N, K, h, w]` at the output to one at the input.
    pub(super) fn pullback_pointwise(&self, gradient: &mut Tensor<4>) -> Tensor<4> {
        self.pointwise::<true>(gradient, None, Bounds::NONE)
    }

    fn pointwise<const TRANSPOSED: bool>(
        &self,
        x: &mut Tensor<4>,
        bias: Option<Tensor<1>>,
        bounds: Bounds,
    ) -> Tensor<4> {
        let [batch, channels, height, width] = x.dims();
        let (device, places) = (x.device(), height * width);
        let x = lend(x);
        let gather = |sample: usize, first: usize, values: &mut [f32]| {
            let planes = x[sample * channels * places..][..channels * places].chunks_exact(places);
            let (values, rest) = values.split_at_mut(channels * PAIR_WIDTH);
            for (values, plane) in values.as_chunks_mut::<PAIR_WIDTH>().0.iter_mut().zip(planes) {
                let pixels = &plane[first..];
                match pixels.first_chunk() {
                    Some(pixels) => *values = *pixels,
                    None => values[..pixels.len()].copy_from_slice(pixels),
                }
            }
            rest.fill(0.0);
        };
        let y = Columns { batch, places, bias, bounds, gather }.multiply::<TRANSPOSED>(self);
        let to = self.channels[usize::from(TRANSPOSED)];
        y.into_tensor([batch, to, height, width], &device)
    }
}
