//! Errors: kinds to match on, each with a fault that says what was wrong, where, and what to do.

mod fault;

use std::path::Path;

pub use fault::Fault;

use crate::fault;

/// Result of everything that can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Failure of an operation, by whose fault it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A packed model or one of its shards is damaged, incomplete, or of a kind this version does not read.
    #[error(transparent)]
    Weights(Fault),
    /// A file that should be an image is none, or is of a size that cannot be worked on.
    #[error(transparent)]
    Image(Fault),
    /// The asked-for device is not there, or stopped working.
    #[error(transparent)]
    Device(Fault),
    /// The request names a model, class, layer, method or convention that does not exist or does not fit.
    #[error(transparent)]
    Request(Fault),
    /// The request can be carried out, but nothing comes of it.
    #[error(transparent)]
    Nothing(Fault),
    /// A file could not be read or written; the source is the system's [`std::io::Error`].
    #[error(transparent)]
    File(Fault),
    /// The user cancelled the work.
    #[error("{CANCELLED}")]
    Cancelled,
}

static CANCELLED: Fault = fault!("cancelled", "the work was cancelled");

impl Error {
    /// A file that could not be read.
    pub fn read(path: &Path, source: std::io::Error) -> Self {
        let path = path.display();
        let text =
            fault!("cannot-read", "cannot read {path}: {source}; check the path and its permissions", path, source);
        Self::File(text.with_source(source))
    }

    /// A file or folder that could not be written; nothing of it is left behind.
    pub fn write(path: &Path, source: std::io::Error) -> Self {
        let path = path.display();
        let text = fault!(
            "cannot-write",
            "cannot write {path}: {source}; choose another folder, free some space, or set its permissions",
            path,
            source
        );
        Self::File(text.with_source(source))
    }

    /// A packed model whose `model.json` is wrong.
    pub fn model(cause: Fault) -> Self {
        Self::Weights(fault!("model-json", "model.json: {cause}; get or pack the model again", cause = cause))
    }

    /// Fault that says what went wrong.
    pub fn fault(&self) -> &Fault {
        match self {
            Self::Weights(fault)
            | Self::Image(fault)
            | Self::Device(fault)
            | Self::Request(fault)
            | Self::Nothing(fault)
            | Self::File(fault) => fault,
            Self::Cancelled => &CANCELLED,
        }
    }

    /// Code of what is to be said about it.
    pub fn code(&self) -> &str {
        self.fault().code()
    }
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        error.fault().clone()
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn files_keep_the_systems_reason() {
        let error = Error::write(Path::new("out"), std::io::ErrorKind::StorageFull.into());
        assert_eq!(
            error.to_string(),
            "cannot write out: no storage space; choose another folder, free some space, or set its permissions"
        );
        let source = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
        assert_eq!(source.map(std::io::Error::kind), Some(std::io::ErrorKind::StorageFull));
        assert_eq!(error.code(), "cannot-write");
    }

    #[test]
    fn being_cancelled_is_a_kind_of_its_own() {
        assert_eq!(Error::Cancelled.to_string(), "the work was cancelled");
        assert_eq!((Error::Cancelled.code(), Error::Cancelled.source().is_none()), ("cancelled", true));
        assert_eq!(Fault::from(&Error::Cancelled), *Error::Cancelled.fault());
    }
}
