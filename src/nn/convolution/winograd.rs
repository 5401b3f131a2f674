//! 3 x 3 convolutions of stride 1, and their pullbacks, by Winograd's minimal filtering in the CPU's memory (U, V and M of Lavin and
//! Gray 2015, <https://arxiv.org/abs/1509.09308>).
//!
//! Each core makes a share of the output from beginning to end: a strip of tiles, or where the weights are larger than what is made
//! of the tiles, some of the channels. It has buffers of
//! - transformed input V `[pairs, points, C, PAIR_WIDTH]`, C rounded up to whole blocks,
//! - products M `[points, K, pairs, PAIR_WIDTH]`, K rounded up to whole blocks.
//!
//! In both a point takes a line of the cache more than it needs, or all points of a tile would fall into the same few places of the cache.

use std::marker::PhantomData;

use burn::tensor::Tensor;

use super::kernel::Weights;
use super::lanes::WIDTH;
use super::product::{BLOCK, PAIR_WIDTH, Product};
use super::share::{Share, deal};
use super::source::Source;
use super::strip::{Input, InputGradient, Output, OutputGradient, Planes, Strip, TransformSide};
use super::target::{Epilogue, Target};
use super::tile::Tile;
use crate::nn::Padding;
use crate::nn::bounds::Bounds;
use crate::nn::cpu::{Vectors, for_each_piece, lend, numbers, workers};
use crate::nn::memory::Buffer;

/// Numbers between input and output of a strip: as many as there are weights, for each strip reads these anew, but in these bounds,
/// 2 and 8 MiB.
const STRIP: (usize, usize) = (1 << 17, 1 << 21);

impl Weights {
    /// The convolution of `[N, C, H, W]`, with its bias, kept within bounds.
    pub(super) fn forward_by_tiles<T: Tile>(
        &self,
        x: &mut Tensor<4>,
        bias: Option<Tensor<1>>,
        padding: Padding,
        bounds: Bounds,
    ) -> Tensor<4> {
        let [batch, _, height, width] = x.dims();
        let [out, into] = self.channels;
        let size = [height + padding.top + padding.bottom - 2, width + padding.left + padding.right - 2];
        let source = Planes { batch, channels: into, size: [height, width], before: [padding.top, padding.left] };
        let target = Planes { batch, channels: out, size, before: [0, 0] };
        let bias = bias.map(Tensor::into_data);
        let tiles = size.map(|length| length.div_ceil(T::OUT));
        let epilogue = Epilogue { bias: bias.as_ref().map(numbers), bounds };
        self.convolve::<T, Input<T>, Output<T>>(x, source, target, tiles, epilogue, false)
    }

    /// The transposed map: from a gradient `[N, K, h, w]` at the output to one at the input of that size.
    pub(super) fn pullback_by_tiles<T: Tile>(
        &self,
        gradient: &mut Tensor<4>,
        size: [usize; 2],
        padding: Padding,
    ) -> Tensor<4> {
        let [batch, out, height, width] = gradient.dims();
        let source = Planes { batch, channels: out, size: [height, width], before: [0, 0] };
        let target = Planes { batch, channels: self.channels[1], size, before: [padding.top, padding.left] };
        let tiles = [height, width].map(|length| length.div_ceil(T::OUT));
        let epilogue = Epilogue { bias: None, bounds: Bounds::NONE };
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
        let [height, width] = target.size;
        let mut sum = if E::DISJOINT { Buffer::new(target.len()) } else { Buffer::zeroed(target.len()) };
        let (strips, step) = self.parts(source.channels, target, tiles, T::POINTS * T::POINTS);
        let on = |strip: &Strip, sample: usize| {
            strip.lines(sample, T::OUT, target).map(|lines| lines.start * width..lines.end * width)
        };
        // Numbers of a plane that a strip's tiles reach beyond it.
        let reach = (E::TILE_EXTENT - T::OUT) * width;
        let shares = deal(&mut sum, target.channels, height * width, &strips, step, on);
        let mut shares: Vec<(Share<Strip>, Vec<f32>)> = shares.into_iter().map(|share| (share, vec![])).collect();
        for_each_piece(
            &mut shares,
            1,
            #[inline(always)]
            |_, shares, vectors| {
                for (share, beyond) in shares {
                    let values = transformed::<T, S>(&x, source, &share.part, vectors);
                    let products = self.products(&values, source.channels, share, transposed, vectors);
                    beyond.resize(share.channels.len() * reach, 0.0);
                    put::<T, E>(&products, share, beyond, target, epilogue, vectors);
                }
            },
        );
        let left: Vec<_> = shares.into_iter().map(|(share, beyond)| (share.part, share.channels, beyond)).collect();
        for (strip, channels, beyond) in left.into_iter().filter(|_| reach > 0) {
            let sample = strip.last_sample();
            let end = on(&strip, sample).map_or(0, |own| own.end);
            for (channel, beyond) in channels.zip(beyond.chunks_exact(reach)) {
                let plane = &mut sum[(sample * target.channels + channel) * height * width..][end..height * width];
                plane.iter_mut().zip(beyond).for_each(|(number, &more)| *number += more);
            }
        }
        sum.into_tensor([target.batch, target.channels, height, width], &device)
    }

    /// Strips of tiles and how many channels of the output make a share.
    fn parts(&self, channels: usize, target: Planes, tiles: [usize; 2], points: usize) -> (Vec<Strip>, usize) {
        let rows = target.batch * tiles[0];
        let between = rows * tiles[1] * points * (channels + target.channels);
        if between < self.values.len() {
            let step = target.channels.div_ceil(workers()).next_multiple_of(2 * BLOCK);
            return (Strip::all(target.batch, tiles, 1), step);
        }
        let count = between.div_ceil(self.values.len().clamp(STRIP.0, STRIP.1)).next_multiple_of(workers());
        (Strip::all(target.batch, tiles, count.min(rows)), target.channels)
    }

    /// Products M of the channels of a share.
    #[inline(always)]
    fn products(
        &self,
        values: &[f32],
        channels: usize,
        share: &Share<Strip>,
        transposed: bool,
        vectors: Vectors,
    ) -> Buffer {
        let points = self.layout.points;
        let [into, out] = [channels, share.channels.len()].map(|channels| channels.next_multiple_of(BLOCK));
        let (length, point) = (into * PAIR_WIDTH + WIDTH, out * share.part.pairs() * PAIR_WIDTH);
        let mut products = Buffer::new(points * (point + WIDTH));
        for (index, products) in products.chunks_exact_mut(point + WIDTH).enumerate() {
            let values = values.chunks_exact(length).skip(index).step_by(points);
            let pairs: Vec<&[f32]> = values.map(|values| &values[..into * PAIR_WIDTH]).collect();
            let product = Product {
                weights: &self.values,
                layout: self.layout,
                point: index,
                transposed,
                pairs: &pairs,
                places: share.part.range.len(),
                first: share.channels.start / BLOCK,
                result: &mut products[..point],
            };
            product.multiply(vectors);
        }
        products
    }
}

/// Transformed input V of a strip.
#[inline(always)]
fn transformed<T: Tile, S: TransformSide>(x: &[f32], planes: Planes, strip: &Strip, vectors: Vectors) -> Buffer {
    let length = T::POINTS * T::POINTS * (planes.channels.next_multiple_of(BLOCK) * PAIR_WIDTH + WIDTH);
    let mut values = Buffer::new(strip.pairs() * length);
    for (pair, values) in values.chunks_exact_mut(length).enumerate() {
        vectors.run(Source { values, x, planes, strip, pair, side: PhantomData::<(T, S)> });
    }
    values
}

/// Puts what the products M give on the planes of a share.
#[inline(always)]
fn put<T: Tile, E: TransformSide>(
    products: &[f32],
    share: &mut Share<Strip>,
    beyond: &mut [f32],
    planes: Planes,
    epilogue: Epilogue,
    vectors: Vectors,
) {
    let Share { part: strip, channels, pieces } = share;
    let length = beyond.len() / channels.len();
    for piece in pieces {
        let (row, last) = (piece.channel - channels.start, piece.sample == strip.last_sample());
        vectors.run(Target {
            beyond: if last { &mut beyond[row * length..][..length] } else { &mut [] },
            piece,
            products,
            point: products.len() / (T::POINTS * T::POINTS),
            row,
            planes,
            strip,
            epilogue,
            side: PhantomData::<(T, E)>,
        });
    }
}
