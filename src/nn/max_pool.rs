//! Max pools of unpadded windows of 2 x 2 and 3 x 3 with step 2, on the CPU: burn's go through a general loop in three dimensions.

use burn::tensor::{Int, Tensor, TensorData};

use super::cpu::{for_each_piece, lend, on_cpu};
use super::{MaxPool, Padding};

/// The maxima `[N, C, h, w]` of a max pool and their places in the flat `H * W` of its input (of several the first), where
/// there is a faster way than the general one; `size` is `[h, w]`.
pub(super) fn max_pool(op: &MaxPool, x: &mut Tensor<4>, size: [usize; 2]) -> Option<(Tensor<4>, Tensor<4, Int>)> {
    let MaxPool { kernel, stride: [2, 2], padding, .. } = op else { return None };
    if *padding != Padding::default() || !on_cpu(&x.device()) {
        return None;
    }
    match kernel {
        [2, 2] => Some(pool::<2>(x, size)),
        [3, 3] => Some(pool::<3>(x, size)),
        _ => None,
    }
}

fn pool<const KERNEL: usize>(x: &mut Tensor<4>, [rows, columns]: [usize; 2]) -> (Tensor<4>, Tensor<4, Int>) {
    let [batch, channels, height, width] = x.dims();
    let device = x.device();
    let x = lend(x);
    let mut maxima = vec![0.0; batch * channels * rows * columns];
    let mut switches = vec![0_i64; maxima.len()];
    let area = rows * columns;
    let mut planes: Vec<_> = maxima.chunks_exact_mut(area).zip(switches.chunks_exact_mut(area)).collect();
    for_each_piece(
        &mut planes,
        1,
        #[inline(always)]
        |index, planes, _| {
            let plane = &x[index * height * width..][..height * width];
            for (maxima, switches) in planes {
                let lines = maxima.chunks_exact_mut(columns).zip(switches.chunks_exact_mut(columns));
                let mut row = Row::new(width, columns);
                for (index, (maxima, switches)) in lines.enumerate() {
                    row.pool::<KERNEL>(plane, 2 * index, maxima);
                    switches.iter_mut().zip(&row.places).for_each(|(switch, &place)| *switch = place.into());
                }
            }
        },
    );
    let shape = [batch, channels, rows, columns];
    let switches = Tensor::from_data(TensorData::new(switches, shape), (&device, burn::tensor::DType::I64));
    (Tensor::from_data(TensorData::new(maxima, shape), &device), switches)
}

/// Buffers for pooling one row of windows: all of them take the same step at a time, side by side.
struct Row {
    width: usize,
    /// The numbers in even and in odd columns of a line, and minus infinity beyond.
    halves: [Vec<f32>; 2],
    /// Places of the maxima.
    places: Vec<u32>,
}

impl Row {
    fn new(width: usize, columns: usize) -> Self {
        // Windows may hang over the edge by a column.
        let half = || vec![f32::NEG_INFINITY; columns + 1];
        Self { width, halves: [half(), half()], places: vec![0; columns] }
    }

    /// The maxima of the windows that begin in that line of the plane, and their places.
    #[inline(always)]
    fn pool<const KERNEL: usize>(&mut self, plane: &[f32], first: usize, maxima: &mut [f32]) {
        let lines = plane.chunks_exact(self.width).enumerate().skip(first).take(KERNEL);
        for (at, line) in lines {
            self.split(line);
            if at == first {
                maxima.copy_from_slice(&self.halves[0][..maxima.len()]);
                self.places
                    .iter_mut()
                    .zip(0..)
                    .for_each(|(place, column)| *place = (at * self.width) as u32 + 2 * column);
            }
            for j in 0..KERNEL {
                let start = (at * self.width + j) as u32;
                let taken = maxima.iter_mut().zip(&mut self.places).zip(&self.halves[j % 2][j / 2..]);
                for (((maximum, place), &number), column) in taken.zip(0_u32..) {
                    let more = number > *maximum;
                    *maximum = if more { number } else { *maximum };
                    *place = if more { start + 2 * column } else { *place };
                }
            }
        }
    }

    /// Takes a line apart.
    #[inline(always)]
    fn split(&mut self, line: &[f32]) {
        let [even, odd] = &mut self.halves;
        let (pairs, rest) = line.as_chunks::<2>();
        for ((even, odd), pair) in even.iter_mut().zip(odd).zip(pairs) {
            (*even, *odd) = (pair[0], pair[1]);
        }
        if let (&[last], Some(place)) = (rest, self.halves[0].get_mut(pairs.len())) {
            *place = last;
        }
    }
}
