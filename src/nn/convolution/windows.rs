//! Convolutions without groups that no other algorithm takes, and their pullback, as a product of matrices on the CPU: the numbers
//! under each window laid side by side (im2col; Chellapilla, Puri and Simard 2006), and in the pullback added back to where they
//! came from.
//!
//! A strip of windows at a time, as in [`super::winograd`]; the buffers are `[panels, depth, WIDTH]` and `[K, panels, WIDTH]`, where the
//! depth is `C * kernel height * kernel width`, rounded up to whole blocks.

use std::ops::Range;

use burn::tensor::{Tensor, TensorData};

use super::lanes::WIDTH;
use super::product::{BLOCK, Layout, multiply};
use crate::nn::Padding;
use crate::nn::cpu::{Scratch, for_each_piece, lend, numbers};

/// Floats that the buffers of a strip may have together: 1 MiB.
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
    fn inside(&self, axis: usize, element: usize, windows: usize, length: usize) -> Range<usize> {
        let before = [self.padding.top, self.padding.left][axis];
        let (offset, stride) = (element * self.dilation[axis], self.stride[axis]);
        let first = before.saturating_sub(offset).div_ceil(stride).min(windows);
        let end = (length + before).saturating_sub(offset).div_ceil(stride).min(windows);
        first..end.max(first)
    }

    /// Indices of the numbers under a window on a plane of that width, element by element of the kernel.
    fn places(&self, [row, column]: [usize; 2], [height, width]: [usize; 2]) -> impl Iterator<Item = Option<usize>> {
        let Self { kernel, stride, dilation, padding } = *self;
        (0..kernel[0] * kernel[1]).map(move |element| {
            let y = (row * stride[0] + element / kernel[1] * dilation[0]).checked_sub(padding.top)?;
            let x = (column * stride[1] + element % kernel[1] * dilation[1]).checked_sub(padding.left)?;
            (y < height && x < width).then_some(y * width + x)
        })
    }
}

/// A kernel in blocks.
#[derive(Debug)]
pub(super) struct Weights {
    pub(super) values: Vec<f32>,
    pub(super) layout: Layout,
    pub(super) channels: [usize; 2],
}

impl Weights {
    /// Weights of a kernel `[K, C, height, width]`.
    pub(super) fn new(kernel: Tensor<4>) -> Self {
        let [out, into, height, width] = kernel.dims();
        let kernel = kernel.into_data();
        let layout = Layout::new(out, into * height * width);
        let mut values = vec![0.0; layout.len()];
        for (row, weights) in numbers(&kernel).chunks_exact(into * height * width).enumerate() {
            for (column, &weight) in weights.iter().enumerate() {
                values[layout.place(row, column)] = weight;
            }
        }
        Self { values, layout, channels: [out, into] }
    }

    /// The convolution of `[N, C, H, W]`, with its bias, and rectified if asked for.
    pub(super) fn forward(
        &self,
        x: &mut Tensor<4>,
        bias: Option<Tensor<1>>,
        windows: Windows,
        rectify: bool,
    ) -> Tensor<4> {
        let [batch, into, height, width] = x.dims();
        let out = self.channels[0];
        let device = x.device();
        let [rows, columns] = windows.count([height, width]);
        let count = rows * columns;
        let bias = bias.map(Tensor::into_data);
        let bias = bias.as_ref().map(numbers);
        let x = lend(x);
        let mut y = vec![0.0; batch * out * count];
        let planes = Planes { numbers: &x, channels: into, size: [height, width], windows, count: [rows, columns] };
        for strip in self.strips(batch * count) {
            let products = self.products(&strip, &planes, false);
            let length = strip.len().next_multiple_of(WIDTH);
            for_each_piece(
                &mut y,
                count,
                #[inline(always)]
                |plane, y, _| {
                    let (sample, channel) = (plane / out, plane % out);
                    let of = within(&strip, sample, count);
                    if of.is_empty() {
                        return;
                    }
                    let product = &products[channel * length + sample * count + of.start - strip.start..];
                    let bias = bias.map_or(0.0, |bias| bias[channel]);
                    let floor = if rectify { 0.0 } else { f32::NEG_INFINITY };
                    for (y, &product) in y[of].iter_mut().zip(product) {
                        let sum = product + bias;
                        // Not `max`, which would replace NaN by the floor.
                        *y = if sum < floor { floor } else { sum };
                    }
                },
            );
        }
        Tensor::from_data(TensorData::new(y, [batch, out, rows, columns]), &device)
    }

    /// The transposed map: from a gradient `[N, K, h, w]` at the output to one at the input of that size.
    pub(super) fn pullback(
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
        let point = Windows { kernel: [1, 1], stride: [1, 1], dilation: [1, 1], padding: Padding::default() };
        let [kernel_height, kernel_width] = windows.kernel;
        let mut x = vec![0.0; batch * into * height * width];
        let size = [rows, columns];
        let planes = Planes { numbers: &gradient, channels: out, size, windows: point, count: size };
        for strip in self.strips(batch * count) {
            let products = self.products(&strip, &planes, true);
            let length = strip.len().next_multiple_of(WIDTH);
            for_each_piece(
                &mut x,
                height * width,
                #[inline(always)]
                |plane, x, _| {
                    let (sample, channel) = (plane / into, plane % into);
                    let of = within(&strip, sample, count);
                    if of.is_empty() {
                        return;
                    }
                    for element in 0..kernel_height * kernel_width {
                        let depth = channel * kernel_height * kernel_width + element;
                        let product = &products[depth * length + sample * count + of.start - strip.start..];
                        let [i, j] = [element / kernel_width, element % kernel_width];
                        let on = windows.inside(1, j, columns, width);
                        for row in windows.inside(0, i, rows, height) {
                            let y = row * windows.stride[0] + i * windows.dilation[0] - windows.padding.top;
                            let start = on.start.max(of.start.saturating_sub(row * columns));
                            let end = on.end.min(of.end.saturating_sub(row * columns));
                            if start >= end {
                                continue;
                            }
                            let at = start * windows.stride[1] + j * windows.dilation[1] - windows.padding.left;
                            let product = &product[row * columns + start - of.start..][..end - start];
                            if windows.stride[1] == 1 {
                                let line = &mut x[y * width + at..][..end - start];
                                line.iter_mut().zip(product).for_each(|(x, &product)| *x += product);
                            } else {
                                let line = x[y * width + at..].iter_mut().step_by(windows.stride[1]);
                                line.zip(product).for_each(|(x, &product)| *x += product);
                            }
                        }
                    }
                },
            );
        }
        Tensor::from_data(TensorData::new(x, [batch, into, height, width]), &device)
    }

    /// `count` windows in strips of whole panels, of about [`STRIP`] numbers.
    fn strips(&self, count: usize) -> impl Iterator<Item = Range<usize>> {
        let per_window = (self.layout.blocks[0] + self.layout.blocks[1]) * BLOCK;
        let panels = count.div_ceil(WIDTH);
        let most = (STRIP / (per_window * WIDTH)).max(1);
        // Strips of about one size: the last is not to be a sliver.
        let step = panels.div_ceil(panels.div_ceil(most).max(1)).max(1) * WIDTH;
        (0..count).step_by(step).map(move |start| start..(start + step).min(count))
    }

    /// The weights (transposed if asked for) times the numbers under the windows of a strip: `[rows, panels, WIDTH]`.
    fn products(&self, strip: &Range<usize>, planes: &Planes, transposed: bool) -> Scratch {
        let [mut out, mut depth] = self.layout.blocks.map(|blocks| blocks * BLOCK);
        if transposed {
            std::mem::swap(&mut out, &mut depth);
        }
        let panels = strip.len().div_ceil(WIDTH);
        let mut values = Scratch::new(panels * depth * WIDTH);
        for_each_piece(
            &mut values,
            depth * WIDTH,
            #[inline(always)]
            |panel, values, _| planes.gather(values, strip.clone().skip(panel * WIDTH).take(WIDTH)),
        );
        let values: Vec<&[f32]> = values.chunks_exact(depth * WIDTH).collect();
        let mut products = Scratch::new(out * panels * WIDTH);
        for_each_piece(
            &mut products,
            ROWS * BLOCK * panels * WIDTH,
            #[inline(always)]
            |piece, products, vectors| {
                multiply(products, &self.values, self.layout, transposed, piece * ROWS, &values, vectors);
            },
        );
        products
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

impl Planes<'_> {
    /// The numbers under the windows of one panel, `[depth, WIDTH]`.
    #[inline(always)]
    fn gather(&self, values: &mut [f32], panel: impl Iterator<Item = usize>) {
        let [rows, columns] = self.count;
        let area = self.size[0] * self.size[1];
        let elements = self.windows.kernel[0] * self.windows.kernel[1];
        // A place that is none on any plane reads as the zero that padding is.
        let mut places = vec![[usize::MAX / 2; WIDTH]; elements];
        for (lane, window) in panel.enumerate() {
            let (sample, row, column) = (window / (rows * columns), window / columns % rows, window % columns);
            let found = self.windows.places([row, column], self.size);
            for (places, found) in places.iter_mut().zip(found) {
                if let Some(place) = found {
                    places[lane] = sample * self.channels * area + place;
                }
            }
        }
        // Most windows lie side by side, and so do the numbers under them.
        let in_line: Vec<bool> =
            places.iter().map(|places| (1..WIDTH).all(|lane| places[lane] == places[0] + lane)).collect();
        let (values, _) = values.as_chunks_mut::<WIDTH>();
        let (values, rest) = values.split_at_mut(self.channels * elements);
        rest.fill([0.0; WIDTH]);
        for (channel, values) in values.chunks_exact_mut(elements).enumerate() {
            for ((values, places), &in_line) in values.iter_mut().zip(&places).zip(&in_line) {
                if in_line {
                    values.copy_from_slice(&self.numbers[places[0] + channel * area..][..WIDTH]);
                    continue;
                }
                for lane in 0..WIDTH {
                    values[lane] = self.numbers.get(places[lane] + channel * area).copied().unwrap_or(0.0);
                }
            }
        }
    }
}

/// The windows of a strip that belong to a sample of `count` windows, counted within it.
fn within(strip: &Range<usize>, sample: usize, count: usize) -> Range<usize> {
    let start = sample * count;
    strip.start.clamp(start, start + count) - start..strip.end.clamp(start, start + count) - start
}
