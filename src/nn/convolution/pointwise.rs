//! Convolutions of 1 x 1 with step 1, and their pullbacks, on the CPU: one product of matrices, which reads the planes as they
//! lie and writes them with bias and ReLU.

use burn::tensor::{Tensor, TensorData};

use pulp::Simd;

use super::lanes::WIDTH;
use super::product::{BLOCK, Blocks};
use super::windows::Weights;
use crate::nn::cpu::{Scratch, Vectorized, at_least, for_each_piece, lend, numbers, workers};

/// Rows of blocks that a core takes at least: each reads all of the input.
const ROWS: usize = 2;

/// Pixels that a feature map has at least.
pub(super) const MIN_PIXELS: usize = WIDTH;

/// Arguments that all rows of one product share.
#[derive(Clone, Copy)]
struct Product<'a, const TRANSPOSED: bool> {
    weights: Blocks<'a, TRANSPOSED>,
    /// Planes of one sample.
    x: &'a [f32],
    /// Pixels of a plane.
    area: usize,
    bias: Option<&'a [f32]>,
    /// Floor: no result is less.
    floor: f32,
}

impl Weights {
    /// The convolution of `[N, C, H, W]` by a kernel of 1 x 1, with its bias, and rectified if asked for.
    pub(super) fn forward_pointwise(&self, x: &mut Tensor<4>, bias: Option<Tensor<1>>, rectify: bool) -> Tensor<4> {
        let bias = bias.map(Tensor::into_data);
        let floor = if rectify { 0.0 } else { f32::NEG_INFINITY };
        self.pointwise::<false>(x, bias.as_ref().map(numbers), floor)
    }

    /// The transposed map: from a gradient `[N, K, h, w]` at the output to one at the input.
    pub(super) fn pullback_pointwise(&self, gradient: &mut Tensor<4>) -> Tensor<4> {
        self.pointwise::<true>(gradient, None, f32::NEG_INFINITY)
    }

    fn pointwise<const TRANSPOSED: bool>(&self, x: &mut Tensor<4>, bias: Option<&[f32]>, floor: f32) -> Tensor<4> {
        let [batch, from, height, width] = x.dims();
        let (device, area) = (x.device(), height * width);
        let to = self.channels[usize::from(TRANSPOSED)];
        let x = lend(x);
        let mut y = vec![0.0; batch * to * area];
        let rows = to.div_ceil(BLOCK).div_ceil(2 * workers()).max(ROWS);
        let weights = Blocks::<TRANSPOSED>::new(&self.values, self.layout);
        for (x, y) in x.chunks_exact(from * area).zip(y.chunks_exact_mut(to * area)) {
            let product = Product { weights, x, area, bias, floor };
            for_each_piece(
                y,
                rows * BLOCK * area,
                #[inline(always)]
                |piece, y, vectors| vectors.run(Rows { product, from: piece * rows, y }),
            );
        }
        Tensor::from_data(TensorData::new(y, [batch, to, height, width]), &device)
    }
}

/// Rows of the result, from a row of blocks on.
struct Rows<'a, const TRANSPOSED: bool> {
    product: Product<'a, TRANSPOSED>,
    from: usize,
    y: &'a mut [f32],
}

impl<const TRANSPOSED: bool> Vectorized for Rows<'_, TRANSPOSED> {
    #[inline(always)]
    fn run<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize>(self, simd: S) {
        let Self { product, from, y } = self;
        if product.area < PANELS * WIDTH {
            product.rows::<S, REGISTERS, FUSED, 1>(simd, from, y);
        } else {
            product.rows::<S, REGISTERS, FUSED, PANELS>(simd, from, y);
        }
    }
}

impl<const TRANSPOSED: bool> Product<'_, TRANSPOSED> {
    /// Rows of the result, from a row of blocks on, `PANELS * WIDTH` pixels at a time.
    #[inline(always)]
    fn rows<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize>(
        self,
        simd: S,
        from: usize,
        y: &mut [f32],
    ) {
        let Self { weights, x, area, bias, floor } = self;
        let (width, columns) = (PANELS * WIDTH, x.len() / area);
        let length = columns.next_multiple_of(BLOCK) * WIDTH;
        let mut values = Scratch::new(PANELS * length);
        values.chunks_exact_mut(length).for_each(|panel| panel[columns * WIDTH..].fill(0.0));
        let (bias_of, floor) = (|row: usize| bias.map_or(0.0, |bias| bias[row]), simd.splat_f32s(floor));
        // What is left at the end is done again with some of what comes before it.
        for place in (0..area.div_ceil(width)).map(|index| (index * width).min(area - width)) {
            for (panel, values) in values.chunks_exact_mut(length).enumerate() {
                for (values, line) in values.as_chunks_mut::<WIDTH>().0.iter_mut().zip(x.chunks_exact(area)) {
                    values.copy_from_slice(&line[place + panel * WIDTH..][..WIDTH]);
                }
            }
            let panels: [&[f32]; PANELS] = std::array::from_fn(|panel| &values[panel * length..][..length]);
            for (index, y) in y.chunks_mut(BLOCK * area).enumerate() {
                let sums = weights.row::<S, REGISTERS, FUSED, PANELS>(simd, from + index, panels);
                for (row, (sums, y)) in sums.iter().zip(y.chunks_exact_mut(area)).enumerate() {
                    let bias = simd.splat_f32s(bias_of((from + index) * BLOCK + row));
                    let y = S::as_mut_simd_f32s(&mut y[place..place + width]).0;
                    for (y, &sum) in y.iter_mut().zip(sums.as_flattened()) {
                        let sum = simd.add_f32s(sum, bias);
                        *y = at_least(simd, sum, floor);
                    }
                }
            }
        }
    }
}
