//! Memory that is used again: what a system hands out it has to clear first, page by page, which took 13 % of a forward pass of VGG16.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut, Range};
use std::sync::{Mutex, PoisonError};

use burn::tensor::{AllocationProperty, Bytes, DType, Device, Int, Tensor, TensorData};

/// Buffers that nobody uses, the one that was longest unused first.
static UNUSED: Mutex<Unused> = Mutex::new(Unused { buffers: VecDeque::new(), length: 0 });

/// Numbers that unused buffers may have together: 64 MiB.
const MOST_UNUSED: usize = 1 << 24;

struct Unused {
    buffers: VecDeque<Vec<f32>>,
    /// Numbers of all of them.
    length: usize,
}

impl Unused {
    /// The smallest buffer of that length or more; none that would waste more than half of itself.
    fn take(&mut self, length: usize) -> Option<Vec<f32>> {
        let fits = |buffer: &Vec<f32>| (length..=2 * length).contains(&buffer.len());
        let fitting = self.buffers.iter().enumerate().filter(|(_, buffer)| fits(buffer));
        let (index, _) = fitting.min_by_key(|(_, buffer)| buffer.len())?;
        let buffer = self.buffers.remove(index)?;
        self.length -= buffer.len();
        Some(buffer)
    }

    fn give(&mut self, buffer: Vec<f32>) {
        self.length += buffer.len();
        self.buffers.push_back(buffer);
        while self.length > MOST_UNUSED {
            self.length -= self.buffers.pop_front().map_or(0, |buffer| buffer.len());
        }
    }
}

/// A buffer of any numbers, which begins with a line of the cache. Its memory is used again, by a tensor's too once nobody holds that.
pub(super) struct Buffer {
    memory: Vec<f32>,
    range: Range<usize>,
}

/// Bytes of a line of the cache, and floats.
const LINE: usize = 64;
const LINE_NUMBERS: usize = LINE / size_of::<f32>();

impl Buffer {
    /// Buffer of `length` numbers, whatever they are.
    pub(super) fn new(length: usize) -> Self {
        let needed = length + LINE_NUMBERS;
        let unused = UNUSED.lock().unwrap_or_else(PoisonError::into_inner).take(needed);
        let memory = unused.unwrap_or_else(|| vec![0.0; needed]);
        let start = memory.as_ptr().align_offset(LINE).min(LINE_NUMBERS);
        Self { memory, range: start..start + length }
    }

    /// Buffer of `length` zeros.
    pub(super) fn zeroed(length: usize) -> Self {
        let mut buffer = Self::new(length);
        buffer.fill(0.0);
        buffer
    }

    /// Its memory as integers, half as many.
    pub(super) fn as_integers(&mut self) -> &mut [i64] {
        pulp::bytemuck::cast_slice_mut(self)
    }

    /// Tensor of that shape with the integers; nothing is copied.
    pub(super) fn into_integers(self, shape: [usize; 4], device: &Device) -> Tensor<4, Int> {
        Tensor::from_data(self.into_data(shape, DType::I64), (device, DType::I64))
    }

    /// Tensor of that shape with these numbers; nothing is copied.
    pub(super) fn into_tensor(self, shape: [usize; 4], device: &Device) -> Tensor<4> {
        Tensor::from_data(self.into_data(shape, DType::F32), device)
    }

    fn into_data(self, shape: [usize; 4], kind: DType) -> TensorData {
        let bytes = Bytes::from_shared(bytes::Bytes::from_owner(self), AllocationProperty::Other);
        TensorData::from_bytes(bytes, shape, kind)
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.memory[self.range.clone()]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.memory[self.range.clone()]
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        pulp::bytemuck::cast_slice(self)
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        UNUSED.lock().unwrap_or_else(PoisonError::into_inner).give(std::mem::take(&mut self.memory));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tensor_gives_its_memory_back_once_nobody_holds_it() {
        // A length that no other test has, since all share the unused buffers.
        let buffer = Buffer::zeroed(3_000_017);
        let place = buffer.as_ptr();
        let tensor = buffer.into_tensor([1, 1, 1, 3_000_017], &Device::flex());
        let other = tensor.clone();
        drop(tensor);
        assert_eq!(other.clone().sum().into_scalar::<f32>(), 0.0);
        let another = Buffer::new(3_000_017);
        assert_ne!(another.as_ptr(), place);
        drop(other);
        assert_eq!(Buffer::new(3_000_017).as_ptr(), place);
    }

    #[test]
    fn the_smallest_buffer_that_fits_is_taken_and_the_oldest_is_given_up() {
        let mut unused = Unused { buffers: VecDeque::new(), length: 0 };
        for length in [100, 60, 70] {
            unused.give(vec![0.0; length]);
        }
        assert_eq!(unused.take(55).map(|buffer| buffer.len()), Some(60));
        assert_eq!(unused.take(30), None);
        unused.give(vec![0.0; MOST_UNUSED - 70]);
        assert_eq!((unused.take(100), unused.length), (None, MOST_UNUSED));
    }
}
