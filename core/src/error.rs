//! Errors: kinds to match on, each with a fault that says what was wrong, where, and what to do.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Result of everything that can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Fault of a code, a sentence, and the arguments that stand in it.
///
/// Code and sentence are literals; the sentence has every argument as `{name}`, and nothing else in braces. A value is anything
/// that can be displayed. A fault inside the sentence is its cause: it stands there as `{cause}`, and first among the arguments.
///
/// ```
/// use convscope_core::fault;
///
/// let (model, labels) = ("vgg16", 1000);
/// let missing = fault!("example-no-class", "the model {model} has no class; it has 0 to {last}", model, last = labels - 1);
/// assert_eq!(missing.to_string(), "the model vgg16 has no class; it has 0 to 999");
/// let whole = fault!("example-file", "{file}: {cause}", cause = missing, file = "a.json");
/// assert_eq!(whole.to_string(), "a.json: the model vgg16 has no class; it has 0 to 999");
/// assert_eq!(whole.cause().map(|cause| cause.code()), Some("example-no-class"));
/// ```
#[macro_export]
macro_rules! fault {
    ($code:literal, $text:literal $(,)?) => {
        $crate::error::Fault::plain($code, $text)
    };
    ($code:literal, $text:literal, cause = $cause:expr $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        let cause: $crate::error::Fault = $cause;
        let ($($name,)*) = ($($crate::fault!(@value $name $(, $value)?),)*);
        let text = format!(concat!($text), cause = cause, $($name = $name),*);
        $crate::error::Fault::new($code, [$((stringify!($name), $name)),*], Some(cause), text)
    }};
    ($code:literal, $text:literal $(, $name:ident $(= $value:expr)?)+ $(,)?) => {{
        let ($($name,)+) = ($($crate::fault!(@value $name $(, $value)?),)+);
        // With `concat!` nothing else that is in scope can stand in the sentence.
        let text = format!(concat!($text), $($name = $name),+);
        $crate::error::Fault::new($code, [$((stringify!($name), $name)),+], None, text)
    }};
    (@value $name:ident) => {
        ::std::string::ToString::to_string(&$name)
    };
    (@value $name:ident, $value:expr) => {
        ::std::string::ToString::to_string(&$value)
    };
}

/// Fault: a code that names the sentence, its arguments, and the sentence in English. Other languages render the code and the
/// arguments by themselves.
///
/// [`fault!`](crate::fault!) makes one; the code stands at one place of the workspace only.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault {
    code: Cow<'static, str>,
    args: Vec<(Cow<'static, str>, String)>,
    cause: Option<Box<Fault>>,
    text: Cow<'static, str>,
    /// Error of another library; it stays where it arose.
    #[serde(skip)]
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Fault {
    /// Fault whose sentence has no arguments.
    pub const fn plain(code: &'static str, text: &'static str) -> Self {
        Self { code: Cow::Borrowed(code), args: vec![], cause: None, text: Cow::Borrowed(text), source: None }
    }

    /// Fault with the arguments that stand in `text`, for [`fault!`](crate::fault!).
    #[doc(hidden)]
    pub fn new<const N: usize>(
        code: &'static str,
        args: [(&'static str, String); N],
        cause: Option<Self>,
        text: String,
    ) -> Self {
        let args = args.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        Self { code: Cow::Borrowed(code), args, cause: cause.map(Box::new), text: Cow::Owned(text), source: None }
    }

    /// Sentence of another library, which is English in every language.
    pub fn foreign(error: impl StdError + Send + Sync + 'static) -> Self {
        fault!("foreign", "{error}", error).with_source(error)
    }

    /// Fault with its source: the error of another library that it comes from.
    #[must_use]
    pub fn with_source(self, source: impl StdError + Send + Sync + 'static) -> Self {
        Self { source: Some(Arc::new(source)), ..self }
    }

    /// Fault with `change` made to every text in it: names out of files may hold control characters that terminals obey.
    #[must_use]
    pub fn map(self, change: impl Fn(&str) -> String + Copy) -> Self {
        Self {
            args: self.args.into_iter().map(|(name, value)| (name, change(&value))).collect(),
            cause: self.cause.map(|cause| Box::new(cause.map(change))),
            text: change(&self.text).into(),
            ..self
        }
    }

    /// Code of the sentence: words in small letters, joined by `-`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Names and values that stand in the sentence.
    pub fn args(&self) -> impl Iterator<Item = (&str, &str)> {
        self.args.iter().map(|(name, value)| (name.as_ref(), value.as_str()))
    }

    /// Fault whose sentence stands in this one as `{cause}`.
    pub fn cause(&self) -> Option<&Self> {
        self.cause.as_deref()
    }
}

/// Equality of what two faults say; where they came from does not matter.
impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        (&self.code, &self.args, &self.cause, &self.text) == (&other.code, &other.args, &other.cause, &other.text)
    }
}

impl Eq for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Fault {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let cause = || self.cause().map(|cause| cause as &(dyn StdError + 'static));
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static)).or_else(cause)
    }
}

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
    use super::*;

    #[test]
    fn a_fault_says_its_arguments_and_its_cause() {
        let node = "conv1";
        let inner = fault!("test-window", "has a window of {reach} pixels", reach = 3 + 4);
        let outer = fault!(
            "test-node",
            "the node {node} {cause}; use {one} or {two}",
            cause = inner.clone(),
            node,
            one = 1,
            two = "2"
        );
        assert_eq!(outer.to_string(), "the node conv1 has a window of 7 pixels; use 1 or 2");
        assert_eq!(outer.args().collect::<Vec<_>>(), [("node", "conv1"), ("one", "1"), ("two", "2")]);
        assert_eq!((outer.code(), outer.cause()), ("test-node", Some(&inner)));
        assert_eq!(outer.source().map(ToString::to_string), Some(inner.to_string()));
    }

    #[test]
    fn values_are_taken_before_names_are_given() {
        let (width, height) = (2, 3);
        let fault = fault!("test-turned", "{width} x {height}", width = height, height = width);
        assert_eq!(fault.to_string(), "3 x 2");
    }

    #[test]
    fn a_fault_survives_the_wire_without_its_source() {
        let error = Error::read(Path::new("a.json"), std::io::ErrorKind::NotFound.into());
        let json = serde_json::to_vec(error.fault()).unwrap();
        let read: Fault = serde_json::from_slice(&json).unwrap();
        assert_eq!(&read, error.fault());
        assert!(read.source().is_none());
    }

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
