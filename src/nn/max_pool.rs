//! Max pools of unpadded windows of 2 x 2 and 3 x 3 with step 2, on the CPU: burn's go through a general loop in three dimensions.

use burn::tensor::{Int, Tensor};

use pulp::Simd;

use super::cpu::{PANEL, Vectorized, for_each_piece, lend, on_cpu, workers};
use super::memory::Buffer;
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
    let mut maxima = Buffer::new(batch * channels * rows * columns);
    let mut switches = Buffer::new(2 * maxima.len());
    let area = rows * columns;
    let mut planes: Vec<_> = maxima.chunks_exact_mut(area).zip(switches.as_integers().chunks_exact_mut(area)).collect();
    let share = planes.len().div_ceil(4 * workers());
    for_each_piece(
        &mut planes,
        share,
        #[inline(always)]
        |piece, planes, vectors| {
            let mut memory = Memory::new(KERNEL, columns);
            for ((maxima, switches), x) in
                planes.iter_mut().zip(x[piece * share * height * width..].chunks_exact(height * width))
            {
                vectors.run(Plane::<KERNEL> { x, width, columns, maxima, switches, memory: &mut memory });
            }
        },
    );
    drop(planes);
    let shape = [batch, channels, rows, columns];
    (maxima.into_tensor(shape, &device), switches.into_integers(shape, &device))
}

/// Gradient at the input of planes of so many places, of one `[K, C, h, w]` at the maxima, whose places are those of one sample or of each.
pub(super) fn unpool(gradient: &mut Tensor<4>, switches: &[i64], [height, width]: [usize; 2]) -> Tensor<4> {
    let (device, [batch, channels, rows, columns]) = (gradient.device(), gradient.dims());
    let gradient = lend(gradient);
    let area = rows * columns;
    let mut x = Buffer::new(batch * channels * height * width);
    for_each_piece(
        &mut x,
        height * width,
        #[inline(always)]
        |plane, x, _| {
            x.fill(0.0);
            let switches = &switches[plane * area % switches.len()..][..area];
            for (&number, &place) in gradient[plane * area..][..area].iter().zip(switches) {
                x[place as usize] += number;
            }
        },
    );
    x.into_tensor([batch, channels, height, width], &device)
}

/// One feature map, and what is made of it.
struct Plane<'a, const KERNEL: usize> {
    x: &'a [f32],
    width: usize,
    columns: usize,
    maxima: &'a mut [f32],
    switches: &'a mut [i64],
    memory: &'a mut Memory,
}

/// Memory for a row of windows.
struct Memory {
    /// Numbers of a line. Windows may hang over the edge, and registers reach beyond the windows.
    length: usize,
    lines: Buffer,
    /// Maxima and their places. Each stands in a pair, as the numbers did that it is the larger of.
    pooled: [Buffer; 2],
}

impl Memory {
    fn new(kernel: usize, columns: usize) -> Self {
        let length = 2 * columns.next_multiple_of(PANEL) + kernel;
        Self { length, lines: Buffer::new(kernel * length), pooled: [length, length].map(Buffer::new) }
    }
}

impl<const KERNEL: usize> Vectorized for Plane<'_, KERNEL> {
    #[inline(always)]
    fn run<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize, const ROWS: usize>(self, simd: S) {
        let Self { x, width, columns, maxima, switches, memory: Memory { length, lines, pooled } } = self;
        let length = *length;
        let rows = maxima.chunks_exact_mut(columns).zip(switches.chunks_exact_mut(columns));
        for (row, (maxima, switches)) in rows.enumerate() {
            for (line, at) in lines.chunks_exact_mut(length).zip(2 * row..) {
                let there = x.get(at * width..(at + 1) * width).unwrap_or_default();
                let there = &there[..there.len().min(length)];
                line[..there.len()].copy_from_slice(there);
                line[there.len()..].fill(f32::NEG_INFINITY);
            }
            for place in (0..columns).step_by(S::F32_LANES) {
                let [best, taken] = largest::<S, KERNEL>(simd, lines, length, 2 * place, width);
                for (numbers, pooled) in [best, taken].into_iter().zip(&mut *pooled) {
                    let pairs = simd.interleave_shfl_f32s([numbers, numbers]);
                    S::as_mut_simd_f32s(&mut pooled[2 * place..][..2 * S::F32_LANES]).0.copy_from_slice(&pairs);
                }
            }
            let [best, taken] = &*pooled;
            for (maximum, pair) in maxima.iter_mut().zip(best.as_chunks::<2>().0) {
                *maximum = pair[0];
            }
            let first = (2 * row * width) as i64;
            for ((switch, pair), column) in switches.iter_mut().zip(taken.as_chunks::<2>().0).zip(0_i32..) {
                *switch = first + i64::from(2 * column + pair[0] as i32);
            }
        }
    }
}

/// The maxima of windows side by side, the first of which begins at a place of the first line, and how far after their window's first
/// number they stand on the plane.
#[inline(always)]
fn largest<S: Simd, const KERNEL: usize>(
    simd: S,
    lines: &[f32],
    length: usize,
    place: usize,
    width: usize,
) -> [S::f32s; 2] {
    let halves = |place: usize| {
        let pair = S::as_simd_f32s(&lines[place..place + 2 * S::F32_LANES]).0;
        simd.deinterleave_shfl_f32s([pair[0], pair[1]])
    };
    let (mut best, mut taken) = (halves(place)[0], simd.splat_f32s(0.0));
    for line in 0..KERNEL {
        let [even, odd] = halves(line * length + place);
        let mut columns = [even, odd, even];
        if KERNEL > 2 {
            columns[2] = halves(line * length + place + 2)[0];
        }
        for (column, &numbers) in columns[..KERNEL].iter().enumerate() {
            let more = simd.greater_than_f32s(numbers, best);
            best = simd.select_f32s(more, numbers, best);
            // Exact: two lines have fewer numbers than float32 counts.
            taken = simd.select_f32s(more, simd.splat_f32s((line * width + column) as f32), taken);
        }
    }
    [best, taken]
}
