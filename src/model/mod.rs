//! A packed model: a folder with `model.json` and shards, read alike from a disk, from this program and over fetch.

mod codec;
mod kept;
mod load;
mod manifest;
mod opposites;
mod shard;
mod source;

pub use codec::{Codec, decode, decode_columns, encode};
pub use kept::{Keep, Kept};
pub use load::{Model, Progress, column_chunks, load};
pub use manifest::{FORMAT, Manifest, TensorEntry};
pub use shard::{MAX_SHARD_BYTES, Shard};
#[cfg(not(target_family = "wasm"))]
pub use source::Folder;
pub use source::{Embedded, Source};
