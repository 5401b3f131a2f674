//! One product of matrices: weights times columns of numbers, which are laid side by side first, straight to the planes of the
//! result with bias and ReLU.

use std::ops::Range;

use burn::tensor::Tensor;
use pulp::Simd;

use super::kernel::Weights;
use super::lanes::{Lanes, WIDTH};
use super::product::{BLOCK, Blocks, PAIR_WIDTH};
use super::share::{Piece, Share, deal};
use crate::nn::bounds::Bounds;
use crate::nn::cpu::{Vectorized, for_each_piece, numbers, workers};
use crate::nn::memory::Buffer;

/// Weights that a share may have, so that they stay in the core's own cache while it goes through its places: 512 KiB.
const WEIGHTS: usize = 1 << 17;

/// Rows of blocks that are multiplied together.
const ROWS: usize = 2;

/// Product of weights, transposed or not, with columns, one for each place of the planes of the result.
pub(super) struct Columns<G> {
    pub(super) batch: usize,
    /// Places of a plane of the result.
    pub(super) places: usize,
    pub(super) bias: Option<Tensor<1>>,
    pub(super) bounds: Bounds,
    /// Lays the columns of a sample's places from one on side by side, `[columns, PAIR_WIDTH]`; what it leaves is 0 or of no account.
    pub(super) gather: G,
}

/// Places of a sample.
#[derive(Clone)]
struct Places {
    sample: usize,
    range: Range<usize>,
}

impl<G: Fn(usize, usize, &mut [f32]) + Sync> Columns<G> {
    /// Planes `[N, K, places]`.
    pub(super) fn multiply<const TRANSPOSED: bool>(self, weights: &Weights) -> Buffer {
        let Self { batch, places, bias, bounds, gather } = self;
        let to = weights.channels[usize::from(TRANSPOSED)];
        let depth = weights.layout.blocks[usize::from(!TRANSPOSED)] * BLOCK;
        let bias = bias.map(Tensor::into_data);
        let bias = bias.as_ref().map(numbers);
        let pairs = places.div_ceil(PAIR_WIDTH);
        let groups = (to * depth).div_ceil(WEIGHTS);
        let step = to.div_ceil(groups).next_multiple_of(ROWS * BLOCK);
        let parts = (2 * workers()).div_ceil(groups * batch).min(pairs);
        let part = pairs.div_ceil(parts) * PAIR_WIDTH;
        let parts: Vec<Places> = (0..batch)
            .flat_map(|sample| {
                let starts = (0..places).step_by(part);
                starts.map(move |start| Places { sample, range: start..(start + part).min(places) })
            })
            .collect();
        let mut y = Buffer::new(batch * to * places);
        let mut shares =
            deal(&mut y, to, places, &parts, step, |part, sample| (part.sample == sample).then(|| part.range.clone()));
        let weights = Blocks::<TRANSPOSED>::new(&weights.values, weights.layout, 0);
        for_each_piece(
            &mut shares,
            1,
            #[inline(always)]
            |_, shares, vectors| {
                let mut values = Buffer::new(depth * PAIR_WIDTH);
                for Share { part: Places { sample, range }, channels, pieces } in shares {
                    for start in range.clone().step_by(PAIR_WIDTH) {
                        gather(*sample, start, &mut values);
                        let (first, count) = (start - range.start, PAIR_WIDTH.min(range.end - start));
                        let values = &*values;
                        vectors.run(Rows {
                            weights,
                            values,
                            first,
                            count,
                            channels: channels.clone(),
                            pieces,
                            bias,
                            bounds,
                        });
                    }
                }
            },
        );
        drop(shares);
        y
    }
}

/// Rows of the result at a pair of panels.
struct Rows<'a, 'b, const TRANSPOSED: bool> {
    weights: Blocks<'a, TRANSPOSED>,
    values: &'a [f32],
    /// Place of the first column on the planes, and how many there are.
    first: usize,
    count: usize,
    channels: Range<usize>,
    pieces: &'a mut [Piece<'b>],
    bias: Option<&'a [f32]>,
    bounds: Bounds,
}

impl<const TRANSPOSED: bool> Vectorized for Rows<'_, '_, TRANSPOSED> {
    #[inline(always)]
    fn run<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize, const ROWS: usize>(self, simd: S) {
        let Self { weights, values, first, count, channels, pieces, bias, bounds } = self;
        weights.rows::<S, REGISTERS, FUSED, PANELS, ROWS>(
            simd,
            channels.start / BLOCK..channels.end.div_ceil(BLOCK),
            values,
            count.div_ceil(WIDTH),
            #[inline(always)]
            |row, panel, sums| {
                // The last block may have more rows than there are.
                let Some(piece) = pieces.get_mut(row) else {
                    return;
                };
                let bias = simd.splat_f32s(bias.map_or(0.0, |bias| bias[channels.start + row]));
                let mut whole = [0.0; WIDTH];
                let place = first + panel * WIDTH;
                let inside = place + WIDTH <= piece.numbers.len();
                let numbers = if inside { &mut piece.numbers[place..place + WIDTH] } else { &mut whole[..] };
                for (index, &sum) in sums.iter().enumerate() {
                    let sum = bounds.keep_all(simd, simd.add_f32s(sum, bias));
                    Lanes(simd, sum).write(numbers, index * S::F32_LANES);
                }
                if !inside {
                    let rest = &mut piece.numbers[place..];
                    rest.copy_from_slice(&whole[..rest.len()]);
                }
            },
        );
    }
}
