//! Tiles: how they lie on the planes of a batch, and which are taken together.

use std::marker::PhantomData;
use std::ops::Range;

use super::lanes::WIDTH;
use super::tile::{Tile, Tile1d};

/// Floats that the buffers of a strip may have together: 8 MiB.
const STRIP_FLOATS: usize = 1 << 21;

/// One side of the product: planes `[N, channels, height, width]`, and how a tile is transformed from or to them.
pub(super) trait TransformSide: Sync {
    /// Numbers of a tile along an axis.
    const TILE_EXTENT: usize;
    /// Whether no two tiles overlap.
    const DISJOINT: bool;
    /// Transforms the tile's numbers, or transforms them back.
    fn map(line: Tile1d) -> Tile1d;
}

/// The input of a convolution, read.
pub(super) struct Input<T>(PhantomData<T>);
/// The output of a convolution, written.
pub(super) struct Output<T>(PhantomData<T>);
/// The gradient at the output, read.
pub(super) struct OutputGradient<T>(PhantomData<T>);
/// The gradient at the input, written.
pub(super) struct InputGradient<T>(PhantomData<T>);

impl<T: Tile> TransformSide for Input<T> {
    const TILE_EXTENT: usize = T::POINTS;
    const DISJOINT: bool = false;
    #[inline(always)]
    fn map(line: Tile1d) -> Tile1d {
        T::input(line)
    }
}

impl<T: Tile> TransformSide for Output<T> {
    const TILE_EXTENT: usize = T::OUT;
    const DISJOINT: bool = true;
    #[inline(always)]
    fn map(line: Tile1d) -> Tile1d {
        T::output(line)
    }
}

impl<T: Tile> TransformSide for OutputGradient<T> {
    const TILE_EXTENT: usize = T::OUT;
    const DISJOINT: bool = true;
    #[inline(always)]
    fn map(line: Tile1d) -> Tile1d {
        T::output_transposed(line)
    }
}

impl<T: Tile> TransformSide for InputGradient<T> {
    const TILE_EXTENT: usize = T::POINTS;
    const DISJOINT: bool = false;
    #[inline(always)]
    fn map(line: Tile1d) -> Tile1d {
        T::input_transposed(line)
    }
}

/// Planes that tiles lie on.
#[derive(Clone, Copy)]
pub(super) struct Planes {
    pub(super) batch: usize,
    pub(super) channels: usize,
    pub(super) size: [usize; 2],
    /// Rows and columns of the first tile that lie before the plane.
    pub(super) before: [usize; 2],
}

impl Planes {
    pub(super) const fn len(&self) -> usize {
        self.batch * self.channels * self.size[0] * self.size[1]
    }
}

/// Strip of tiles of a batch, sample by sample and row by row.
pub(super) struct Strip {
    pub(super) range: Range<usize>,
    /// Tiles along each axis of one sample.
    pub(super) tiles: [usize; 2],
}

impl Strip {
    /// All tiles in strips of whole panels, of about [`STRIP_FLOATS`] numbers, `per_tile` a tile.
    pub(super) fn all(batch: usize, tiles: [usize; 2], per_tile: usize) -> impl Iterator<Item = Self> {
        let panels = (batch * tiles[0] * tiles[1]).div_ceil(WIDTH);
        let most = (STRIP_FLOATS / (per_tile * WIDTH)).max(1);
        // Strips of about one size: the last is not to be a sliver.
        let step = panels.div_ceil(panels.div_ceil(most).max(1)).max(1) * WIDTH;
        let end = batch * tiles[0] * tiles[1];
        (0..end).step_by(step).map(move |start| Self { range: start..(start + step).min(end), tiles })
    }

    pub(super) const fn panels(&self) -> usize {
        (self.range.end - self.range.start).div_ceil(WIDTH)
    }

    /// The tiles of a panel that there are, by lane: the sample, and the tile's row and column.
    pub(super) fn places(&self, panel: usize) -> impl Iterator<Item = (usize, [usize; 2])> {
        let start = self.range.start + panel * WIDTH;
        let [rows, columns] = self.tiles;
        let place = move |tile: usize| (tile / (rows * columns), [tile / columns % rows, tile % columns]);
        (start..(start + WIDTH).min(self.range.end)).map(place)
    }
}

/// The part of a tile's numbers along one axis that lies on a plane: the first, the end, and where on the plane the first is.
#[inline(always)]
pub(super) fn overlap(start: usize, before: usize, reach: usize, length: usize) -> (usize, usize, usize) {
    let first = before.saturating_sub(start).min(reach);
    let end = (length + before).saturating_sub(start).min(reach).max(first);
    (first, end, (start + first).saturating_sub(before))
}
