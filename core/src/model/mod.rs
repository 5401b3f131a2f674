//! A packed model as data: a folder with `model.json` and shards, read alike from a disk, from this program and over fetch.

mod base;
mod cached;
mod classes;
mod codec;
mod counterpart;
mod domain;
mod manifest;
mod opposites;
mod packing;
mod shard;
mod source;
mod stream;

pub use base::Base;
pub use cached::{Cache, Cached, JSON};
pub use classes::Outputs;
pub(crate) use classes::no_classifier;
pub use codec::{Codec, Of, Step, decode, decode_columns, decode_part, encode, encode_steps};
pub use domain::Domain;
pub use manifest::{FORMAT, Manifest, TensorEntry};
pub use packing::{Packing, Stored};
pub use shard::{MAX_SHARD_BYTES, Shard};
pub use source::{Embedded, Folder, Source};
pub use stream::{Sink, Stream};
