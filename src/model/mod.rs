//! A packed model, put on a device.
//!
//! ```
//! use convscope::device::Opened;
//! use convscope::embedded::SQUEEZENET;
//! use convscope::model::load;
//!
//! // Without waiting, as a browser wants it; `Model::embedded`, `open` and `load` wait.
//! let mut bytes = 0;
//! let cpu = Opened::cpu();
//! let loading = load(&SQUEEZENET, &cpu, |progress| bytes = progress.done);
//! let model = pollster::block_on(loading)?;
//! assert_eq!((model.manifest.labels.len(), model.device.as_str()), (1000, "CPU"));
//! assert!(bytes > 1_000_000);
//! # Ok::<(), convscope::Error>(())
//! ```

mod features;
mod load;

pub use convscope_core::model::{
    Cache, Cached, Codec, Embedded, FORMAT, Folder, JSON, MAX_SHARD_BYTES, Manifest, Outputs, Packing, Shard, Sink,
    Source, Stream, TensorEntry, decode, decode_columns, encode,
};
pub(crate) use load::behind_classes;
pub use load::{Model, Progress, column_chunks, load};
