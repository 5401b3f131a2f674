//! 3 x 3 convolutions of stride 1, and their pullbacks, by Winograd's minimal filtering in the CPU's memory (U, V and M of Lavin and
//! Gray 2015, <https://arxiv.org/abs/1509.09308>).
//!
//! A strip of tiles at a time, so that what is between stays in the cache: the input transform V, one product of matrices M = U V
//! for each point, and the output transform. The strip's buffers are
//! - transformed input V `[panels, points, C, WIDTH]`, C rounded up to whole blocks,
//! - products M `[points, K, panels, WIDTH]`, K rounded up to whole blocks.

use burn::tensor::{Tensor, TensorData};

use super::lanes::{LANES, Lanes, WIDTH};
use super::product::{BLOCK, Layout, multiply};
use super::strip::{Input, InputGradient, Output, OutputGradient, Planes, Strip, TransformSide, overlap};
use super::tile::{Tile, Tile1d, Tile2d, on_both_axes};
use crate::nn::Padding;
use crate::nn::cpu::{Scratch, for_each_piece, lend, numbers};

/// Transformed kernel U, `[points, K, C]` in the blocks of [`Layout`].
#[derive(Debug)]
pub(super) struct Weights {
    transformed: Vec<f32>,
    layout: Layout,
    channels: [usize; 2],
}

impl Weights {
    /// Weights of a kernel `[K, C, 3, 3]`.
    pub(super) fn new<T: Tile>(kernel: Tensor<4>) -> Self {
        let [out, into, ..] = kernel.dims();
        let kernel = kernel.into_data();
        let kernel = numbers(&kernel).as_chunks::<9>().0;
        let g: Vec<[f32; 3]> = T::weights().into_iter().map(|row| row.map(|factor| factor as f32)).collect();
        let along = |line: Tile1d| -> Tile1d {
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
            |index, transformed, _| {
                for start in (0..layout.blocks[1] * BLOCK * BLOCK).step_by(LANES) {
                    let mut tile: Tile2d = [[Lanes::ZERO; 6]; 6];
                    for lane in 0..LANES {
                        let (column, within) = ((start + lane) / (BLOCK * BLOCK), (start + lane) % (BLOCK * BLOCK));
                        let [from, to] = [column * BLOCK + within % BLOCK, index * BLOCK + within / BLOCK];
                        if from < into && to < out {
                            let weights = &kernel[to * into + from];
                            for place in 0..9 {
                                tile[place / 3][place % 3].0[lane] = weights[place];
                            }
                        }
                    }
                    on_both_axes(along, &mut tile, 3, T::POINTS);
                    for (point, transformed) in transformed.chunks_exact_mut(row).enumerate() {
                        let lanes = tile[point / T::POINTS][point % T::POINTS];
                        transformed[start..start + LANES].copy_from_slice(&lanes.0);
                    }
                }
            },
        );
        let mut transformed = vec![0.0; by_row.len()];
        for_each_piece(&mut transformed, layout.len(), |point, transformed, _| {
            for (index, transformed) in transformed.chunks_exact_mut(row).enumerate() {
                transformed.copy_from_slice(&by_row[(index * points + point) * row..][..row]);
            }
        });
        Self { transformed, layout, channels: [out, into] }
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
        let epilogue =
            Epilogue { bias: bias.as_ref().map(numbers), floor: if rectify { 0.0 } else { f32::NEG_INFINITY } };
        self.convolve::<T, Input<T>, Output<T>>(x, source, target, tiles, epilogue, false)
    }

    /// The transposed map: from a gradient `[N, K, h, w]` at the output to one at the input of that size.
    pub(super) fn pullback<T: Tile>(&self, gradient: &mut Tensor<4>, size: [usize; 2], padding: Padding) -> Tensor<4> {
        let [batch, out, height, width] = gradient.dims();
        let source = Planes { batch, channels: out, size: [height, width], before: [0, 0] };
        let target = Planes { batch, channels: self.channels[1], size, before: [padding.top, padding.left] };
        let tiles = [height, width].map(|length| length.div_ceil(T::OUT));
        let epilogue = Epilogue { bias: None, floor: f32::NEG_INFINITY };
        self.convolve::<T, OutputGradient<T>, InputGradient<T>>(gradient, source, target, tiles, epilogue, true)
    }

    /// The planes of `target`, which are the sum of what the tiles of `x`, the planes of `source`, give.
    fn convolve<T: Tile, S: TransformSide, E: TransformSide>(
        &self,
        x: &mut Tensor<4>,
        source: Planes,
        target: Planes,
        tiles: [usize; 2],
        epilogue: Epilogue,
        transposed: bool,
    ) -> Tensor<4> {
        let device = x.device();
        let x = lend(x);
        let mut sum = vec![0.0; target.len()];
        let points = T::POINTS * T::POINTS;
        let [into, out] = [source.channels, target.channels].map(|channels| channels.next_multiple_of(BLOCK));
        for strip in Strip::all(source.batch, tiles, points * (into + out)) {
            let panels = strip.panels();
            let mut transformed = Scratch::new(panels * points * into * WIDTH);
            for_each_piece(
                &mut transformed,
                points * into * WIDTH,
                #[inline(always)]
                |panel, transformed, _| input_transform::<T, S>(transformed, strip.places(panel), source, &x),
            );
            let mut products = Scratch::new(points * out * panels * WIDTH);
            for_each_piece(
                &mut products,
                out * panels * WIDTH,
                #[inline(always)]
                |point, product, vectors| {
                    let weights = &self.transformed[point * self.layout.len()..][..self.layout.len()];
                    let length = into * WIDTH;
                    let panels: Vec<&[f32]> = transformed.chunks_exact(length).skip(point).step_by(points).collect();
                    multiply(product, weights, self.layout, transposed, 0, &panels, vectors);
                },
            );
            for_each_piece(
                &mut sum,
                target.size[0] * target.size[1],
                #[inline(always)]
                |plane, sum, _| output_transform::<T, E>(sum, &strip, target, &products, plane, epilogue),
            );
        }
        let shape = [target.batch, target.channels, target.size[0], target.size[1]];
        Tensor::from_data(TensorData::new(sum, shape), &device)
    }
}

/// Bias and floor applied to the results of tiles that are disjoint.
#[derive(Clone, Copy)]
struct Epilogue<'a> {
    bias: Option<&'a [f32]>,
    /// Floor: no result is less.
    floor: f32,
}

/// Transformed input V `[points, C, WIDTH]` of one panel, 0 in the channels that fill up the last block.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "the index is that of both sides")]
fn input_transform<T: Tile, S: TransformSide>(
    transformed: &mut [f32],
    places: impl Iterator<Item = (usize, [usize; 2])>,
    planes: Planes,
    x: &[f32],
) {
    let [height, width] = planes.size;
    let mut corners = [None; WIDTH];
    for (corner, place) in corners.iter_mut().zip(places) {
        *corner = Some(place);
    }
    let length = transformed.len() / (T::POINTS * T::POINTS);
    for (channel, part) in (0..planes.channels).flat_map(|channel| (0..WIDTH / LANES).map(move |part| (channel, part)))
    {
        let mut tile: Tile2d = [[Lanes::ZERO; 6]; 6];
        for (lane, corner) in corners[part * LANES..][..LANES].iter().enumerate() {
            let Some((sample, [row, column])) = *corner else { continue };
            let plane = &x[(sample * planes.channels + channel) * height * width..][..height * width];
            let (top, bottom, y) = overlap(row * T::OUT, planes.before[0], S::TILE_EXTENT, height);
            let (left, right, x) = overlap(column * T::OUT, planes.before[1], S::TILE_EXTENT, width);
            if right - left == S::TILE_EXTENT {
                for row in top..bottom {
                    let line = &plane[(y + row - top) * width + x..][..S::TILE_EXTENT];
                    for column in 0..S::TILE_EXTENT {
                        tile[row][column].0[lane] = line[column];
                    }
                }
            } else {
                for row in top..bottom {
                    let line = &plane[(y + row - top) * width + x..][..right - left];
                    for column in left..right {
                        tile[row][column].0[lane] = line[column - left];
                    }
                }
            }
        }
        on_both_axes(S::map, &mut tile, S::TILE_EXTENT, T::POINTS);
        for (row, line) in tile[..T::POINTS].iter().enumerate() {
            for (column, lanes) in line[..T::POINTS].iter().enumerate() {
                let place = (row * T::POINTS + column) * length + channel * WIDTH + part * LANES;
                transformed[place..place + LANES].copy_from_slice(&lanes.0);
            }
        }
    }
    transformed.chunks_exact_mut(length).for_each(|transformed| transformed[planes.channels * WIDTH..].fill(0.0));
}

/// Output transform: adds what the products M `[points, K, panels, WIDTH]` of a strip give to one plane of the batch.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "the index is that of both sides")]
fn output_transform<T: Tile, E: TransformSide>(
    sum: &mut [f32],
    strip: &Strip,
    planes: Planes,
    products: &[f32],
    plane: usize,
    epilogue: Epilogue,
) {
    let [height, width] = planes.size;
    let (sample, channel) = (plane / planes.channels, plane % planes.channels);
    let (panels, per_sample) = (strip.panels(), strip.tiles[0] * strip.tiles[1]);
    let length = products.len() / (T::POINTS * T::POINTS);
    let bias = epilogue.bias.map_or(0.0, |bias| bias[channel]);
    let [first, end] = [sample, sample + 1]
        .map(|sample| (sample * per_sample).clamp(strip.range.start, strip.range.end) - strip.range.start);
    for part in first / LANES..end.div_ceil(LANES) {
        let (panel, lanes_before) = (part * LANES / WIDTH, part * LANES % WIDTH);
        let mut tile: Tile2d = [[Lanes::ZERO; 6]; 6];
        for (row, line) in tile[..T::POINTS].iter_mut().enumerate() {
            for (column, lanes) in line[..T::POINTS].iter_mut().enumerate() {
                let place = (row * T::POINTS + column) * length + (channel * panels + panel) * WIDTH + lanes_before;
                lanes.0.copy_from_slice(&products[place..place + LANES]);
            }
        }
        on_both_axes(E::map, &mut tile, T::POINTS, E::TILE_EXTENT);
        if E::DISJOINT {
            tile[..E::TILE_EXTENT].iter_mut().for_each(|line| {
                line[..E::TILE_EXTENT].iter_mut().for_each(|lanes| *lanes = lanes.bias_relu(bias, epilogue.floor))
            });
        }
        for (lane, (of, [row, column])) in strip.places(panel).skip(lanes_before).take(LANES).enumerate() {
            if of != sample {
                continue;
            }
            let (top, bottom, y) = overlap(row * T::OUT, planes.before[0], E::TILE_EXTENT, height);
            let (left, right, x) = overlap(column * T::OUT, planes.before[1], E::TILE_EXTENT, width);
            let add = |number: &mut f32, more: f32| *number = if E::DISJOINT { more } else { *number + more };
            if right - left == E::TILE_EXTENT {
                for row in top..bottom {
                    let line = &mut sum[(y + row - top) * width + x..][..E::TILE_EXTENT];
                    for column in 0..E::TILE_EXTENT {
                        add(&mut line[column], tile[row][column].0[lane]);
                    }
                }
            } else {
                for row in top..bottom {
                    let line = &mut sum[(y + row - top) * width + x..][..right - left];
                    for column in left..right {
                        add(&mut line[column - left], tile[row][column].0[lane]);
                    }
                }
            }
        }
    }
}
