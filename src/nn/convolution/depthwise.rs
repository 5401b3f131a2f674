//! Depthwise convolutions, a kernel for each channel, and their pullbacks, on the CPU.
//!
//! A plane is copied between margins of zeros, its columns sorted by their remainder after division by the stride, so that what one
//! weight of the kernel meets along a line of the output lies side by side. The pullback is the convolution of stride 1 of the
//! gradient, with zeros between its numbers where the stride left some out, by the kernel turned by 180 degrees.

use burn::tensor::Tensor;
use pulp::Simd;

use super::windows::Windows;
use crate::nn::bounds::Bounds;
use crate::nn::cpu::{PANEL, Vectorized, add_product, for_each_piece, lend, numbers, workers};
use crate::nn::memory::Buffer;

/// Numbers of a line that are computed side by side at least.
const GRANULE: usize = PANEL;

/// A plane between margins: `rows` lines, each of `phases` parts of `length` numbers.
#[derive(Clone, Copy)]
struct Margins {
    rows: usize,
    phases: usize,
    length: usize,
    /// Row and column of the plane's first number, which lie before all lines where they are negative.
    first: [isize; 2],
    /// Rows and columns from one number of the plane to the next.
    apart: [usize; 2],
}

impl Margins {
    const fn len(&self) -> usize {
        self.rows * self.phases * self.length
    }

    /// Index of a row and column.
    const fn place(&self, row: usize, column: usize) -> usize {
        (row * self.phases + column % self.phases) * self.length + column / self.phases
    }

    /// Copies a plane whose lines have `width` numbers into its place; all else is 0.
    fn fill(&self, padded: &mut [f32], plane: &[f32], width: usize) {
        padded.fill(0.0);
        let at = |index: usize, axis: usize| self.first[axis].checked_add_unsigned(index * self.apart[axis]);
        let inside = |index: usize, axis: usize, end: usize| {
            at(index, axis).and_then(|at| usize::try_from(at).ok()).filter(|&at| at < end)
        };
        let columns = self.phases * self.length;
        for (index, line) in plane.chunks_exact(width).enumerate() {
            let Some(row) = inside(index, 0, self.rows) else {
                continue;
            };
            // All columns in one copy, where they stay side by side.
            if let ([_, 1], 1, Some(start)) = (self.apart, self.phases, inside(0, 1, columns)) {
                let end = (start + width).min(columns);
                padded[self.place(row, start)..][..end - start].copy_from_slice(&line[..end - start]);
                continue;
            }
            for (index, &number) in line.iter().enumerate() {
                if let Some(column) = inside(index, 1, columns) {
                    padded[self.place(row, column)] = number;
                }
            }
        }
    }
}

/// What is done to each plane.
#[derive(Clone, Copy)]
struct Plan<'a> {
    margins: Margins,
    /// Rows of margins from one line of the output to the next.
    step: usize,
    /// Size of the output's planes.
    size: [usize; 2],
    kernel: [usize; 2],
    dilation: [usize; 2],
    /// Kernels `[C, 1, height, width]`.
    weights: &'a [f32],
    turned: bool,
    bias: Option<&'a [f32]>,
    bounds: Bounds,
}

/// The convolution of `[N, C, H, W]` by kernels `[C, 1, h, w]`, with its bias, kept within bounds.
pub(super) fn forward(
    x: &mut Tensor<4>,
    kernels: &Tensor<4>,
    bias: Option<Tensor<1>>,
    windows: Windows,
    bounds: Bounds,
) -> Tensor<4> {
    let size = windows.count([x.dims()[2], x.dims()[3]]);
    let (kernels, bias) = (kernels.clone().into_data(), bias.map(Tensor::into_data));
    let reach = windows.reach();
    let margins = Margins {
        rows: (size[0] - 1) * windows.stride[0] + reach[0] + 1,
        phases: windows.stride[1],
        length: size[1].next_multiple_of(unit(size[1])) + reach[1] / windows.stride[1],
        first: [windows.padding.top.cast_signed(), windows.padding.left.cast_signed()],
        apart: [1, 1],
    };
    let plan = Plan {
        margins,
        step: windows.stride[0],
        size,
        kernel: windows.kernel,
        dilation: windows.dilation,
        weights: numbers(&kernels),
        turned: false,
        bias: bias.as_ref().map(numbers),
        bounds,
    };
    plan.convolve(x)
}

/// The transposed map: from a gradient `[N, C, h, w]` at the output to one at the input of that size.
pub(super) fn pullback(gradient: &mut Tensor<4>, kernels: &Tensor<4>, size: [usize; 2], windows: Windows) -> Tensor<4> {
    let kernels = kernels.clone().into_data();
    let reach = windows.reach();
    let before = [windows.padding.top, windows.padding.left];
    let margins = Margins {
        rows: size[0] + reach[0],
        phases: 1,
        length: size[1].next_multiple_of(unit(size[1])) + reach[1],
        first: [0, 1].map(|axis| reach[axis].cast_signed() - before[axis].cast_signed()),
        apart: windows.stride,
    };
    let plan = Plan {
        margins,
        step: 1,
        size,
        kernel: windows.kernel,
        dilation: windows.dilation,
        weights: numbers(&kernels),
        turned: true,
        bias: None,
        bounds: Bounds::NONE,
    };
    plan.convolve(gradient)
}

/// Numbers of a line of so many that are computed side by side.
const fn unit(columns: usize) -> usize {
    match columns.div_ceil(GRANULE) {
        0 | 1 => GRANULE,
        2 => 2 * GRANULE,
        _ => 4 * GRANULE,
    }
}

impl Plan<'_> {
    /// The planes of the output, of all planes of the input.
    fn convolve(&self, x: &mut Tensor<4>) -> Tensor<4> {
        let [batch, channels, height, width] = x.dims();
        let device = x.device();
        let x = lend(x);
        let [rows, columns] = self.size;
        let mut y = Buffer::new(batch * channels * rows * columns);
        // Planes that a core takes at a time, with one piece of memory for all of them.
        let share = (batch * channels).div_ceil(4 * workers());
        for_each_piece(
            &mut y,
            share * rows * columns,
            #[inline(always)]
            |piece, y, vectors| {
                let mut padded = Buffer::new(self.margins.len());
                let mut line = Buffer::new(columns.next_multiple_of(unit(columns)));
                for (y, plane) in y.chunks_exact_mut(rows * columns).zip(piece * share..) {
                    self.margins.fill(&mut padded, &x[plane * height * width..][..height * width], width);
                    let (padded, line, channel) = (&padded, &mut line, plane % channels);
                    vectors.run(Plane { plan: self, padded, line, channel, y });
                }
            },
        );
        y.into_tensor([batch, channels, rows, columns], &device)
    }

    /// One line of the output, `GRANULES` at a time.
    #[inline(always)]
    fn line<S: Simd, const REGISTERS: usize, const FUSED: bool, const GRANULES: usize>(
        &self,
        simd: S,
        padded: &[f32],
        taps: &[(usize, f32)],
        bias: f32,
        line: &mut [f32],
    ) {
        const { assert!(REGISTERS * S::F32_LANES == GRANULE) };
        let bias = simd.splat_f32s(bias);
        for (index, line) in line.chunks_exact_mut(GRANULES * GRANULE).enumerate() {
            let mut sums = [[bias; REGISTERS]; GRANULES];
            for &(place, weight) in taps {
                let values = &padded[place + index * GRANULES * GRANULE..][..GRANULES * GRANULE];
                let values = S::as_simd_f32s(values).0.as_chunks::<REGISTERS>().0;
                let weight = simd.splat_f32s(weight);
                for (sums, values) in sums.iter_mut().zip(values) {
                    for register in 0..REGISTERS {
                        let (value, sum) = (values[register], &mut sums[register]);
                        add_product::<S, FUSED>(simd, sum, weight, value);
                    }
                }
            }
            let line = S::as_mut_simd_f32s(line).0;
            for (line, &sum) in line.iter_mut().zip(sums.as_flattened()) {
                *line = self.bounds.keep_all(simd, sum);
            }
        }
    }
}

/// One plane of the output.
struct Plane<'a> {
    plan: &'a Plan<'a>,
    padded: &'a [f32],
    line: &'a mut [f32],
    channel: usize,
    y: &'a mut [f32],
}

impl Vectorized for Plane<'_> {
    #[inline(always)]
    fn run<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize, const ROWS: usize>(self, simd: S) {
        let Self { plan, padded, line, channel, y } = self;
        let [height, width] = plan.kernel;
        let weights = &plan.weights[channel * height * width..][..height * width];
        // Each weight with where it begins to read.
        let taps: Vec<(usize, f32)> = (0..height * width)
            .map(|index| {
                let place = plan.margins.place(index / width * plan.dilation[0], index % width * plan.dilation[1]);
                (place, weights[if plan.turned { height * width - 1 - index } else { index }])
            })
            .collect();
        let bias = plan.bias.map_or(0.0, |bias| bias[channel]);
        let columns = plan.size[1];
        for (row, y) in y.chunks_exact_mut(columns).enumerate() {
            let padded = &padded[plan.margins.place(row * plan.step, 0)..];
            match unit(columns) / GRANULE {
                1 => plan.line::<S, REGISTERS, FUSED, 1>(simd, padded, &taps, bias, line),
                2 => plan.line::<S, REGISTERS, FUSED, 2>(simd, padded, &taps, bias, line),
                _ => plan.line::<S, REGISTERS, FUSED, 4>(simd, padded, &taps, bias, line),
            }
            y.copy_from_slice(&line[..columns]);
        }
    }
}
