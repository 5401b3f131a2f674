//! Tensors whose numbers may still lie in their file. A file can hold more than there is memory: a tensor's numbers are read, turned and
//! packed when it is its turn, and dropped before the next one's.

mod turn;

use std::fmt;
use std::sync::Arc;

use self::turn::{Scatter, Turn};
use super::{FloatTensor, count};
use convscope_core::error::Fault;
use convscope_core::fault;

/// Numbers that are read at once, about: what lies in memory twice.
/// Few in tests, so that small files are read in pieces too.
pub(crate) const PIECE: usize = if cfg!(test) { 16 } else { 1 << 18 };

/// Gets the numbers of a tensor, row-major, piece by piece.
pub(crate) type Take<'a> = &'a mut dyn FnMut(&[f32]) -> Result<(), Fault>;

/// Numbers that lie in a file.
pub(crate) trait Source: Send + Sync {
    /// Reads all numbers of the tensor, in pieces of about [`PIECE`].
    ///
    /// # Errors
    /// A sentence that lacks the file's name, and those of `take`.
    fn read(&self, take: Take<'_>) -> Result<(), Fault>;
}

/// Place of a tensor's numbers.
#[derive(Clone)]
enum Numbers {
    Here(Vec<f32>),
    InFile(Arc<dyn Source>),
}

/// A tensor of float32 numbers, row-major, which are read when they are asked for.
#[derive(Clone)]
pub struct Tensor {
    /// Shape.
    pub shape: Vec<usize>,
    numbers: Numbers,
    /// What is done to the numbers once they are read, in this order.
    turns: Vec<Turn>,
}

impl From<FloatTensor> for Tensor {
    fn from(FloatTensor { shape, values }: FloatTensor) -> Self {
        Self { shape, numbers: Numbers::Here(values), turns: vec![] }
    }
}

impl Tensor {
    /// Tensor whose numbers lie in a file.
    pub(crate) fn in_file(shape: Vec<usize>, source: Arc<dyn Source>) -> Self {
        Self { shape, numbers: Numbers::InFile(source), turns: vec![] }
    }

    /// Number of its numbers; what a file claims has been checked when it was found.
    pub(crate) fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// Brings the axes of the shape into another order: axis `n` of what comes is axis `order[n]`.
    pub(crate) fn permute(&mut self, order: &[usize]) {
        let shape = std::mem::take(&mut self.shape);
        self.shape = order.iter().map(|&axis| shape[axis]).collect();
        self.turns.push(Turn::Axes { shape, order: order.into() });
    }

    /// Reorders the rows of a dense weight behind maps `[C, H, W]` that were flattened with their channels last.
    pub(crate) fn rows_to_chw(&mut self, maps: [usize; 3]) {
        self.turns.push(Turn::RowsToChw { maps, out: self.shape[1] });
    }

    /// Multiplies each channel along the first axis, or the last, by a factor.
    pub(crate) fn scale(&mut self, by: &[f32], along_first: bool) {
        self.turns.push(Turn::Scale { by: by.into(), along_first });
    }

    /// The numbers, read and turned.
    ///
    /// # Errors
    /// A sentence that lacks the file's name: it cannot be read, or holds other numbers than it says.
    pub fn read(&self) -> Result<Vec<f32>, Fault> {
        self.clone().into_values()
    }

    /// The numbers, read and turned, of a tensor that nobody else needs.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub fn into_values(self) -> Result<Vec<f32>, Fault> {
        let mut turns = self.turns.into_iter().peekable();
        let mut values = match self.numbers {
            Numbers::Here(values) => values,
            // What changes the order of the numbers as they come need not hold them in both orders.
            Numbers::InFile(source) => match turns.next_if(|turn| matches!(turn, Turn::Axes { .. })) {
                Some(Turn::Axes { shape, order }) => {
                    let mut scatter = Scatter::new(&shape, &order, count(&shape)?);
                    source.read(&mut |piece| scatter.push(piece))?;
                    scatter.finish()?
                }
                _ => straight(&*source, count(&self.shape)?)?,
            },
        };
        turns.for_each(|turn| turn.apply(&mut values));
        Ok(values)
    }
}

/// The numbers in the order in which they lie in the file.
fn straight(source: &dyn Source, count: usize) -> Result<Vec<f32>, Fault> {
    let mut values = Vec::with_capacity(count);
    source.read(&mut |piece| {
        if piece.len() > count - values.len() {
            return Err(another_count());
        }
        values.extend_from_slice(piece);
        Ok(())
    })?;
    if values.len() == count { Ok(values) } else { Err(another_count()) }
}

/// The fault of a tensor that has more numbers than its shape, or fewer.
fn another_count() -> Fault {
    fault!("tensor-count", "a tensor has not as many numbers as its shape says: the file is damaged; get it again")
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tensor").field("shape", &self.shape).finish_non_exhaustive()
    }
}

#[cfg(test)]
impl PartialEq for Tensor {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && self.read().is_ok_and(|own| other.read().is_ok_and(|other| own == other))
    }
}

#[cfg(test)]
mod tests;
