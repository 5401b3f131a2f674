//! Convolutions of 1 x 1 with step 1, and their pullbacks, on the CPU: one product of matrices, which reads the planes as they
//! lie and writes them with bias and ReLU.

use burn::tensor::{Tensor, TensorData};

use super::lanes::{Lanes, WIDTH};
use super::product::{BLOCK, SIDE_BY_SIDE};
use super::windows::Weights;
use crate::nn::cpu::{Scratch, for_each_piece, lend, numbers, workers};

/// Rows of blocks that a core takes at least: each reads all of the input.
const ROWS: usize = 2;

/// Pixels that a feature map has at least.
pub(super) const MIN_PIXELS: usize = WIDTH;

/// Arguments that all rows of one product share.
#[derive(Clone, Copy)]
struct Product<'a> {
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
        for (x, y) in x.chunks_exact(from * area).zip(y.chunks_exact_mut(to * area)) {
            let product = Product { x, area, bias, floor };
            for_each_piece(
                y,
                rows * BLOCK * area,
                #[inline(always)]
                |piece, y, fused| {
                    if fused {
                        self.rows::<TRANSPOSED, true>(product, piece * rows, y);
                    } else {
                        self.rows::<TRANSPOSED, false>(product, piece * rows, y);
                    }
                },
            );
        }
        Tensor::from_data(TensorData::new(y, [batch, to, height, width]), &device)
    }

    /// Rows of the result, from a row of blocks on.
    #[inline(always)]
    fn rows<const TRANSPOSED: bool, const FUSED: bool>(&self, product: Product, from: usize, y: &mut [f32]) {
        if product.area < SIDE_BY_SIDE * WIDTH {
            self.rows_of::<1, TRANSPOSED, FUSED>(product, from, y);
        } else {
            self.rows_of::<SIDE_BY_SIDE, TRANSPOSED, FUSED>(product, from, y);
        }
    }

    /// `PANELS * 8` pixels at a time.
    #[inline(always)]
    fn rows_of<const PANELS: usize, const TRANSPOSED: bool, const FUSED: bool>(
        &self,
        Product { x, area, bias, floor }: Product,
        from: usize,
        y: &mut [f32],
    ) {
        let width = PANELS * WIDTH;
        let mut values = Scratch::new((x.len() / area).next_multiple_of(BLOCK) * width);
        values[x.len() / area * width..].fill(0.0);
        // What is left at the end is done again with some of what comes before it.
        for place in (0..area.div_ceil(width)).map(|index| (index * width).min(area - width)) {
            for (values, line) in values.chunks_exact_mut(width).zip(x.chunks_exact(area)) {
                values.copy_from_slice(&line[place..place + width]);
            }
            for (index, y) in y.chunks_mut(BLOCK * area).enumerate() {
                let sums = self.block_row::<PANELS, TRANSPOSED, FUSED>(from + index, &values);
                for (row, (sums, y)) in sums.iter().zip(y.chunks_exact_mut(area)).enumerate() {
                    let bias = bias.map_or(0.0, |bias| bias[(from + index) * BLOCK + row]);
                    for (y, &sums) in y[place..place + width].as_chunks_mut().0.iter_mut().zip(sums) {
                        *y = Lanes(sums).bias_relu(bias, floor).0;
                    }
                }
            }
        }
    }

    /// A row of blocks times the values `[columns, PANELS, 8]`.
    #[inline(always)]
    fn block_row<const PANELS: usize, const TRANSPOSED: bool, const FUSED: bool>(
        &self,
        row: usize,
        values: &[f32],
    ) -> [[[f32; WIDTH]; PANELS]; BLOCK] {
        let weights = self.values.as_chunks::<{ BLOCK * BLOCK }>().0;
        let (first, step) = if TRANSPOSED { (1, self.layout.pitch()) } else { (self.layout.pitch(), 1) };
        let mut sums = [[[0.0_f32; WIDTH]; PANELS]; BLOCK];
        let values = values.as_chunks::<WIDTH>().0.chunks_exact(BLOCK * PANELS);
        for (values, block) in values.zip(weights[row * first..].iter().step_by(step)) {
            for inner in 0..BLOCK {
                for row in 0..BLOCK {
                    let weight = if TRANSPOSED { block[inner * BLOCK + row] } else { block[row * BLOCK + inner] };
                    for panel in 0..PANELS {
                        for lane in 0..WIDTH {
                            let value = values[inner * PANELS + panel][lane];
                            let sum = &mut sums[row][panel][lane];
                            *sum = if FUSED { weight.mul_add(value, *sum) } else { weight * value + *sum };
                        }
                    }
                }
            }
        }
        sums
    }
}
