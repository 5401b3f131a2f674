//! Changes of the order of numbers, and of the numbers, on their way from a file's layout to ours.

use super::another_count;
use crate::axes;
use convscope_core::error::Fault;

/// Rows of a matrix that are turned together: as many as a line of the cache has numbers, twice.
const ROWS: usize = 32;

/// A change of a tensor's numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Turn {
    /// Axes of `shape` in another order.
    Axes { shape: Vec<usize>, order: Vec<usize> },
    /// Rows of a dense weight behind maps `[C, H, W]` that were flattened with their channels last.
    RowsToChw { maps: [usize; 3], out: usize },
    /// A factor for each channel.
    Scale { by: Vec<f32>, along_first: bool },
}

impl Turn {
    /// Changes numbers that are there.
    pub(super) fn apply(self, values: &mut Vec<f32>) {
        match self {
            Self::Axes { shape, order } => *values = axes::permute(values, &shape, &order),
            Self::RowsToChw { maps, out } => axes::rows_to_chw(values, maps, out),
            Self::Scale { by, along_first } => {
                let each = (values.len() / by.len().max(1)).max(1);
                for (place, value) in values.iter_mut().enumerate() {
                    *value *= by[if along_first { place / each } else { place % by.len() }];
                }
            }
        }
    }
}

/// Numbers that come in the order of a file and are put where they belong.
pub(super) struct Scatter {
    values: Vec<f32>,
    /// Size of each axis in the file, and how far apart its numbers are put.
    axes: Vec<(usize, usize)>,
    /// Numbers that have come.
    done: usize,
    /// Rows of a matrix that wait until they are turned together.
    waiting: Vec<f32>,
}

impl Scatter {
    /// Places of `count` numbers of `shape`, whose axes come into that order.
    pub(super) fn new(shape: &[usize], order: &[usize], count: usize) -> Self {
        let mut axes: Vec<(usize, usize)> = shape.iter().map(|&size| (size, 0)).collect();
        let mut step = 1;
        for &axis in order.iter().rev() {
            axes[axis].1 = step;
            step *= shape[axis];
        }
        Self { values: vec![0.0; count], axes, done: 0, waiting: vec![] }
    }

    /// Takes the next numbers.
    pub(super) fn push(&mut self, mut piece: &[f32]) -> Result<(), Fault> {
        if piece.len() > self.values.len() - self.done - self.waiting.len() {
            return Err(another_count());
        }
        let &[(_, 1), (columns, _)] = &self.axes[..] else {
            self.odd(piece);
            return Ok(());
        };
        while !piece.is_empty() {
            let (now, later) = piece.split_at(piece.len().min(ROWS * columns - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            piece = later;
            if self.waiting.len() == ROWS * columns {
                self.rows(columns);
            }
        }
        Ok(())
    }

    /// Puts the rows that wait into their columns, tile by tile: one number a column would leave the cache at each.
    fn rows(&mut self, columns: usize) {
        let (first, rows) = (self.done / columns, self.waiting.len() / columns);
        let height = self.axes[0].0;
        for column in 0..columns {
            let to = &mut self.values[column * height + first..][..rows];
            to.iter_mut().enumerate().for_each(|(row, value)| *value = self.waiting[row * columns + column]);
        }
        self.done += rows * columns;
        self.waiting.clear();
    }

    /// Puts numbers of any number of axes where they belong, one by one.
    fn odd(&mut self, piece: &[f32]) {
        let mut rest = self.done;
        let mut places = vec![0; self.axes.len()];
        for (place, (size, _)) in places.iter_mut().zip(&self.axes).rev() {
            *place = rest % size;
            rest /= size;
        }
        let mut to: usize = places.iter().zip(&self.axes).map(|(place, (_, step))| place * step).sum();
        for &value in piece {
            self.values[to] = value;
            for (place, &(size, step)) in places.iter_mut().zip(&self.axes).rev() {
                (*place, to) = (*place + 1, to + step);
                if *place < size {
                    break;
                }
                (*place, to) = (0, to - size * step);
            }
        }
        self.done += piece.len();
    }

    /// All numbers, in their places.
    pub(super) fn finish(mut self) -> Result<Vec<f32>, Fault> {
        if let &[(_, 1), (columns, _)] = &self.axes[..]
            && columns > 0
        {
            self.rows(columns);
        }
        if self.done == self.values.len() { Ok(self.values) } else { Err(another_count()) }
    }
}
