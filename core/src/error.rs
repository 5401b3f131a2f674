//! The one error type. A variant says whose fault it was; its text is one sentence: what was wrong, where, and what to do.

use std::path::{Path, PathBuf};

/// The result of everything that can fail in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, by whose fault it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A packed model or one of its shards is damaged, incomplete, or of a kind this version does not read.
    #[error("{0}")]
    Weights(String),
    /// A file that should be a picture is none, or is of a size that cannot be worked on.
    #[error("{0}")]
    Picture(String),
    /// The asked-for device is not there, or stopped working.
    #[error("{0}")]
    Device(String),
    /// The request names a model, class, layer, method or convention that does not exist or does not fit.
    #[error("{0}")]
    Request(String),
    /// The request can be carried out, but nothing comes of it.
    #[error("{0}")]
    Nothing(String),
    /// A file could not be read or written.
    #[error("{action} {path}: {source}; {advice}")]
    File {
        /// What was being done, as the start of a sentence.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
        /// What the reader can do about it.
        advice: &'static str,
    },
    /// The user cancelled the work.
    #[error("the work was cancelled")]
    Cancelled,
}

impl Error {
    /// A file that could not be read.
    pub fn read(path: &Path, source: std::io::Error) -> Self {
        Self::File { action: "cannot read", path: path.into(), source, advice: "check the path and its permissions" }
    }

    /// A file or folder that could not be written; nothing of it is left behind.
    pub fn write(path: &Path, source: std::io::Error) -> Self {
        Self::File {
            action: "cannot write",
            path: path.into(),
            source,
            advice: "choose another folder, free some space, or set its permissions",
        }
    }
}
