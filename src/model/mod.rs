//! A packed model, put on a device.

mod load;

pub use convscope_core::model::{
    Codec, Embedded, FORMAT, Folder, Keep, Kept, MAX_SHARD_BYTES, Manifest, Shard, Source, TensorEntry, decode,
    decode_columns, encode,
};
pub use load::{Model, Progress, column_chunks, load};
