//! Numbers of an HDF5 data set, read when they are wanted, and of one that lies in the file as it is some rows at a time.

use half::f16;
use hdf5_reader::{Dataset, Datatype, H5Type, SliceInfo, SliceInfoElem};

use super::unread;
use crate::count;
use crate::tensor::{PIECE, Source, Take};
use convscope_core::error::Fault;

/// Floating-point numbers that are known here.
#[derive(Clone, Copy, Debug)]
enum Width {
    Half,
    Single,
    Double,
}

/// Numbers of a data set.
pub(super) struct Numbers {
    dataset: Dataset,
    shape: Vec<usize>,
    width: Width,
}

impl Numbers {
    /// Numbers of a data set of that shape; none where they are no floating-point numbers.
    pub(super) fn of(dataset: &Dataset, shape: &[usize]) -> Option<Self> {
        let width = match dataset.dtype() {
            Datatype::FloatingPoint { size: 2, .. } => Width::Half,
            Datatype::FloatingPoint { size: 4, .. } => Width::Single,
            Datatype::FloatingPoint { size: 8, .. } => Width::Double,
            _ => return None,
        };
        Some(Self { dataset: dataset.clone(), shape: shape.into(), width })
    }

    /// Rows that are read at once; none where all are: each row of a data set in chunks would unpack its chunk anew.
    fn rows(&self) -> Option<(usize, usize)> {
        let (&rows, rest) = self.shape.split_first()?;
        let each = (PIECE / rest.iter().product::<usize>().max(1)).max(1);
        (each < rows && self.dataset.chunks().is_none()).then_some((rows, each))
    }

    fn read_as<T: H5Type + Copy + Default>(&self, take: Take<'_>, float: fn(T) -> f32) -> Result<(), Fault> {
        let Some((rows, each)) = self.rows() else {
            let mut values = vec![T::default(); count(&self.shape)?];
            self.dataset.read_into(&mut values).map_err(unread)?;
            return pieces(&values, float, take);
        };
        for first in (0..rows).step_by(each) {
            let mut slice = SliceInfo::all(self.shape.len());
            let end = rows.min(first + each) as u64;
            slice.selections[0] = SliceInfoElem::Slice { start: first as u64, end, step: 1 };
            let values = self.dataset.read_slice::<T>(&slice).map_err(unread)?;
            let floats: Vec<f32> = values.iter().copied().map(float).collect();
            take(&floats)?;
        }
        Ok(())
    }

    fn read_halves(&self, take: Take<'_>) -> Result<(), Fault> {
        let mut bytes = vec![0; 2 * count(&self.shape)?];
        self.dataset.read_native_bytes_into(&mut bytes).map_err(unread)?;
        pieces(bytes.as_chunks().0, |bytes| f16::from_ne_bytes(bytes).to_f32(), take)
    }
}

/// Gives numbers that are there as floats.
fn pieces<T: Copy>(values: &[T], float: fn(T) -> f32, take: Take<'_>) -> Result<(), Fault> {
    values.chunks(PIECE).try_for_each(|piece| take(&piece.iter().copied().map(float).collect::<Vec<_>>()))
}

impl Source for Numbers {
    fn read(&self, take: Take<'_>) -> Result<(), Fault> {
        match self.width {
            Width::Half => self.read_halves(take),
            Width::Single => self.read_as::<f32>(take, |value| value),
            Width::Double => self.read_as::<f64>(take, |value| value as f32),
        }
    }
}
