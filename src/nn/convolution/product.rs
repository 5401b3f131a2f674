//! The products of matrices: weights, of one of Winograd's points or of all windows, times the numbers of many places.
//!
//! Weights lie in blocks of 4 x 4, a cache line each, so that a product with the matrix and one with its transpose both read
//! whole lines; numbers lie in pairs of panels of [`WIDTH`] places, `[columns, 2, WIDTH]`. Some rows of blocks of the result stay in
//! registers while the sum runs, and a pair of panels in the first cache while the rows do: with 8 rows of 32 places AVX-512 reads
//! 10 registers for 16 sums, of which 2 may come from farther away.

use std::ops::Range;

use pulp::Simd;

use super::lanes::WIDTH;
use crate::nn::cpu::{Vectorized, Vectors, add_product};

/// Rows and columns of a block.
pub(super) const BLOCK: usize = 4;

/// Panels that lie side by side.
const PAIR: usize = 2;

/// Places of a pair of panels.
pub(super) const PAIR_WIDTH: usize = PAIR * WIDTH;

/// Layout of the weights `[points, K, C]` in memory: blocks `[points, K / 4, C / 4]`, so that a product reads them in one go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// K and C in blocks.
    pub(super) blocks: [usize; 2],
    pub(super) points: usize,
}

impl Layout {
    pub(super) const fn new(points: usize, out: usize, into: usize) -> Self {
        Self { blocks: [out.div_ceil(BLOCK), into.div_ceil(BLOCK)], points }
    }

    /// Blocks of a row: one more than there are, or every line of a column would fall into the same few places of the cache.
    const fn pitch(&self) -> usize {
        self.blocks[1] + 1
    }

    /// Numbers of a row of blocks.
    pub(super) const fn row(&self) -> usize {
        self.pitch() * BLOCK * BLOCK
    }

    /// Numbers of one point.
    pub(super) const fn point(&self) -> usize {
        self.blocks[0] * self.row()
    }
}

/// Some rows of the product of weights, transposed or not, with so many places: `[rows, pairs, PAIR_WIDTH]`, from a row of blocks on.
pub(super) struct Product<'a> {
    pub(super) weights: &'a [f32],
    pub(super) layout: Layout,
    pub(super) point: usize,
    pub(super) transposed: bool,
    /// Pairs of panels, `[columns, PAIR_WIDTH]` each.
    pub(super) pairs: &'a [&'a [f32]],
    pub(super) places: usize,
    /// Row of blocks of the result's first.
    pub(super) first: usize,
    pub(super) result: &'a mut [f32],
}

impl Product<'_> {
    /// Carries it out.
    #[inline(always)]
    pub(super) fn multiply(self, vectors: Vectors) {
        if self.transposed {
            vectors.run(Whole(Blocks::<true>::new(self.weights, self.layout, self.point), self));
        } else {
            vectors.run(Whole(Blocks::<false>::new(self.weights, self.layout, self.point), self));
        }
    }
}

struct Whole<'a, const TRANSPOSED: bool>(Blocks<'a, TRANSPOSED>, Product<'a>);

impl<const TRANSPOSED: bool> Vectorized for Whole<'_, TRANSPOSED> {
    #[inline(always)]
    fn run<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize, const ROWS: usize>(self, simd: S) {
        let Self(weights, Product { pairs, places, first, result, .. }) = self;
        let length = pairs.len() * PAIR_WIDTH;
        let rows = first..first + result.len() / (BLOCK * length);
        for (index, pair) in pairs.iter().enumerate() {
            let panels = (places - index * PAIR_WIDTH).div_ceil(WIDTH);
            weights.rows::<S, REGISTERS, FUSED, PANELS, ROWS>(
                simd,
                rows.clone(),
                pair,
                panels,
                #[inline(always)]
                |row, panel, sums| {
                    let place = row * length + index * PAIR_WIDTH + panel * WIDTH;
                    S::as_mut_simd_f32s(&mut result[place..place + WIDTH]).0.copy_from_slice(sums);
                },
            );
        }
    }
}

/// Weights of one point, in blocks, as a product reads them.
#[derive(Clone, Copy)]
pub(super) struct Blocks<'a, const TRANSPOSED: bool> {
    blocks: &'a [[f32; BLOCK * BLOCK]],
    /// Blocks from one row of the product to the next, from one column to the next, and columns.
    row: usize,
    column: usize,
    columns: usize,
}

/// Numbers of some columns of a pair of panels, in registers.
type Values<S, const REGISTERS: usize> = [[[<S as Simd>::f32s; REGISTERS]; PAIR]; BLOCK];

impl<'a, const TRANSPOSED: bool> Blocks<'a, TRANSPOSED> {
    #[inline(always)]
    pub(super) fn new(weights: &'a [f32], layout: Layout, point: usize) -> Self {
        let (rows, columns) = (layout.pitch(), 1);
        let (row, column) = if TRANSPOSED { (columns, rows) } else { (rows, columns) };
        let columns = layout.blocks[usize::from(!TRANSPOSED)];
        Self { blocks: weights[point * layout.point()..][..layout.point()].as_chunks().0, row, column, columns }
    }

    /// Rows of blocks times the first `panels` of a pair `[columns, PAIR_WIDTH]`: each sum of a row, counted from the first, and a
    /// panel is given to `put`.
    #[inline(always)]
    pub(super) fn rows<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize, const ROWS: usize>(
        self,
        simd: S,
        rows: Range<usize>,
        pair: &[f32],
        panels: usize,
        mut put: impl FnMut(usize, usize, &[S::f32s; REGISTERS]),
    ) {
        const { assert!(REGISTERS * S::F32_LANES == WIDTH) };
        let values = S::as_simd_f32s(pair).0.as_chunks::<REGISTERS>().0.as_chunks::<PAIR>().0.as_chunks().0;
        let values = &values[..self.columns];
        let panels = panels.min(PAIR);
        let mut row = rows.start;
        while row < rows.end {
            let (from, put) = ((row - rows.start) * BLOCK, &mut put);
            if row + ROWS <= rows.end {
                self.panels::<S, REGISTERS, FUSED, PANELS, ROWS>(simd, row, values, panels, from, put);
                row += ROWS;
            } else {
                self.panels::<S, REGISTERS, FUSED, PANELS, 1>(simd, row, values, panels, from, put);
                row += 1;
            }
        }
    }

    /// `ROWS` rows of blocks times the panels of a pair.
    #[inline(always)]
    fn panels<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize, const ROWS: usize>(
        self,
        simd: S,
        row: usize,
        values: &[Values<S, REGISTERS>],
        panels: usize,
        from: usize,
        put: &mut impl FnMut(usize, usize, &[S::f32s; REGISTERS]),
    ) {
        if panels >= PANELS && PANELS == PAIR {
            return self.sums::<S, REGISTERS, FUSED, PANELS, ROWS, 0>(simd, row, values, from, put);
        }
        self.sums::<S, REGISTERS, FUSED, 1, ROWS, 0>(simd, row, values, from, put);
        if panels == PAIR {
            self.sums::<S, REGISTERS, FUSED, 1, ROWS, 1>(simd, row, values, from, put);
        }
    }

    /// Sums of `ROWS` rows of blocks and `PANELS` panels, from that one on, all in registers.
    #[inline(always)]
    #[allow(clippy::needless_range_loop, reason = "the indices are those of all sides")]
    fn sums<
        S: Simd,
        const REGISTERS: usize,
        const FUSED: bool,
        const PANELS: usize,
        const ROWS: usize,
        const PANEL: usize,
    >(
        self,
        simd: S,
        row: usize,
        values: &[Values<S, REGISTERS>],
        from: usize,
        put: &mut impl FnMut(usize, usize, &[S::f32s; REGISTERS]),
    ) {
        let mut sums = [[[[simd.splat_f32s(0.0); REGISTERS]; PANELS]; BLOCK]; ROWS];
        for (index, values) in values.iter().enumerate() {
            let mut blocks = [&[0.0; BLOCK * BLOCK]; ROWS];
            for (more, block) in blocks.iter_mut().enumerate() {
                *block = &self.blocks[(row + more) * self.row + index * self.column];
            }
            for inner in 0..BLOCK {
                for more in 0..ROWS {
                    for row in 0..BLOCK {
                        let place = if TRANSPOSED { inner * BLOCK + row } else { row * BLOCK + inner };
                        let weight = simd.splat_f32s(blocks[more][place]);
                        for panel in 0..PANELS {
                            for register in 0..REGISTERS {
                                let sum = &mut sums[more][row][panel][register];
                                add_product::<S, FUSED>(simd, sum, weight, values[inner][PANEL + panel][register]);
                            }
                        }
                    }
                }
            }
        }
        for (row, sums) in sums.as_flattened().iter().enumerate() {
            for (more, sums) in sums.iter().enumerate() {
                put(from + row, PANEL + more, sums);
            }
        }
    }
}
