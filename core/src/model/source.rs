//! Sources of a packed model's files.

use std::future::Future;

use super::{Manifest, Shard};
use crate::error::{Error, Result};
use crate::fault;
use crate::protocol::StorageError;

/// A folder of files: on a disk, in this program, or behind a web address.
pub trait Source {
    /// Reads the whole file `name`; `progress` hears how many of its bytes have come so far.
    ///
    /// # Errors
    /// One sentence that says what could not be read, where, and what to do.
    fn read(&self, name: &str, progress: &mut dyn FnMut(u64)) -> impl Future<Output = Result<Vec<u8>>>;

    /// Reads a shard's file, which has the length and the SHA-256 that it should have.
    ///
    /// # Errors
    /// Those of [`Self::read`], and [`Error::Weights`] for a short, long or damaged file.
    fn shard(&self, shard: &Shard, progress: &mut dyn FnMut(u64)) -> impl Future<Output = Result<Vec<u8>>> {
        async move {
            let content = self.read(&shard.file, progress).await?;
            shard.check(&content)?;
            Ok(content)
        }
    }

    /// All of a model's shards, unpacked, one after the other: what the tensors' offsets count in.
    ///
    /// # Errors
    /// Those of [`Self::shard`].
    fn stream(&self, manifest: &Manifest) -> impl Future<Output = Result<Vec<u8>>> {
        async move {
            let mut stream = vec![];
            for shard in &manifest.shards {
                stream.extend(shard.unpack(self.shard(shard, &mut |_| {}).await?)?);
            }
            Ok(stream)
        }
    }

    /// Hears that all of a model has been read and used.
    ///
    /// # Errors
    /// Why a source that keeps what it reads cannot keep the model.
    fn finish(&self, _: &Manifest) -> impl Future<Output = Result<(), StorageError>> {
        async { Ok(()) }
    }
}

/// A packed model on the disk.
#[derive(Clone, Debug)]
pub struct Folder(pub std::path::PathBuf);

impl Source for Folder {
    async fn read(&self, name: &str, progress: &mut dyn FnMut(u64)) -> Result<Vec<u8>> {
        let path = self.0.join(name);
        let bytes = std::fs::read(&path).map_err(|error| Error::read(&path, error))?;
        progress(bytes.len() as u64);
        Ok(bytes)
    }
}

/// A packed model that is part of the program: file names and contents.
#[derive(Clone, Copy, Debug)]
pub struct Embedded(pub &'static [(&'static str, &'static [u8])]);

impl Source for Embedded {
    async fn read(&self, name: &str, progress: &mut dyn FnMut(u64)) -> Result<Vec<u8>> {
        let file = self.0.iter().find(|(file, _)| *file == name);
        let (_, bytes) = file.ok_or_else(|| {
            Error::Weights(fault!("not-embedded", "the program has no embedded file {name}; build it again", name))
        })?;
        progress(bytes.len() as u64);
        Ok(bytes.to_vec())
    }
}
