//! Max pools of unpadded windows of 2 x 2 and 3 x 3 with step 2, on the CPU: burn's go through a general loop in three dimensions.

use burn::tensor::{Int, Tensor, TensorData};

use super::cpu::{for_each_piece, lend, on_cpu};
use super::{Op, Padding};

/// The maxima `[N, C, h, w]` of a max pool and their places in the flat `H * W` of its input (of several the first), where
/// there is a faster way than the general one; `size` is `[h, w]`.
pub(super) fn max_pool(op: &Op, x: &mut Tensor<4>, size: [usize; 2]) -> Option<(Tensor<4>, Tensor<4, Int>)> {
    let Op::MaxPool { kernel, stride: [2, 2], padding, .. } = op else { return None };
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
    let mut switches = vec![0_i64; batch * channels * rows * columns];
    for_each_piece(
        &mut switches,
        rows * columns,
        #[inline(always)]
        |plane, switches, _| {
            let plane = &x[plane * height * width..][..height * width];
            for (row, switches) in switches.chunks_exact_mut(columns).enumerate() {
                for (column, switch) in switches.iter_mut().enumerate() {
                    let first = 2 * row * width + 2 * column;
                    // With `ceil_mode` the last windows hang over the edge.
                    let (down, right) = (KERNEL.min(height - 2 * row), KERNEL.min(width - 2 * column));
                    let (mut best, mut most) = (first, plane[first]);
                    for i in 0..down {
                        for j in 0..right {
                            let place = first + i * width + j;
                            if plane[place] > most {
                                (best, most) = (place, plane[place]);
                            }
                        }
                    }
                    *switch = best as i64;
                }
            }
        },
    );
    let mut maxima = vec![0.0; switches.len()];
    for_each_piece(
        &mut maxima,
        rows * columns,
        #[inline(always)]
        |plane, maxima, _| {
            let switches = &switches[plane * rows * columns..][..rows * columns];
            let plane = &x[plane * height * width..][..height * width];
            maxima.iter_mut().zip(switches).for_each(|(maximum, &switch)| *maximum = plane[switch as usize]);
        },
    );
    let shape = [batch, channels, rows, columns];
    let switches = Tensor::from_data(TensorData::new(switches, shape), (&device, burn::tensor::DType::I64));
    (Tensor::from_data(TensorData::new(maxima, shape), &device), switches)
}
