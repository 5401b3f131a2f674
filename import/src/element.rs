//! Floating-point numbers as files have them, little-endian, and runs of them in a file.

use std::io::{Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use half::{bf16, f16};

use crate::tensor::{PIECE, Source, Take};
use crate::unreadable;
use convscope_core::error::Fault;

/// Type of a file's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    F32,
    F64,
    F16,
    Bf16,
    /// Element that is no floating-point number, of so many bytes.
    Other(usize),
}

impl Element {
    /// Bytes of a number.
    pub(crate) const fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F64 => 8,
            Self::F16 | Self::Bf16 => 2,
            Self::Other(bytes) => bytes,
        }
    }

    pub(crate) const fn is_float(self) -> bool {
        !matches!(self, Self::Other(_))
    }

    /// Appends whole numbers.
    fn append(self, bytes: &[u8], values: &mut Vec<f32>) {
        match self {
            Self::F32 => values.extend(bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes))),
            Self::F64 => values.extend(bytes.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes) as f32)),
            Self::F16 => values.extend(bytes.as_chunks().0.iter().map(|&bytes| f16::from_le_bytes(bytes).to_f32())),
            Self::Bf16 => values.extend(bytes.as_chunks().0.iter().map(|&bytes| bf16::from_le_bytes(bytes).to_f32())),
            Self::Other(_) => {}
        }
    }

    /// Reads `bytes` bytes of numbers from the place where a reader is, and no further.
    pub(crate) fn read(self, input: &mut impl Read, bytes: u64, take: Take<'_>) -> Result<(), Fault> {
        let mut left = bytes;
        let most = PIECE * self.bytes();
        let mut buffer = vec![0; left.min(most as u64) as usize];
        let mut values = Vec::with_capacity(buffer.len() / self.bytes());
        while left > 0 {
            let now = &mut buffer[..left.min(most as u64) as usize];
            input.read_exact(now).map_err(unreadable)?;
            left -= now.len() as u64;
            values.clear();
            self.append(now, &mut values);
            take(&values)?;
        }
        Ok(())
    }
}

/// A run of numbers in a file that others read too.
pub(crate) struct Run<R> {
    pub(crate) file: Arc<Mutex<R>>,
    pub(crate) element: Element,
    /// Place of its first byte.
    pub(crate) start: u64,
    pub(crate) bytes: u64,
}

impl<R: Read + Seek + Send> Source for Run<R> {
    fn read(&self, take: Take<'_>) -> Result<(), Fault> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.start)).map_err(unreadable)?;
        self.element.read(&mut *file, self.bytes, take)
    }
}
