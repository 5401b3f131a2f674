//! The products of matrices: weights of one point times the tiles' values there.
//!
//! Weights lie in blocks of 4 x 4, a cache line each, so that a product with the matrix and one with its transpose both read
//! whole lines; values lie in panels of eight tiles. A block row of the result stays in registers while the sum runs.

use super::lanes::WIDTH;

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

/// One point's product `[rows, panels, 8]`, from a row of blocks on, of its weights (transposed if asked for) and the panels
/// `[columns, 8]`.
#[inline(always)]
pub(super) fn multiply(
    product: &mut [f32],
    weights: &[f32],
    layout: Layout,
    transposed: bool,
    first: usize,
    panels: &[&[f32]],
    fused: bool,
) {
    match (transposed, fused) {
        (false, false) => block_rows::<false, false>(product, weights, layout, first, panels),
        (false, true) => block_rows::<false, true>(product, weights, layout, first, panels),
        (true, false) => block_rows::<true, false>(product, weights, layout, first, panels),
        (true, true) => block_rows::<true, true>(product, weights, layout, first, panels),
    }
}

#[inline(always)]
fn block_rows<const TRANSPOSED: bool, const FUSED: bool>(
    product: &mut [f32],
    weights: &[f32],
    layout: Layout,
    from: usize,
    panels: &[&[f32]],
) {
    let weights = weights.as_chunks::<{ BLOCK * BLOCK }>().0;
    let (first, step) = if TRANSPOSED { (1, layout.pitch()) } else { (layout.pitch(), 1) };
    let count = layout.blocks[usize::from(!TRANSPOSED)];
    for (row, product) in product.chunks_exact_mut(BLOCK * panels.len() * WIDTH).enumerate() {
        let blocks = weights[(from + row) * first..].iter().step_by(step).take(count);
        let mut start = 0;
        for panels in panels.chunks(SIDE_BY_SIDE) {
            let place = start * WIDTH;
            match *panels {
                [a, b] => block_row::<2, TRANSPOSED, FUSED>(product, place, blocks.clone(), [a, b]),
                [a] => block_row::<1, TRANSPOSED, FUSED>(product, place, blocks.clone(), [a]),
                _ => unreachable!("chunks are of one or two panels"),
            }
            start += panels.len();
        }
    }
}

/// Panels at once: as many as their sums, 4 rows of 8 lanes each, fit in registers: sixteen of 32 bytes with AVX2, of 16 bytes
/// elsewhere. With three on AVX2, the compiler runs out of them.
pub(super) const SIDE_BY_SIDE: usize = if cfg!(target_arch = "x86_64") { 2 } else { 1 };

#[inline(always)]
fn block_row<'a, const PANELS: usize, const TRANSPOSED: bool, const FUSED: bool>(
    product: &mut [f32],
    place: usize,
    blocks: impl Iterator<Item = &'a [f32; BLOCK * BLOCK]>,
    panels: [&[f32]; PANELS],
) {
    let mut sums = [[[0.0_f32; WIDTH]; PANELS]; BLOCK];
    let panels = panels.map(|panel| panel.as_chunks::<{ BLOCK * WIDTH }>().0);
    for (index, block) in blocks.enumerate() {
        let values: [&[f32; BLOCK * WIDTH]; PANELS] = std::array::from_fn(|panel| &panels[panel][index]);
        for inner in 0..BLOCK {
            for row in 0..BLOCK {
                let weight = if TRANSPOSED { block[inner * BLOCK + row] } else { block[row * BLOCK + inner] };
                for panel in 0..PANELS {
                    for lane in 0..WIDTH {
                        let value = values[panel][inner * WIDTH + lane];
                        let sum = &mut sums[row][panel][lane];
                        *sum = if FUSED { weight.mul_add(value, *sum) } else { weight * value + *sum };
                    }
                }
            }
        }
    }
    let length = product.len() / BLOCK;
    for (sums, product) in sums.iter().zip(product.chunks_exact_mut(length)) {
        product[place..place + PANELS * WIDTH].copy_from_slice(sums.as_flattened());
    }
}
