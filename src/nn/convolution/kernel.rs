//! Kernels in the order that products read.

use burn::tensor::Tensor;

use super::product::{BLOCK, Layout};
use super::tile::Tile;
use crate::nn::cpu::{for_each_piece, numbers};

/// Weights `[points, K, C]` in the blocks of [`Layout`].
#[derive(Debug)]
pub(super) struct Weights {
    pub(super) values: Vec<f32>,
    pub(super) layout: Layout,
    /// K and C.
    pub(super) channels: [usize; 2],
}

/// One number of each weight of a block.
type Block = [f32; BLOCK * BLOCK];

impl Weights {
    /// The kernel `[K, C, height, width]` itself, as one point of `C * height * width` columns.
    pub(super) fn plain(kernel: Tensor<4>) -> Self {
        let [out, into, height, width] = kernel.dims();
        let columns = into * height * width;
        let layout = Layout::new(1, out, columns);
        Self::new(kernel, layout, [out, into], |points, [weights]: &[Block; 1]| points.copy_from_slice(&[*weights]))
    }

    /// Winograd's transformed kernel U of one of `[K, C, 3, 3]`.
    pub(super) fn transformed<T: Tile>(kernel: Tensor<4>) -> Self {
        let [out, into, ..] = kernel.dims();
        let g: Vec<[f32; 3]> = T::weights().into_iter().map(|row| row.map(|factor| factor as f32)).collect();
        let combine = |row: &[f32; 3], of: [&Block; 3]| -> Block {
            std::array::from_fn(|place| of[0][place] * row[0] + of[1][place] * row[1] + of[2][place] * row[2])
        };
        let transform = |points: &mut [Block], weights: &[Block; 3 * 3]| {
            for (points, row) in points.chunks_exact_mut(T::POINTS).zip(&g) {
                let line: [Block; 3] =
                    std::array::from_fn(|j| combine(row, std::array::from_fn(|i| &weights[3 * i + j])));
                for (point, row) in points.iter_mut().zip(&g) {
                    *point = combine(row, line.each_ref());
                }
            }
        };
        Self::new(kernel, Layout::new(T::POINTS * T::POINTS, out, into), [out, into], transform)
    }

    /// Weights of a kernel of `ELEMENTS` numbers a column, of which `transform` makes those at the points.
    fn new<const ELEMENTS: usize>(
        kernel: Tensor<4>,
        layout: Layout,
        channels: [usize; 2],
        transform: impl Fn(&mut [Block], &[Block; ELEMENTS]) + Sync,
    ) -> Self {
        let kernel = kernel.into_data();
        let kernel = numbers(&kernel).as_chunks::<ELEMENTS>().0;
        let (out, columns) = (channels[0], kernel.len() / channels[0]);
        let mut values = vec![0.0; layout.points * layout.point()];
        // All points of a row of blocks together, since they come of the same weights.
        let mut rows: Vec<Vec<&mut [f32]>> = (0..layout.blocks[0]).map(|_| Vec::with_capacity(layout.points)).collect();
        for (index, row) in values.chunks_exact_mut(layout.row()).enumerate() {
            rows[index % layout.blocks[0]].push(row);
        }
        for_each_piece(
            &mut rows,
            1,
            #[inline(always)]
            |row, rows, _| {
                let mut points = vec![[0.0; BLOCK * BLOCK]; layout.points];
                for column in 0..layout.blocks[1] {
                    let mut weights = [[0.0; BLOCK * BLOCK]; ELEMENTS];
                    for place in 0..BLOCK * BLOCK {
                        let (to, from) = (row * BLOCK + place / BLOCK, column * BLOCK + place % BLOCK);
                        if to < out && from < columns {
                            let numbers = &kernel[to * columns + from];
                            weights.iter_mut().zip(numbers).for_each(|(weights, &number)| weights[place] = number);
                        }
                    }
                    transform(&mut points, &weights);
                    for (point, block) in rows.iter_mut().flatten().zip(&points) {
                        point.as_chunks_mut().0[column] = *block;
                    }
                }
            },
        );
        Self { values, layout, channels }
    }
}
