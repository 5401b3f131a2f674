//! Faults: what was wrong, in a sentence that every language can say for itself.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Fault of a code, a sentence, and the arguments that stand in it.
///
/// Code and sentence are literals; the sentence has every argument as `{name}`, and nothing else in braces. A value is anything
/// that can be displayed. Faults inside the sentence come first: its cause, which stands there as `{cause}`, and others, whose names
/// are written with an `@`. A language says each of them by itself.
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
/// let [sum, mean] = [fault!("example-sum", "a sum"), fault!("example-mean", "a mean")];
/// let differs = fault!("example-differs", "{map} is {one} instead of {other}", @one = sum, @other = mean, map = "a.npy");
/// assert_eq!(differs.to_string(), "a.npy is a sum instead of a mean");
/// ```
#[macro_export]
macro_rules! fault {
    ($code:literal, $text:literal $(,)?) => {
        $crate::error::Fault::plain($code, $text)
    };
    ($code:literal, $text:literal, cause = $cause:expr $(, $($rest:tt)*)?) => {
        $crate::fault!($code, $text, @cause = $cause $(, $($rest)*)?)
    };
    ($code:literal, $text:literal, $(@$part:ident = $fault:expr),+ $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        let (($($part,)+), ($($name,)*)): (($($crate::fault!(@type $part),)+), _) =
            (($($fault,)+), ($($crate::fault!(@value $name $(, $value)?),)*));
        let text = format!(concat!($text), $($part = $part,)+ $($name = $name),*);
        $crate::error::Fault::new($code, [$((stringify!($name), $name)),*], [$((stringify!($part), $part)),+], text)
    }};
    ($code:literal, $text:literal $(, $name:ident $(= $value:expr)?)+ $(,)?) => {{
        let ($($name,)+) = ($($crate::fault!(@value $name $(, $value)?),)+);
        // With `concat!` nothing else that is in scope can stand in the sentence.
        let text = format!(concat!($text), $($name = $name),+);
        $crate::error::Fault::new($code, [$((stringify!($name), $name)),+], [], text)
    }};
    (@type $part:ident) => {
        $crate::error::Fault
    };
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
    /// Faults that stand in the sentence, the cause among them.
    parts: Vec<(Cow<'static, str>, Fault)>,
    text: Cow<'static, str>,
    /// Error of another library; it stays where it arose.
    #[serde(skip)]
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Fault {
    /// Fault whose sentence has no arguments.
    pub const fn plain(code: &'static str, text: &'static str) -> Self {
        Self { code: Cow::Borrowed(code), args: vec![], parts: vec![], text: Cow::Borrowed(text), source: None }
    }

    /// Fault with the arguments that stand in `text`, for [`fault!`](crate::fault!).
    #[doc(hidden)]
    pub fn new<const N: usize, const M: usize>(
        code: &'static str,
        args: [(&'static str, String); N],
        parts: [(&'static str, Self); M],
        text: String,
    ) -> Self {
        let args = args.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect();
        let parts = parts.into_iter().map(|(name, fault)| (Cow::Borrowed(name), fault)).collect();
        Self { code: Cow::Borrowed(code), args, parts, text: Cow::Owned(text), source: None }
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
            parts: self.parts.into_iter().map(|(name, fault)| (name, fault.map(change))).collect(),
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

    /// Names and faults whose sentences stand in this one.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &Self)> {
        self.parts.iter().map(|(name, fault)| (name.as_ref(), fault))
    }

    /// Fault whose sentence stands in this one as `{cause}`.
    pub fn cause(&self) -> Option<&Self> {
        self.parts().find(|(name, _)| *name == "cause").map(|(_, fault)| fault)
    }
}

/// Equality of what two faults say; where they came from does not matter.
impl PartialEq for Fault {
    fn eq(&self, other: &Self) -> bool {
        (&self.code, &self.args, &self.parts, &self.text) == (&other.code, &other.args, &other.parts, &other.text)
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Error;
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
        assert_eq!(outer.parts().collect::<Vec<_>>(), [("cause", &inner)]);
        assert_eq!(outer.source().map(ToString::to_string), Some(inner.to_string()));
    }

    #[test]
    fn values_are_taken_before_names_are_given() {
        let (width, height) = (2, 3);
        let fault = fault!("test-turned", "{width} x {height}", width = height, height = width);
        assert_eq!(fault.to_string(), "3 x 2");
        let (one, other) = (fault!("test-one", "1"), fault!("test-other", "2"));
        let fault =
            fault!("test-parts", "{one} x {other} ({own})", @one = other.clone(), @other = one.clone(), own = one);
        assert_eq!(fault.to_string(), "2 x 1 (1)");
    }

    #[test]
    fn a_fault_survives_the_wire_without_its_source() {
        let error = Error::read(Path::new("a.json"), std::io::ErrorKind::NotFound.into());
        let json = serde_json::to_vec(error.fault()).unwrap();
        let read: Fault = serde_json::from_slice(&json).unwrap();
        assert_eq!(&read, error.fault());
        assert!(read.source().is_none());
    }
}
