//! Convolutions without groups that no other algorithm takes, and their pullback, as a product of matrices on the CPU: the numbers
//! under each window laid side by side (im2col; Chellapilla, Puri and Simard 2006), and in the pullback added back to where they
//! came from.

use std::ops::Range;

use burn::tensor::Tensor;

use super::columns::Columns;
use super::kernel::Weights;
use super::product::{BLOCK, PAIR_WIDTH, Product};
use crate::nn::Padding;
use crate::nn::bounds::Bounds;
use crate::nn::cpu::{for_each_piece, lend};
use crate::nn::memory::Buffer;

/// Numbers that the buffers of a strip of a pullback may have together: 1 MiB.
const STRIP: usize = 1 << 18;

/// Rows of blocks that one core multiplies at a time.
const ROWS: usize = 4;

/// Geometry of the windows on an input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Windows {
    pub(super) kernel: [usize; 2],
    pub(super) stride: [usize; 2],
    pub(super) dilation: [usize; 2],
    pub(super) padding: Padding,
}

impl Windows {
    /// The number of windows along each axis of an input.
    pub(super) fn count(&self, size: [usize; 2]) -> [usize; 2] {
        let Padding { top, left, bottom, right } = self.padding;
        let padded = [size[0] + top + bottom, size[1] + left + right];
        [0, 1].map(|axis| (padded[axis] - self.dilation[axis] * (self.kernel[axis] - 1) - 1) / self.stride[axis] + 1)
    }

    /// How far the last element of the kernel lies from the first, along each axis.
    pub(super) const fn reach(&self) -> [usize; 2] {
        let [height, width] = self.kernel;
        [(height - 1) * self.dilation[0], (width - 1) * self.dilation[1]]
    }

    /// Windows, along an axis, of which one element of the kernel lies on the input.
    pub(super) fn inside(&self, axis: usize, element: usize, windows: usize, length: usize) -> Range<usize> {
        let before = [self.padding.top, self.padding.left][axis];
        let (offset, stride) = (element * self.dilation[axis], self.stride[axis]);
        let first = before.saturating_sub(offset).div_ceil(stride).min(windows);
        let end = (length + before).saturating_sub(offset).div_ceil(stride).min(windows);
        first..end.max(first)
    }
}

impl Weights {
    /// The convolution of `[N, C, H, W]`, with its bias, kept within bounds.
    pub(super) fn forward_by_windows(
        &self,
        x: &mut Tensor<4>,
        bias: Option<Tensor<1>>,
        windows: Windows,
        bounds: Bounds,
    ) -> Tensor<4> {
        let [batch, channels, height, width] = x.dims();
        let device = x.device();
        let count @ [rows, columns] = windows.count([height, width]);
        let x = lend(x);
        let planes = Planes { numbers: &x, channels, size: [height, width], windows, count };
        let gather = |sample: usize, first: usize, values: &mut [f32]| planes.gather(sample, first, values);
        let y = Columns { batch, places: rows * columns, bias, bounds, gather }.multiply::<false>(self);
        y.into_tensor([batch, self.channels[0], rows, columns], &device)
    }

    /// The transposed map: from a gradient `[N, K, h, w]` at the output to one at the input of that size.
    pub(super) fn pullback_by_windows(
        &self,
        gradient: &mut Tensor<4>,
        [height, width]: [usize; 2],
        windows: Windows,
    ) -> Tensor<4> {
        let [batch, out, rows, columns] = gradient.dims();
        let into = self.channels[1];
        let device = gradient.device();
        let count = rows * columns;
        let gradient = lend(gradient);
        let mut x = Buffer::zeroed(batch * into * height * width);
        for (sample, x) in x.chunks_exact_mut(into * height * width).enumerate() {
            let gradient = &gradient[sample * out * count..][..out * count];
            for strip in self.strips(count) {
                let products = self.returned(&strip, gradient, count);
                let length = strip.len().next_multiple_of(PAIR_WIDTH);
                let add = Add { windows, count: [rows, columns], size: [height, width], strip: &strip };
                for_each_piece(
                    x,
                    height * width,
                    #[inline(always)]
                    |channel, x, _| {
                        let elements = windows.kernel[0] * windows.kernel[1];
                        for element in 0..elements {
                            add.element(x, element, &products[(channel * elements + element) * length..]);
                        }
                    },
                );
            }
        }
        x.into_tensor([batch, into, height, width], &device)
    }

    /// `count` windows in strips of whole pairs of panels, of about [`STRIP`] numbers.
    fn strips(&self, count: usize) -> impl Iterator<Item = Range<usize>> {
        let per_window = (self.layout.blocks[0] + self.layout.blocks[1]) * BLOCK;
        let pairs = count.div_ceil(PAIR_WIDTH);
        let most = (STRIP / (per_window * PAIR_WIDTH)).max(1);
        // Strips of about one size: the last is not to be a sliver.
        let step = pairs.div_ceil(pairs.div_ceil(most).max(1)).max(1) * PAIR_WIDTH;
        (0..count).step_by(step).map(move |start| start..(start + step).min(count))
    }

    /// The transposed weights times the gradient at the windows of a strip: `[C * elements, pairs, PAIR_WIDTH]`.
    fn returned(&self, strip: &Range<usize>, gradient: &[f32], count: usize) -> Buffer {
        let [depth, out] = self.layout.blocks.map(|blocks| blocks * BLOCK);
        let pairs = strip.len().div_ceil(PAIR_WIDTH);
        let mut values = Buffer::new(pairs * depth * PAIR_WIDTH);
        for_each_piece(
            &mut values,
            depth * PAIR_WIDTH,
            #[inline(always)]
            |pair, values, _| {
                let of = strip.start + pair * PAIR_WIDTH..(strip.start + (pair + 1) * PAIR_WIDTH).min(strip.end);
                let (values, rest) = values.split_at_mut(self.channels[0] * PAIR_WIDTH);
                for (values, plane) in values.chunks_exact_mut(PAIR_WIDTH).zip(gradient.chunks_exact(count)) {
                    values[..of.len()].copy_from_slice(&plane[of.clone()]);
                }
                rest.fill(0.0);
            },
        );
        let values: Vec<&[f32]> = values.chunks_exact(depth * PAIR_WIDTH).collect();
        let mut products = Buffer::new(out * pairs * PAIR_WIDTH);
        for_each_piece(
            &mut products,
            ROWS * BLOCK * pairs * PAIR_WIDTH,
            #[inline(always)]
            |piece, result, vectors| {
                let (weights, layout, places) = (&self.values, self.layout, strip.len());
                let first = piece * ROWS;
                Product { weights, layout, point: 0, transposed: true, pairs: &values, places, first, result }
                    .multiply(vectors);
            },
        );
        products
    }
}

/// Addition of what windows of a strip give back to the numbers that lie under them.
#[derive(Clone, Copy)]
struct Add<'a> {
    windows: Windows,
    /// Windows along each axis of a plane, and its size.
    count: [usize; 2],
    size: [usize; 2],
    strip: &'a Range<usize>,
}

impl Add<'_> {
    /// Adds what one element of the kernel gives at each window to a plane.
    #[inline(always)]
    fn element(&self, plane: &mut [f32], element: usize, products: &[f32]) {
        let Self { windows, count: [rows, columns], size: [height, width], strip } = *self;
        let [i, j] = [element / windows.kernel[1], element % windows.kernel[1]];
        let on = windows.inside(1, j, columns, width);
        for row in windows.inside(0, i, rows, height) {
            let y = row * windows.stride[0] + i * windows.dilation[0] - windows.padding.top;
            let start = on.start.max(strip.start.saturating_sub(row * columns));
            let end = on.end.min(strip.end.saturating_sub(row * columns));
            if start >= end {
                continue;
            }
            let at = start * windows.stride[1] + j * windows.dilation[1] - windows.padding.left;
            let product = &products[row * columns + start - strip.start..][..end - start];
            if windows.stride[1] == 1 {
                let line = &mut plane[y * width + at..][..end - start];
                line.iter_mut().zip(product).for_each(|(x, &product)| *x += product);
            } else {
                let line = plane[y * width + at..].iter_mut().step_by(windows.stride[1]);
                line.zip(product).for_each(|(x, &product)| *x += product);
            }
        }
    }
}

/// Planes `[N, channels, height, width]` and the windows on them.
struct Planes<'a> {
    numbers: &'a [f32],
    channels: usize,
    size: [usize; 2],
    windows: Windows,
    count: [usize; 2],
}

/// Numbers of a line, under one element of the kernel of windows side by side.
struct Span {
    element: usize,
    /// Index of the first window, and how many there are.
    lane: usize,
    count: usize,
    /// Index on the plane of the first number.
    place: usize,
}

impl Planes<'_> {
    /// The numbers under the windows of one sample from `first` on, `[depth, PAIR_WIDTH]`.
    #[inline(always)]
    fn gather(&self, sample: usize, first: usize, values: &mut [f32]) {
        let area = self.size[0] * self.size[1];
        let elements = self.windows.kernel[0] * self.windows.kernel[1];
        let spans = self.spans(first);
        // Only where windows hang over the edge something is not covered by a span.
        let whole = spans.iter().map(|span| span.count).sum::<usize>() == elements * PAIR_WIDTH;
        let (values, rest) = values.split_at_mut(self.channels * elements * PAIR_WIDTH);
        rest.fill(0.0);
        let planes = self.numbers[sample * self.channels * area..].chunks_exact(area);
        for (values, plane) in values.chunks_exact_mut(elements * PAIR_WIDTH).zip(planes) {
            if !whole {
                values.fill(0.0);
            }
            for &Span { element, lane, count, place } in &spans {
                let values = &mut values[element * PAIR_WIDTH + lane..][..count];
                match self.windows.stride[1] {
                    1 => values.copy_from_slice(&plane[place..place + count]),
                    2 => every_second(values, &plane[place..place + 2 * count - 1]),
                    stride => values
                        .iter_mut()
                        .zip(plane[place..].iter().step_by(stride))
                        .for_each(|(value, &number)| *value = number),
                }
            }
        }
    }

    /// Spans of the windows from `first` on.
    fn spans(&self, first: usize) -> Vec<Span> {
        let Self { windows, count: [rows, columns], size: [height, width], .. } = *self;
        let end = (first + PAIR_WIDTH).min(rows * columns);
        let mut spans = vec![];
        for element in 0..windows.kernel[0] * windows.kernel[1] {
            let [i, j] = [element / windows.kernel[1], element % windows.kernel[1]];
            let on = windows.inside(1, j, columns, width);
            let lines = windows.inside(0, i, rows, height);
            for row in lines.start.max(first / columns)..lines.end.min(end.div_ceil(columns)) {
                let start = on.start.max(first.saturating_sub(row * columns));
                let stop = on.end.min(end - row * columns);
                if start < stop {
                    let y = row * windows.stride[0] + i * windows.dilation[0] - windows.padding.top;
                    let x = start * windows.stride[1] + j * windows.dilation[1] - windows.padding.left;
                    let (lane, count) = (row * columns + start - first, stop - start);
                    spans.push(Span { element, lane, count, place: y * width + x });
                }
            }
        }
        spans
    }
}

/// Copies every second number, the first and the last among them.
#[inline(always)]
fn every_second(values: &mut [f32], numbers: &[f32]) {
    let (pairs, last) = numbers.as_chunks::<2>();
    values.iter_mut().zip(pairs).for_each(|(value, pair)| *value = pair[0]);
    if let (Some(value), &[number]) = (values.last_mut(), last) {
        *value = number;
    }
}
