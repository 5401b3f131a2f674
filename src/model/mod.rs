//! A packed model: a folder with `model.json` and shards, read alike from a disk, from this program and over fetch.

mod codec;
mod load;
mod manifest;
mod source;

pub use codec::{Codec, decode, encode};
pub use load::{Model, Progress, dense_chunks, load};
#[cfg(not(target_family = "wasm"))]
pub(crate) use manifest::sha256;
pub use manifest::{FORMAT, MAX_SHARD_BYTES, Manifest, Shard, TensorEntry};
#[cfg(not(target_family = "wasm"))]
pub use source::Folder;
pub use source::{Embedded, Source};
