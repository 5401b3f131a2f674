//! What a file may make the program hold, charged before it is taken.

use std::cell::Cell;

use super::count;
use convscope_core::error::Fault;
use convscope_core::fault;

/// Numbers that a file may still bring: what it says of its shapes is no reason to ask for memory that its bytes cannot fill.
#[derive(Debug)]
pub(crate) struct Budget {
    bytes: u64,
    left: u64,
}

impl Budget {
    /// Two numbers a byte of the file: trained weights hardly compress.
    pub(crate) fn of(bytes: u64) -> Self {
        // No more than any other file of its size.
        let memory = Memory::of(bytes).left.get() / size_of::<f32>() as u64;
        Self { bytes, left: bytes.saturating_mul(2).min(memory) }
    }

    /// Takes a tensor's numbers off; gives how many they are.
    pub(crate) fn take(&mut self, shape: &[usize]) -> Result<usize, Fault> {
        let numbers = count(shape)
            .map_err(|cause| fault!("weights-shape", "{cause}: the file is damaged; get it again", cause = cause))?;
        self.left = self.left.checked_sub(numbers as u64).ok_or_else(|| {
            fault!(
                "weights-beyond-file",
                "its tensors have more numbers than a file of {bytes} bytes can hold: it is damaged; get it again",
                bytes = self.bytes
            )
        })?;
        Ok(numbers)
    }
}

/// Memory that a file may still make the program take, counted before it is taken: what a few bytes say again and again is no
/// reason to fill memory.
#[derive(Debug)]
pub(crate) struct Memory {
    bytes: u64,
    left: Cell<u64>,
}

impl Memory {
    /// Memory that numbers may take for each byte of a file: those of a quantized one take four times theirs.
    const PER_BYTE: u64 = 3;

    /// Memory in bytes that numbers of any file may take.
    const LEAST: u64 = 192 << 20;

    /// Memory of a file of that many bytes.
    pub(crate) fn of(bytes: u64) -> Self {
        Self { bytes, left: Cell::new(bytes.saturating_mul(Self::PER_BYTE).saturating_add(Self::LEAST)) }
    }

    /// Takes that many floats off.
    pub(crate) fn spend(&self, numbers: usize) -> Result<(), Fault> {
        let left = self.left.get().checked_sub((numbers as u64).saturating_mul(size_of::<f32>() as u64));
        let left = left.ok_or_else(|| {
            fault!(
                "weights-memory",
                "asks for far more memory than a classifier in a file of {bytes} bytes needs: the file is damaged or made to do harm; get it \
                 again",
                bytes = self.bytes
            )
        })?;
        self.left.set(left);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_brings_no_more_than_its_bytes_can_hold() {
        let mut budget = Budget::of(50);
        assert_eq!(budget.take(&[9, 10]), Ok(90));
        assert_eq!(budget.take(&[10]), Ok(10));
        assert!(budget.take(&[1]).unwrap_err().to_string().contains("50 bytes"));
        assert!(Budget::of(50).take(&[1 << 40, 1 << 40]).unwrap_err().to_string().contains("impossible"));
    }

    #[test]
    fn memory_is_that_of_any_classifier_and_three_times_the_file() {
        let memory = Memory::of(1000);
        memory.spend((192 << 20) / 4).unwrap();
        memory.spend(750).unwrap();
        assert!(memory.spend(1).unwrap_err().to_string().contains("1000 bytes"));
        assert!(Memory::of(u64::MAX).spend(usize::MAX).is_ok(), "nothing overflows");
    }
}
