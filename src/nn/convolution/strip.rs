//! Tiles: how they lie on the planes of a batch, and which are taken together.

use std::marker::PhantomData;
use std::ops::Range;

use super::product::PAIR_WIDTH;
use super::tile::{Number, Tile, Tile1d};

/// One side of the product: planes `[N, channels, height, width]`, and how a tile is transformed from or to them.
pub(super) trait TransformSide: Sync {
    /// Numbers of a tile along an axis.
    const TILE_EXTENT: usize;
    /// Whether no two tiles overlap.
    const DISJOINT: bool;
    /// Transforms the tile's numbers, or transforms them back.
    fn map<N: Number>(line: Tile1d<N>) -> Tile1d<N>;
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
    fn map<N: Number>(line: Tile1d<N>) -> Tile1d<N> {
        T::input(line)
    }
}

impl<T: Tile> TransformSide for Output<T> {
    const TILE_EXTENT: usize = T::OUT;
    const DISJOINT: bool = true;
    #[inline(always)]
    fn map<N: Number>(line: Tile1d<N>) -> Tile1d<N> {
        T::output(line)
    }
}

impl<T: Tile> TransformSide for OutputGradient<T> {
    const TILE_EXTENT: usize = T::OUT;
    const DISJOINT: bool = true;
    #[inline(always)]
    fn map<N: Number>(line: Tile1d<N>) -> Tile1d<N> {
        T::output_transposed(line)
    }
}

impl<T: Tile> TransformSide for InputGradient<T> {
    const TILE_EXTENT: usize = T::POINTS;
    const DISJOINT: bool = false;
    #[inline(always)]
    fn map<N: Number>(line: Tile1d<N>) -> Tile1d<N> {
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

/// Strip of tiles of a batch, whole rows of them, sample by sample.
#[derive(Clone)]
pub(super) struct Strip {
    pub(super) range: Range<usize>,
    /// Tiles along each axis of one sample.
    pub(super) tiles: [usize; 2],
}

/// Tiles that lie side by side in one row.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub(super) sample: usize,
    /// Row and column of the first tile.
    pub(super) row: usize,
    pub(super) column: usize,
    /// Index of the first among the tiles that were asked for.
    pub(super) first: usize,
    pub(super) count: usize,
}

impl Strip {
    /// All tiles in so many strips of about one size.
    pub(super) fn all(batch: usize, tiles: [usize; 2], count: usize) -> Vec<Self> {
        let [rows, columns] = tiles;
        let rows = rows * batch;
        let row = |index: usize| index * rows / count * columns;
        (0..count).map(|index| Self { range: row(index)..row(index + 1), tiles }).collect()
    }

    /// Lines of a sample's plane from the first that its tiles reach to the first that the next strip's do, if it has tiles there;
    /// `out` is how many lines lie between those of one row of tiles and of the next.
    pub(super) fn lines(&self, sample: usize, out: usize, planes: Planes) -> Option<Range<usize>> {
        let [rows, columns] = self.tiles;
        let row = |tile: usize| (tile / columns).clamp(sample * rows, (sample + 1) * rows) - sample * rows;
        let [start, end] = [self.range.start, self.range.end].map(row);
        let line = |row: usize| {
            if row == rows { planes.size[0] } else { (row * out).saturating_sub(planes.before[0]) }
        };
        (start < end).then(|| line(start).min(planes.size[0])..line(end).min(planes.size[0]))
    }

    /// Sample of its last tile.
    pub(super) const fn last_sample(&self) -> usize {
        (self.range.end - 1) / (self.tiles[0] * self.tiles[1])
    }

    pub(super) const fn pairs(&self) -> usize {
        (self.range.end - self.range.start).div_ceil(PAIR_WIDTH)
    }

    /// Tiles of a pair of panels, row by row.
    pub(super) fn runs(&self, pair: usize) -> impl Iterator<Item = Run> + Clone {
        let start = self.range.start + pair * PAIR_WIDTH;
        let end = (start + PAIR_WIDTH).min(self.range.end);
        let [rows, columns] = self.tiles;
        let mut next = start;
        std::iter::from_fn(move || {
            let tile = next;
            let column = tile % columns;
            let count = (columns - column).min(end.saturating_sub(tile));
            next += count;
            let (sample, row) = (tile / (rows * columns), tile / columns % rows);
            (count > 0).then_some(Run { sample, row, column, first: tile - start, count })
        })
    }
}

/// The part of a tile's numbers along one axis that lies on a plane: the first, the end, and where on the plane the first is.
#[inline(always)]
pub(super) fn overlap(start: usize, before: usize, reach: usize, length: usize) -> (usize, usize, usize) {
    let first = before.saturating_sub(start).min(reach);
    let end = (length + before).saturating_sub(start).min(reach).max(first);
    (first, end, (start + first).saturating_sub(before))
}
