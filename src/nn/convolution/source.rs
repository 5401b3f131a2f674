//! The transformed input V of Winograd's convolutions, from planes as they lie.
//!
//! A transform is linear along each axis. Along the columns of a plane it goes line by line, whole registers of neighbours at a time.
//! Then, along the lines, the numbers are dealt out to registers, one for each column of the tiles, in which each lane is a tile.
//! What two neighbours share is read from a second copy of the lines, shifted by a tile, so that tiles of several rows can lie in a
//! register. Dealing out puts the tiles in an order of the processor's own, which [`target`](super::target) undoes.

use pulp::Simd;

use super::lanes::Lanes;
use super::product::PAIR_WIDTH;
use super::strip::{Planes, Run, Strip, TransformSide, overlap};
use super::tile::{Tile, Tile1d};
use crate::nn::cpu::Vectorized;

/// Numbers of the tiles of a pair of panels side by side, of 4 x 4 at the most.
pub(super) const LINE: usize = 4 * PAIR_WIDTH;

/// Numbers beyond a line: a tile more, and what a register reaches over the end.
const BEYOND: usize = 4 + 2 * PAIR_WIDTH;

/// Transformed input `[points, C, PAIR_WIDTH]` of one pair of panels, 0 in the channels that fill up the last block.
pub(super) struct Source<'a, T, S> {
    pub(super) values: &'a mut [f32],
    pub(super) x: &'a [f32],
    pub(super) planes: Planes,
    pub(super) strip: &'a Strip,
    pub(super) pair: usize,
    pub(super) side: std::marker::PhantomData<(T, S)>,
}

/// Lines of tiles, one for each row or point.
type Lines = [[f32; LINE + BEYOND]; 6];

impl<T: Tile, Side: TransformSide> Vectorized for Source<'_, T, Side> {
    #[inline(always)]
    fn run<S: Simd, const REGISTERS: usize, const FUSED: bool, const PANELS: usize, const ROWS: usize>(self, simd: S) {
        let Self { values, x, planes, strip, pair, .. } = self;
        let (points, area) = (T::POINTS * T::POINTS, planes.size[0] * planes.size[1]);
        let length = values.len() / points;
        let runs: Vec<Run> = strip.runs(pair).collect();
        let [mut lines, mut own, mut next]: [Lines; 3] = [[[0.0; LINE + BEYOND]; 6]; 3];
        for values in values.chunks_exact_mut(length) {
            values[planes.channels * PAIR_WIDTH..].fill(0.0);
        }
        for channel in 0..planes.channels {
            for run in &runs {
                let plane = &x[(run.sample * planes.channels + channel) * area..][..area];
                read_lines::<T, Side>(&mut lines, plane, planes, run);
                let end = run.count * T::OUT;
                for place in (0..end).step_by(S::F32_LANES) {
                    columns::<S, T, Side>(simd, &lines, place, &mut own, run.first * T::OUT + place);
                    if Side::TILE_EXTENT > T::OUT {
                        columns::<S, T, Side>(simd, &lines, place + T::OUT, &mut next, run.first * T::OUT + place);
                    }
                }
            }
            for row in 0..T::POINTS {
                for place in (0..PAIR_WIDTH).step_by(S::F32_LANES) {
                    let mut line: Tile1d<Lanes<S>> = [Lanes::zero(simd); 6];
                    deal(simd, &own[row], place * T::OUT, &mut line[..T::OUT]);
                    if Side::TILE_EXTENT > T::OUT {
                        let mut shared = [Lanes::zero(simd); 4];
                        deal(simd, &next[row], place * T::OUT, &mut shared[..T::OUT]);
                        let both = Side::TILE_EXTENT - T::OUT;
                        line[T::OUT..Side::TILE_EXTENT].copy_from_slice(&shared[..both]);
                    }
                    for (column, lanes) in Side::map(line)[..T::POINTS].iter().enumerate() {
                        let point = (row * T::POINTS + column) * length;
                        lanes.write(values, point + channel * PAIR_WIDTH + place);
                    }
                }
            }
        }
    }
}

/// Reads the lines under tiles that lie side by side, with zeros beyond the plane.
#[inline(always)]
fn read_lines<T: Tile, Side: TransformSide>(lines: &mut Lines, plane: &[f32], planes: Planes, run: &Run) {
    let [height, width] = planes.size;
    let reach = run.count * T::OUT + Side::TILE_EXTENT - T::OUT;
    let (top, bottom, y) = overlap(run.row * T::OUT, planes.before[0], Side::TILE_EXTENT, height);
    let (left, right, x) = overlap(run.column * T::OUT, planes.before[1], reach, width);
    for (row, line) in lines[..Side::TILE_EXTENT].iter_mut().enumerate() {
        if row < top || row >= bottom {
            line[..reach].fill(0.0);
            continue;
        }
        line[..left].fill(0.0);
        line[left..right].copy_from_slice(&plane[(y + row - top) * width + x..][..right - left]);
        line[right..reach].fill(0.0);
    }
}

/// Transforms neighbouring columns from `place` on.
#[inline(always)]
fn columns<S: Simd, T: Tile, Side: TransformSide>(simd: S, lines: &Lines, place: usize, into: &mut Lines, to: usize) {
    let mut column: Tile1d<Lanes<S>> = [Lanes::zero(simd); 6];
    for (lanes, line) in column[..Side::TILE_EXTENT].iter_mut().zip(lines) {
        *lanes = Lanes::read(simd, line, place);
    }
    for (lanes, into) in Side::map(column)[..T::POINTS].iter().zip(into) {
        lanes.write(into, to);
    }
}

/// Deals a line out to registers, one for each column of the tiles, of which there are 2 or 4.
#[inline(always)]
fn deal<S: Simd>(simd: S, line: &[f32], place: usize, columns: &mut [Lanes<S>]) {
    for (index, column) in columns.iter_mut().enumerate() {
        *column = Lanes::read(simd, line, place + index * S::F32_LANES);
    }
    match columns {
        [a, b] => [a.1, b.1] = simd.deinterleave_shfl_f32s([a.1, b.1]),
        [a, b, c, d] => [a.1, b.1, c.1, d.1] = simd.deinterleave_shfl_f32s([a.1, b.1, c.1, d.1]),
        _ => unreachable!("tiles are 2 or 4 wide"),
    }
}
