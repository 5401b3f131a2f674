//! Models that a person has given the page: kept whole in the Cache Storage as those of the server are, and never asked for elsewhere.

#[cfg(any(feature = "worker", feature = "importer"))]
mod keep;
#[cfg(feature = "page")]
mod kept;
#[cfg(feature = "worker")]
mod source;

#[cfg(any(feature = "worker", feature = "importer"))]
pub(crate) use keep::keep;
#[cfg(feature = "importer")]
pub(crate) use keep::{nowhere, refused, unkept};
#[cfg(feature = "page")]
pub use kept::{manifest, manifests, zip};
#[cfg(feature = "worker")]
pub(crate) use source::ModelSource;

/// Name of the file that says what a model is.
pub const MANIFEST: &str = "model.json";

#[cfg(any(feature = "page", feature = "worker"))]
fn gone(id: &str) -> convscope_core::Error {
    convscope_core::Error::Weights(convscope_core::fault!(
        "own-model-gone",
        "the model {id} is not on this machine any longer; add its file again",
        id
    ))
}
