//! Stream of a packed model's numbers, cut into shards on its way to whatever keeps them.

use super::{JSON, MAX_SHARD_BYTES, Manifest, Shard};
use crate::error::{Error, Result};
use crate::fault;

/// Place for the files of a packed model, which come one after the other: shards first, `model.json` last.
pub trait Sink {
    /// Takes a file.
    ///
    /// # Errors
    /// Those of the place.
    fn file(&mut self, name: &str, content: Vec<u8>) -> Result<()>;

    /// Hears that so many tensors of so many have been stored.
    fn stored(&mut self, _done: usize, _total: usize) {}
}

/// The stream of a model's numbers, cut into shards.
#[derive(Debug)]
pub struct Stream<S> {
    sink: S,
    buffer: Vec<u8>,
    shards: Vec<Shard>,
    /// Bytes in the stream so far.
    pub bytes: u64,
}

impl<S: Sink> Stream<S> {
    /// An empty one.
    pub fn new(sink: S) -> Self {
        Self { sink, buffer: vec![], shards: vec![], bytes: 0 }
    }

    /// Adds the bytes of a tensor, which is one of so many.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn push(&mut self, mut bytes: &[u8], done: usize, total: usize) -> Result<()> {
        self.bytes += bytes.len() as u64;
        while !bytes.is_empty() {
            let room = MAX_SHARD_BYTES as usize - self.buffer.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.buffer.extend_from_slice(now);
            bytes = later;
            if self.buffer.len() as u64 == MAX_SHARD_BYTES {
                self.end_shard()?;
            }
        }
        self.sink.stored(done, total);
        Ok(())
    }

    /// Tells the sink that so many tensors of so many have been stored.
    pub fn stored(&mut self, done: usize, total: usize) {
        self.sink.stored(done, total);
    }

    fn end_shard(&mut self) -> Result<()> {
        let piece = std::mem::take(&mut self.buffer);
        let (shard, content) = Shard::of(format!("weights-{:02}.bin", self.shards.len()), piece);
        self.sink.file(&shard.file, content)?;
        self.shards.push(shard);
        Ok(())
    }

    /// Writes the last shard and `model.json`. Gives the sink and the shards.
    ///
    /// # Errors
    /// Those of the sink, and [`Error::Weights`] where nobody could read the model.
    pub fn finish(mut self, mut manifest: Manifest) -> Result<(S, Vec<Shard>)> {
        if !self.buffer.is_empty() {
            self.end_shard()?;
        }
        manifest.shards = std::mem::take(&mut self.shards);
        let unwritten = |error| {
            let fault = fault!("model-not-written", "model.json cannot be written: {error}; pack it again", error);
            Error::Weights(fault.with_source(error))
        };
        let mut json = serde_json::to_vec_pretty(&manifest).map_err(unwritten)?;
        json.push(b'\n');
        // What is written must be what can be read.
        Manifest::parse(&json)?;
        self.sink.file(JSON, json)?;
        Ok((self.sink, manifest.shards))
    }
}
