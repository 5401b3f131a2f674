//! The products of matrices: weights of one point times the tiles' values there.
//!
//! Weights lie in blocks of 4 x 4, a cache line each, so that a product with the matrix and one with its transpose both read
//! whole lines; values lie in panels of [`WIDTH`] tiles. A block row of the result stays in registers while the sum runs.

use pulp::Simd;

use super::lanes::WIDTH;
use crate::nn::cpu::{Vectorized, Vectors, add_product};

/// Rows and columns of a block.
pub(super) const BLOCK: usize = 4;

/// Layout of the weights `[points, K, C]` in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// K and C in blocks.
    pub(super) blocks: [usize; 2],
}

impl Layout {
    pub(super) const fn new(out: usize, into: usize) -> Self {
        Self { blocks: [out.div_ceil(BLOCK), into.div_ceil(BLOCK)] }
    }

    /// Blocks from one row of blocks to the next: one more than there are, or every line of a column would fall into the same
    /// few places of the cache.
    pub(super) const fn pitch(&self) -> usize {
        self.blocks[1] + 1
    }

    /// Numbers of one point.
    pub(super) const fn len(&self) -> usize {
        self.blocks[0] * self.pitch() * BLOCK * BLOCK
    }

    /// Index of a weight within its point.
    pub(super) const fn place(&self, out: usize, into: usize) -> usize {
        ((out / BLOCK * self.pitch() + into / BLOCK) * BLOCK + out % BLOCK) * BLOCK + into % BLOCK
    }
}

/// One point's product `[rows, panels, WIDTH]`, from a row of blocks on, of its weights (transposed if asked for) and the panels
/// `[columns, WIDTH]`.
#[inline(always)]
pub(super) fn multiply(
    product: &mut [f32],
    weights: &[f32],
    layout: Layout,
    transposed: bool,
    first: usize,
    panels: &[&[f32]],
    vectors: Vectors,
) {
    if transposed {
        vectors.run(Product { weights: Blocks::<true>::new(weights, layout), product, first, panels });
    } else {
        vectors.run(Product { weights: Blocks::<false>::new(weights, layout), product, first, panels });
    }
}

/// Rows of blocks of a product with panels, from the row `first` on.
struct Product<'a, const TRANSPOSED: bool> {
    weights: Blocks<'a, TRANSPOSED>,
    product: &'a mut [f32],
    first: usize,
    panels: &'a [&'a [f32]],
}

impl<const TRANSPOSED: bool> Vectorized for Product<'_, TRANSPOSED> {
    #[inline(always)]
    fn run<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize>(self, simd: S) {
        let Self { weights, product, first, panels } = self;
        let (whole, rest) = panels.as_chunks::<PANELS>();
        for (row, product) in product.chunks_exact_mut(BLOCK * panels.len() * WIDTH).enumerate() {
            for (index, panels) in whole.iter().enumerate() {
                let place = index * PANELS * WIDTH;
                put::<S, _, _>(product, place, weights.row::<S, REGISTERS, FUSED, PANELS>(simd, first + row, *panels));
            }
            for (index, panel) in rest.iter().enumerate() {
                let place = (whole.len() * PANELS + index) * WIDTH;
                put::<S, _, _>(product, place, weights.row::<S, REGISTERS, FUSED, 1>(simd, first + row, [*panel]));
            }
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

impl<'a, const TRANSPOSED: bool> Blocks<'a, TRANSPOSED> {
    #[inline(always)]
    pub(super) fn new(weights: &'a [f32], layout: Layout) -> Self {
        let (row, column) = if TRANSPOSED { (1, layout.pitch()) } else { (layout.pitch(), 1) };
        let columns = layout.blocks[usize::from(!TRANSPOSED)];
        Self { blocks: weights.as_chunks().0, row, column, columns }
    }

    /// One row of blocks times panels `[columns, WIDTH]`, each of `REGISTERS` registers.
    #[inline(always)]
    #[allow(clippy::needless_range_loop, reason = "the index is that of all sides")]
    pub(super) fn row<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize>(
        self,
        simd: S,
        row: usize,
        panels: [&[f32]; PANELS],
    ) -> Sums<S, PANELS, REGISTERS> {
        const { assert!(REGISTERS * S::F32_LANES == WIDTH) };
        let mut sums = [[[simd.splat_f32s(0.0); REGISTERS]; PANELS]; BLOCK];
        let panels = panels.map(|panel| S::as_simd_f32s(panel).0.as_chunks::<REGISTERS>().0.as_chunks::<BLOCK>().0);
        let blocks = self.blocks[row * self.row..].iter().step_by(self.column).take(self.columns);
        for (index, block) in blocks.enumerate() {
            let values: [&[[S::f32s; REGISTERS]; BLOCK]; PANELS] = std::array::from_fn(|panel| &panels[panel][index]);
            for inner in 0..BLOCK {
                for row in 0..BLOCK {
                    let place = if TRANSPOSED { inner * BLOCK + row } else { row * BLOCK + inner };
                    let weight = simd.splat_f32s(block[place]);
                    for panel in 0..PANELS {
                        for register in 0..REGISTERS {
                            let (value, sum) = (values[panel][inner][register], &mut sums[row][panel][register]);
                            add_product::<S, FUSED>(simd, sum, weight, value);
                        }
                    }
                }
            }
        }
        sums
    }
}

/// Sums of a row of blocks, in registers.
pub(super) type Sums<S, const PANELS: usize, const REGISTERS: usize> =
    [[[<S as Simd>::f32s; REGISTERS]; PANELS]; BLOCK];

/// Writes the sums of a row of blocks to its lines of the product.
#[inline(always)]
fn put<S: Simd, const PANELS: usize, const REGISTERS: usize>(
    product: &mut [f32],
    place: usize,
    sums: Sums<S, PANELS, REGISTERS>,
) {
    let length = product.len() / BLOCK;
    for (sums, product) in sums.iter().zip(product.chunks_exact_mut(length)) {
        S::as_mut_simd_f32s(&mut product[place..place + PANELS * WIDTH]).0.copy_from_slice(sums.as_flattened());
    }
}
