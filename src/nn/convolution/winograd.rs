//! 3 x 3 convolutions of stride 1, and their pullbacks, as products of matrices by Winograd's tiles, in the CPU's memory.
//!
//! A strip of tiles at a time, so that what is between stays in the cache: the tiles' values at the points
//! `[C, points, tiles]`, one product of matrices for each point, and from the products the outputs.

use std::marker::PhantomData;
use std::ops::Range;

use burn::tensor::{Device, Tensor, TensorData};

use super::lanes::{Lanes, WIDTH, for_each_piece, load, store};
use super::tile::{Line, Square, Tile, on_both_axes};
use crate::nn::Padding;

/// Numbers that the values of a strip may be.
const STRIP: usize = 1 << 19;

/// One end of the product: planes `[N, channels, height, width]`, and how a tile meets them.
trait End: Sync {
    /// The numbers of a tile along an axis.
    const REACH: usize;
    /// From the tile's numbers to values at the points, or back.
    fn map(line: Line) -> Line;
}

/// The input of a convolution, read.
struct Input<T>(PhantomData<T>);
/// The output of a convolution, written.
struct Output<T>(PhantomData<T>);
/// The gradient at the output, read.
struct OutputGradient<T>(PhantomData<T>);
/// The gradient at the input, written.
struct InputGradient<T>(PhantomData<T>);

impl<T: Tile> End for Input<T> {
    const REACH: usize = T::POINTS;
    #[inline(always)]
    fn map(line: Line) -> Line {
        T::input(line)
    }
}

impl<T: Tile> End for Output<T> {
    const REACH: usize = T::OUT;
    #[inline(always)]
    fn map(line: Line) -> Line {
        T::output(line)
    }
}

impl<T: Tile> End for OutputGradient<T> {
    const REACH: usize = T::OUT;
    #[inline(always)]
    fn map(line: Line) -> Line {
        T::output_transposed(line)
    }
}

impl<T: Tile> End for InputGradient<T> {
    const REACH: usize = T::POINTS;
    #[inline(always)]
    fn map(line: Line) -> Line {
        T::input_transposed(line)
    }
}

/// Planes that tiles lie on.
#[derive(Clone, Copy)]
struct Planes {
    batch: usize,
    channels: usize,
    size: [usize; 2],
    /// Rows and columns of the first tile that lie before the plane.
    before: [usize; 2],
}

/// Some rows of tiles of a batch.
struct Strip {
    rows: Range<usize>,
    /// Tiles along each axis of one sample.
    tiles: [usize; 2],
}

impl Strip {
    /// All rows of tiles in strips of about [`STRIP`] numbers.
    fn all(batch: usize, tiles: [usize; 2], numbers_per_tile: usize) -> impl Iterator<Item = Self> {
        let rows = batch * tiles[0];
        let most = (STRIP / (numbers_per_tile * tiles[1]).max(1)).max(1);
        // Strips of about one size: the last is not to be a sliver.
        let step = rows.div_ceil(rows.div_ceil(most).max(1)).max(1);
        (0..rows).step_by(step).map(move |start| Self { rows: start..(start + step).min(rows), tiles })
    }

    const fn count(&self) -> usize {
        (self.rows.end - self.rows.start) * self.tiles[1]
    }

    /// Where a tile of the strip is: its sample, its row and its column.
    const fn place(&self, tile: usize) -> (usize, [usize; 2]) {
        let row = self.rows.start + tile / self.tiles[1];
        (row / self.tiles[0], [row % self.tiles[0], tile % self.tiles[1]])
    }

    /// The tiles of the strip that belong to a sample.
    fn of_sample(&self, sample: usize) -> Range<usize> {
        let within = |row: usize| row.clamp(self.rows.start, self.rows.end) - self.rows.start;
        within(sample * self.tiles[0]) * self.tiles[1]..within((sample + 1) * self.tiles[0]) * self.tiles[1]
    }
}

/// The weights' values `[points, K, C]` of a kernel `[K, C, 3, 3]`.
pub(super) fn weights<T: Tile>(kernel: Tensor<4>) -> Tensor<3> {
    let [out, into, ..] = kernel.dims();
    let device = kernel.device();
    let kernel = numbers(kernel);
    let (g, points) = (T::weights(), T::POINTS);
    let mut values = vec![0.0; points * points * out * into];
    for_each_piece(&mut values, out * into, |point, piece| {
        let (row, column) = (g[point / points], g[point % points]);
        let factors: [f32; 9] = std::array::from_fn(|index| (row[index / 3] * column[index % 3]) as f32);
        for (value, weights) in piece.iter_mut().zip(kernel.chunks_exact(9)) {
            *value = weights.iter().zip(&factors).map(|(weight, factor)| weight * factor).sum();
        }
    });
    Tensor::from_data(TensorData::new(values, [points * points, out, into]), &device)
}

/// The convolution of `[N, C, H, W]`, with its bias, and rectified if asked for.
pub(super) fn forward<T: Tile>(
    x: Tensor<4>,
    weights: &Tensor<3>,
    bias: Option<Tensor<1>>,
    padding: Padding,
    rectify: bool,
) -> Tensor<4> {
    let [batch, into, height, width] = x.dims();
    let out = weights.dims()[1];
    let size = [height + padding.top + padding.bottom - 2, width + padding.left + padding.right - 2];
    let source = Planes { batch, channels: into, size: [height, width], before: [padding.top, padding.left] };
    let target = Planes { batch, channels: out, size, before: [0, 0] };
    let mut y = vec![0.0; batch * out * size[0] * size[1]];
    if let Some(bias) = bias {
        let bias = numbers(bias);
        y.chunks_exact_mut(size[0] * size[1]).zip(bias.iter().cycle()).for_each(|(plane, &bias)| plane.fill(bias));
    }
    let tiles = size.map(|length| length.div_ceil(T::OUT));
    let y = convolve::<T, Input<T>, Output<T>>(x, source, weights.clone(), y, target, tiles, rectify);
    y
}

/// The transposed map: from a gradient `[N, K, height, width]` at the output to one at the input of size `size`.
pub(super) fn pullback<T: Tile>(gradient: Tensor<4>, weights: &Tensor<3>, size: [usize; 2], padding: Padding) -> Tensor<4> {
    let [batch, out, height, width] = gradient.dims();
    let into = weights.dims()[2];
    let source = Planes { batch, channels: out, size: [height, width], before: [0, 0] };
    let target = Planes { batch, channels: into, size, before: [padding.top, padding.left] };
    let x = vec![0.0; batch * into * size[0] * size[1]];
    let tiles = [height, width].map(|length| length.div_ceil(T::OUT));
    let weights = weights.clone().swap_dims(1, 2);
    convolve::<T, OutputGradient<T>, InputGradient<T>>(gradient, source, weights, x, target, tiles, false)
}

/// Adds to `sum` (the planes of `target`) what the tiles of `x` (those of `source`) give.
fn convolve<T: Tile, S: End, E: End>(
    x: Tensor<4>,
    source: Planes,
    weights: Tensor<3>,
    mut sum: Vec<f32>,
    target: Planes,
    tiles: [usize; 2],
    rectify: bool,
) -> Tensor<4> {
    let device = x.device();
    let x = numbers(x);
    let points = T::POINTS * T::POINTS;
    for strip in Strip::all(source.batch, tiles, points * source.channels.max(target.channels)) {
        let count = strip.count();
        let mut values = vec![0.0; source.channels * points * count];
        for_each_piece(&mut values, points * count, |channel, values| {
            read::<T, S>(values, &strip, source, &x, channel);
        });
        let product = multiply(weights.clone(), values, [source.channels, points, count], &device);
        for_each_piece(&mut sum, target.size[0] * target.size[1], |index, plane| {
            let (sample, channel) = (index / target.channels, index % target.channels);
            write::<T, E>(plane, &strip, target, &product, sample, channel);
            if rectify && !strip.of_sample(sample).is_empty() {
                let rows = strip.of_sample(sample);
                let first = strip.place(rows.start).1[0] * T::OUT;
                let end = ((strip.place(rows.end - 1).1[0] + 1) * T::OUT).min(target.size[0]);
                plane[first * target.size[1]..end * target.size[1]].iter_mut().for_each(|number| *number = number.max(0.0));
            }
        });
    }
    let shape = [target.batch, target.channels, target.size[0], target.size[1]];
    Tensor::from_data(TensorData::new(sum, shape), &device)
}

/// One product of matrices for each point: `[points, K, C]` times values `[C, points, tiles]` is `[points, K, tiles]`.
fn multiply(weights: Tensor<3>, values: Vec<f32>, shape: [usize; 3], device: &Device) -> Vec<f32> {
    let values = Tensor::<3>::from_data(TensorData::new(values, shape), device).swap_dims(0, 1);
    numbers(weights.matmul(values))
}

/// The numbers of a tensor that lies in the CPU's memory.
fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap_or_else(|error| unreachable!("activations are float32: {error:?}"))
}

/// The values `[points, tiles]` of one channel of a strip.
#[inline(always)]
fn read<T: Tile, S: End>(values: &mut [f32], strip: &Strip, planes: Planes, x: &[f32], channel: usize) {
    let count = strip.count();
    let [height, width] = planes.size;
    for start in (0..count).step_by(WIDTH) {
        let lanes = WIDTH.min(count - start);
        let mut square: Square = [[Lanes::ZERO; 6]; 6];
        for lane in 0..lanes {
            let (sample, tile) = strip.place(start + lane);
            let plane = &x[(sample * planes.channels + channel) * height * width..][..height * width];
            let [top, left] = tile.map(|index| index * T::OUT);
            let [above, before] = planes.before;
            if top >= above && left >= before && top - above + S::REACH <= height && left - before + S::REACH <= width {
                for row in 0..S::REACH {
                    let line = &plane[(top - above + row) * width + left - before..][..S::REACH];
                    for column in 0..S::REACH {
                        square[row][column].0[lane] = line[column];
                    }
                }
                continue;
            }
            for row in 0..S::REACH {
                let Some(y) = (top + row).checked_sub(above).filter(|&y| y < height) else { continue };
                for column in 0..S::REACH {
                    let Some(x) = (left + column).checked_sub(before).filter(|&x| x < width) else { continue };
                    square[row][column].0[lane] = plane[y * width + x];
                }
            }
        }
        on_both_axes(S::map, &mut square, S::REACH, T::POINTS);
        for row in 0..T::POINTS {
            for column in 0..T::POINTS {
                let place = (row * T::POINTS + column) * count + start;
                store(&mut values[place..place + lanes], square[row][column]);
            }
        }
    }
}

/// Adds what the products `[points, channels, tiles]` of a strip give to one plane.
#[inline(always)]
fn write<T: Tile, E: End>(
    plane: &mut [f32],
    strip: &Strip,
    planes: Planes,
    product: &[f32],
    sample: usize,
    channel: usize,
) {
    let count = strip.count();
    let [height, width] = planes.size;
    let tiles = strip.of_sample(sample);
    for start in tiles.clone().step_by(WIDTH) {
        let lanes = WIDTH.min(tiles.end - start);
        let mut square: Square = [[Lanes::ZERO; 6]; 6];
        for row in 0..T::POINTS {
            for column in 0..T::POINTS {
                let place = ((row * T::POINTS + column) * planes.channels + channel) * count + start;
                square[row][column] = load(&product[place..place + lanes]);
            }
        }
        on_both_axes(E::map, &mut square, T::POINTS, E::REACH);
        for lane in 0..lanes {
            let [top, left] = strip.place(start + lane).1.map(|index| index * T::OUT);
            let [above, before] = planes.before;
            if top >= above && left >= before && top - above + E::REACH <= height && left - before + E::REACH <= width {
                for row in 0..E::REACH {
                    let line = &mut plane[(top - above + row) * width + left - before..][..E::REACH];
                    for column in 0..E::REACH {
                        line[column] += square[row][column].0[lane];
                    }
                }
                continue;
            }
            for row in 0..E::REACH {
                let Some(y) = (top + row).checked_sub(above).filter(|&y| y < height) else { continue };
                for column in 0..E::REACH {
                    let Some(x) = (left + column).checked_sub(before).filter(|&x| x < width) else { continue };
                    plane[y * width + x] += square[row][column].0[lane];
                }
            }
        }
    }
}
