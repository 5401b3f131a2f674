//! 3 x 3 convolutions of stride 1, and their pullbacks, as products of matrices by Winograd's tiles, in the CPU's memory.
//!
//! A strip of tiles at a time, so that what is between stays in the cache: the tiles' values at the points, one product of
//! matrices for each point, and from the products the outputs. The strip's buffers are
//! - values `[panels, points, C, 8]`, C rounded up to whole blocks,
//! - products `[points, K, panels, 8]`, K rounded up to whole blocks.

use burn::tensor::{Tensor, TensorData};

use super::lanes::{Lanes, WIDTH};
use super::product::{BLOCK, Layout, multiply};
use super::strip::{End, Input, InputGradient, Output, OutputGradient, Planes, Strip, overlap};
use super::tile::{Line, Square, Tile, on_both_axes};
use crate::nn::Padding;
use crate::nn::cpu::{Scratch, for_each_piece, lend, numbers};

/// A kernel's values at the points.
#[derive(Debug)]
pub(super) struct Weights {
    values: Vec<f32>,
    layout: Layout,
    channels: [usize; 2],
}

impl Weights {
    /// Of a kernel `[K, C, 3, 3]`.
    pub(super) fn new<T: Tile>(kernel: Tensor<4>) -> Self {
        let [out, into, ..] = kernel.dims();
        let kernel = kernel.into_data();
        let kernel = numbers(&kernel).as_chunks::<9>().0;
        let g: Vec<[f32; 3]> = T::weights().into_iter().map(|row| row.map(|factor| factor as f32)).collect();
        let along = |line: Line| -> Line {
            std::array::from_fn(|point| match g.get(point) {
                Some(row) => line[0] * row[0] + line[1] * row[1] + line[2] * row[2],
                None => Lanes::ZERO,
            })
        };
        let points = T::POINTS * T::POINTS;
        let layout = Layout::new(out, into);
        let row = layout.len() / layout.blocks[0];
        // All points of a row of blocks together, since they come of the same weights, and then each to its point.
        let mut by_row = vec![0.0; points * layout.len()];
        for_each_piece(
            &mut by_row,
            points * row,
            #[inline(always)]
            |index, values, _| {
                for start in (0..layout.blocks[1] * BLOCK * BLOCK).step_by(WIDTH) {
                    let mut square: Square = [[Lanes::ZERO; 6]; 6];
                    for lane in 0..WIDTH {
                        let (column, within) = ((start + lane) / (BLOCK * BLOCK), (start + lane) % (BLOCK * BLOCK));
                        let [from, to] = [column * BLOCK + within % BLOCK, index * BLOCK + within / BLOCK];
                        if from < into && to < out {
                            let weights = &kernel[to * into + from];
                            for place in 0..9 {
                                square[place / 3][place % 3].0[lane] = weights[place];
                            }
                        }
                    }
                    on_both_axes(along, &mut square, 3, T::POINTS);
                    for (point, values) in values.chunks_exact_mut(row).enumerate() {
                        let lanes = square[point / T::POINTS][point % T::POINTS];
                        values[start..start + WIDTH].copy_from_slice(&lanes.0);
                    }
                }
            },
        );
        let mut values = vec![0.0; by_row.len()];
        for_each_piece(&mut values, layout.len(), |point, values, _| {
            for (index, values) in values.chunks_exact_mut(row).enumerate() {
                values.copy_from_slice(&by_row[(index * points + point) * row..][..row]);
            }
        });
        Self { values, layout, channels: [out, into] }
    }

    /// The convolution of `[N, C, H, W]`, with its bias, and rectified if asked for.
    pub(super) fn forward<T: Tile>(
        &self,
        x: &mut Tensor<4>,
        bias: Option<Tensor<1>>,
        padding: Padding,
        rectify: bool,
    ) -> Tensor<4> {
        let [batch, _, height, width] = x.dims();
        let [out, into] = self.channels;
        let size = [height + padding.top + padding.bottom - 2, width + padding.left + padding.right - 2];
        let source = Planes { batch, channels: into, size: [height, width], before: [padding.top, padding.left] };
        let target = Planes { batch, channels: out, size, before: [0, 0] };
        let bias = bias.map(Tensor::into_data);
        let tiles = size.map(|length| length.div_ceil(T::OUT));
        let last = Last { bias: bias.as_ref().map(numbers), floor: if rectify { 0.0 } else { f32::NEG_INFINITY } };
        self.convolve::<T, Input<T>, Output<T>>(x, source, target, tiles, last, false)
    }

    /// The transposed map: from a gradient `[N, K, h, w]` at the output to one at the input of that size.
    pub(super) fn pullback<T: Tile>(&self, gradient: &mut Tensor<4>, size: [usize; 2], padding: Padding) -> Tensor<4> {
        let [batch, out, height, width] = gradient.dims();
        let source = Planes { batch, channels: out, size: [height, width], before: [0, 0] };
        let target = Planes { batch, channels: self.channels[1], size, before: [padding.top, padding.left] };
        let tiles = [height, width].map(|length| length.div_ceil(T::OUT));
        let last = Last { bias: None, floor: f32::NEG_INFINITY };
        self.convolve::<T, OutputGradient<T>, InputGradient<T>>(gradient, source, target, tiles, last, true)
    }

    /// The planes of `target`, which are the sum of what the tiles of `x`, the planes of `source`, give.
    fn convolve<T: Tile, S: End, E: End>(
        &self,
        x: &mut Tensor<4>,
        source: Planes,
        target: Planes,
        tiles: [usize; 2],
        last: Last,
        transposed: bool,
    ) -> Tensor<4> {
        let device = x.device();
        let x = lend(x);
        let mut sum = vec![0.0; target.len()];
        let points = T::POINTS * T::POINTS;
        let [into, out] = [source.channels, target.channels].map(|channels| channels.next_multiple_of(BLOCK));
        for strip in Strip::all(source.batch, tiles, points * (into + out)) {
            let panels = strip.panels();
            let mut values = Scratch::new(panels * points * into * WIDTH);
            for_each_piece(
                &mut values,
                points * into * WIDTH,
                #[inline(always)]
                |panel, values, _| read::<T, S>(values, strip.places(panel), source, &x),
            );
            let mut products = Scratch::new(points * out * panels * WIDTH);
            for_each_piece(
                &mut products,
                out * panels * WIDTH,
                #[inline(always)]
                |point, product, fused| {
                    let weights = &self.values[point * self.layout.len()..][..self.layout.len()];
                    let length = into * WIDTH;
                    let panels: Vec<&[f32]> = values.chunks_exact(length).skip(point).step_by(points).collect();
                    multiply(product, weights, self.layout, transposed, 0, &panels, fused);
                },
            );
            for_each_piece(
                &mut sum,
                target.size[0] * target.size[1],
                #[inline(always)]
                |plane, sum, _| write::<T, E>(sum, &strip, target, &products, plane, last),
            );
        }
        let shape = [target.batch, target.channels, target.size[0], target.size[1]];
        Tensor::from_data(TensorData::new(sum, shape), &device)
    }
}

/// What is done to the results of tiles that do not meet.
#[derive(Clone, Copy)]
struct Last<'a> {
    bias: Option<&'a [f32]>,
    /// No result is less.
    floor: f32,
}

/// The values `[points, C, 8]` of one panel, 0 in the channels that fill up the last block.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "the index is that of both sides")]
fn read<T: Tile, S: End>(
    values: &mut [f32],
    places: impl Iterator<Item = (usize, [usize; 2])>,
    planes: Planes,
    x: &[f32],
) {
    let [height, width] = planes.size;
    let mut corners = [None; WIDTH];
    for (corner, place) in corners.iter_mut().zip(places) {
        *corner = Some(place);
    }
    let length = values.len() / (T::POINTS * T::POINTS);
    for channel in 0..planes.channels {
        let mut square: Square = [[Lanes::ZERO; 6]; 6];
        for (lane, corner) in corners.iter().enumerate() {
            let Some((sample, [row, column])) = *corner else { continue };
            let plane = &x[(sample * planes.channels + channel) * height * width..][..height * width];
            let (top, bottom, y) = overlap(row * T::OUT, planes.before[0], S::REACH, height);
            let (left, right, x) = overlap(column * T::OUT, planes.before[1], S::REACH, width);
            if right - left == S::REACH {
                for row in top..bottom {
                    let line = &plane[(y + row - top) * width + x..][..S::REACH];
                    for column in 0..S::REACH {
                        square[row][column].0[lane] = line[column];
                    }
                }
            } else {
                for row in top..bottom {
                    let line = &plane[(y + row - top) * width + x..][..right - left];
                    for column in left..right {
                        square[row][column].0[lane] = line[column - left];
                    }
                }
            }
        }
        on_both_axes(S::map, &mut square, S::REACH, T::POINTS);
        for (row, line) in square[..T::POINTS].iter().enumerate() {
            for (column, lanes) in line[..T::POINTS].iter().enumerate() {
                let place = (row * T::POINTS + column) * length + channel * WIDTH;
                values[place..place + WIDTH].copy_from_slice(&lanes.0);
            }
        }
    }
    values.chunks_exact_mut(length).for_each(|values| values[planes.channels * WIDTH..].fill(0.0));
}

/// Adds what the products `[points, K, panels, 8]` of a strip give to one plane of the batch.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "the index is that of both sides")]
fn write<T: Tile, E: End>(sum: &mut [f32], strip: &Strip, planes: Planes, products: &[f32], plane: usize, last: Last) {
    let [height, width] = planes.size;
    let (sample, channel) = (plane / planes.channels, plane % planes.channels);
    let (panels, per_sample) = (strip.panels(), strip.tiles[0] * strip.tiles[1]);
    let length = products.len() / (T::POINTS * T::POINTS);
    let bias = last.bias.map_or(0.0, |bias| bias[channel]);
    let [first, end] = [sample, sample + 1]
        .map(|sample| (sample * per_sample).clamp(strip.range.start, strip.range.end) - strip.range.start);
    for panel in first / WIDTH..end.div_ceil(WIDTH) {
        let mut square: Square = [[Lanes::ZERO; 6]; 6];
        for (row, line) in square[..T::POINTS].iter_mut().enumerate() {
            for (column, lanes) in line[..T::POINTS].iter_mut().enumerate() {
                let place = (row * T::POINTS + column) * length + (channel * panels + panel) * WIDTH;
                lanes.0.copy_from_slice(&products[place..place + WIDTH]);
            }
        }
        on_both_axes(E::map, &mut square, T::POINTS, E::REACH);
        if E::APART {
            square[..E::REACH].iter_mut().for_each(|line| {
                line[..E::REACH].iter_mut().for_each(|lanes| *lanes = lanes.settled(bias, last.floor))
            });
        }
        for (lane, (of, [row, column])) in strip.places(panel).enumerate() {
            if of != sample {
                continue;
            }
            let (top, bottom, y) = overlap(row * T::OUT, planes.before[0], E::REACH, height);
            let (left, right, x) = overlap(column * T::OUT, planes.before[1], E::REACH, width);
            let add = |number: &mut f32, more: f32| *number = if E::APART { more } else { *number + more };
            if right - left == E::REACH {
                for row in top..bottom {
                    let line = &mut sum[(y + row - top) * width + x..][..E::REACH];
                    for column in 0..E::REACH {
                        add(&mut line[column], square[row][column].0[lane]);
                    }
                }
            } else {
                for row in top..bottom {
                    let line = &mut sum[(y + row - top) * width + x..][..right - left];
                    for column in left..right {
                        add(&mut line[column - left], square[row][column].0[lane]);
                    }
                }
            }
        }
    }
}
