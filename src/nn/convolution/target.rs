//! The output of Winograd's convolutions, from the products M to planes as they lie: what [`source`](super::source) does, backward.

use std::marker::PhantomData;

use pulp::Simd;

use super::lanes::{Lanes, WIDTH};
use super::product::PAIR_WIDTH;
use super::share::Piece;
use super::source::LINE;
use super::strip::{Planes, Run, Strip, TransformSide, overlap};
use super::tile::{Tile, Tile1d, Tile2d};
use crate::nn::bounds::Bounds;
use crate::nn::cpu::Vectorized;

/// Bias and bounds applied to the results of tiles that are disjoint.
#[derive(Clone, Copy)]
pub(super) struct Epilogue<'a> {
    pub(super) bias: Option<&'a [f32]>,
    pub(super) bounds: Bounds,
}

/// Piece of a plane, to which the products M `[points, K, pairs, PAIR_WIDTH]` of a strip are added, or where they are put if no tiles
/// overlap.
pub(super) struct Target<'a, 'b, T, S> {
    pub(super) piece: &'a mut Piece<'b>,
    /// Lines behind the piece's, which belong to the next strip.
    pub(super) beyond: &'a mut [f32],
    pub(super) products: &'a [f32],
    /// Numbers from one point to the next, and the channel's row among the products.
    pub(super) point: usize,
    pub(super) row: usize,
    pub(super) planes: Planes,
    pub(super) strip: &'a Strip,
    pub(super) epilogue: Epilogue<'a>,
    pub(super) side: PhantomData<(T, S)>,
}

/// Lines of a pair of panels.
type Lines = [[f32; LINE]; 6];

impl<T: Tile, Side: TransformSide> Vectorized for Target<'_, '_, T, Side> {
    #[inline(always)]
    fn run<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize, const ROWS: usize>(self, simd: S) {
        let Self { piece, beyond, products, point, row, planes, strip, epilogue, .. } = self;
        let pairs = strip.pairs();
        let bias = simd.splat_f32s(epilogue.bias.map_or(0.0, |bias| bias[piece.channel]));
        let sample = piece.sample;
        let per_sample = strip.tiles[0] * strip.tiles[1];
        let [first, end] = [sample, sample + 1]
            .map(|sample| (sample * per_sample).clamp(strip.range.start, strip.range.end) - strip.range.start);
        let [mut own, mut next]: [Lines; 2] = [[[0.0; LINE]; 6]; 2];
        for pair in first / PAIR_WIDTH..end.div_ceil(PAIR_WIDTH) {
            let filled = (strip.range.len() - pair * PAIR_WIDTH).min(PAIR_WIDTH).next_multiple_of(WIDTH);
            for place in (0..filled).step_by(S::F32_LANES) {
                let tile = tile::<S, T, Side>(simd, products, point, (row * pairs + pair) * PAIR_WIDTH + place);
                for (line, columns) in tile[..Side::TILE_EXTENT].iter().enumerate() {
                    let mut columns = Side::map(*columns);
                    if Side::DISJOINT {
                        for lanes in &mut columns[..T::OUT] {
                            lanes.1 = epilogue.bounds.keep_all(simd, simd.add_f32s(lanes.1, bias));
                        }
                    } else {
                        // What the tile gives its neighbour.
                        let mut shared = [Lanes::zero(simd); 4];
                        let both = Side::TILE_EXTENT - T::OUT;
                        shared[..both].copy_from_slice(&columns[T::OUT..Side::TILE_EXTENT]);
                        collect(simd, &shared[..T::OUT], &mut next[line], place * T::OUT);
                    }
                    collect(simd, &columns[..T::OUT], &mut own[line], place * T::OUT);
                }
            }
            for run in strip.runs(pair).filter(|run| run.sample == sample) {
                put::<T, Side>(piece, beyond, &own, planes, run, 0);
                if !Side::DISJOINT {
                    put::<T, Side>(piece, beyond, &next, planes, run, T::OUT);
                }
            }
        }
    }
}

/// The products of some tiles, transformed along the columns.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "columns are no slices")]
fn tile<S: Simd, T: Tile, Side: TransformSide>(
    simd: S,
    products: &[f32],
    point: usize,
    from: usize,
) -> Tile2d<Lanes<S>> {
    let mut tile: Tile2d<Lanes<S>> = [[Lanes::zero(simd); 6]; 6];
    for column in 0..T::POINTS {
        let mut values: Tile1d<Lanes<S>> = [Lanes::zero(simd); 6];
        for (row, lanes) in values[..T::POINTS].iter_mut().enumerate() {
            *lanes = Lanes::read(simd, products, (row * T::POINTS + column) * point + from);
        }
        let values = Side::map(values);
        for row in 0..Side::TILE_EXTENT {
            tile[row][column] = values[row];
        }
    }
    tile
}

/// Collects the columns of tiles, of which there are 2 or 4, into a line.
#[inline(always)]
fn collect<S: Simd>(simd: S, columns: &[Lanes<S>], line: &mut [f32], place: usize) {
    let mut numbers = [simd.splat_f32s(0.0); 4];
    match *columns {
        [a, b] => [numbers[0], numbers[1]] = simd.interleave_shfl_f32s([a.1, b.1]),
        [a, b, c, d] => numbers = simd.interleave_shfl_f32s([a.1, b.1, c.1, d.1]),
        _ => unreachable!("tiles are 2 or 4 wide"),
    }
    for (index, &numbers) in numbers[..columns.len()].iter().enumerate() {
        Lanes(simd, numbers).write(line, place + index * S::F32_LANES);
    }
}

/// Puts lines of tiles that lie side by side on the plane, as far as they lie on it, from a column of the first tile on.
#[inline(always)]
fn put<T: Tile, Side: TransformSide>(
    piece: &mut Piece,
    beyond: &mut [f32],
    lines: &Lines,
    planes: Planes,
    run: Run,
    column: usize,
) {
    let [height, width] = planes.size;
    let end = piece.start + piece.numbers.len();
    let (top, bottom, y) = overlap(run.row * T::OUT, planes.before[0], Side::TILE_EXTENT, height);
    let (left, right, x) = overlap(run.column * T::OUT + column, planes.before[1], run.count * T::OUT, width);
    if left == right {
        return;
    }
    for (line, place) in lines[top..bottom].iter().zip((y * width + x..).step_by(width)) {
        let line = &line[run.first * T::OUT..][left..right];
        let numbers = if place < end { &mut piece.numbers[place - piece.start..] } else { &mut beyond[place - end..] };
        let pairs = numbers[..right - left].iter_mut().zip(line);
        for (number, &more) in pairs {
            *number = if Side::DISJOINT { more } else { *number + more };
        }
    }
}
