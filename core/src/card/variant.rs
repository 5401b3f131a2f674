//! Conventions of methods, as their cards name them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Text;
use crate::param::Value;

/// Convention of a method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// Name of the [`Convention`](crate::explain::Convention).
    pub name: Text,
    /// Decisions it makes, as the end of a sentence.
    pub describes: Text,
    /// Defaults of parameters that differ from the parameters' own.
    pub defaults: Cow<'static, [(Text, Value)]>,
}

impl Variant {
    /// A convention that changes no default.
    pub const fn new(name: &'static str, describes: &'static str) -> Self {
        Self::with(name, describes, &[])
    }

    /// A convention with its own defaults.
    pub const fn with(name: &'static str, describes: &'static str, defaults: &'static [(Text, Value)]) -> Self {
        Self { name: Cow::Borrowed(name), describes: Cow::Borrowed(describes), defaults: Cow::Borrowed(defaults) }
    }
}

/// Conventions of explaining a class: the papers' and the Keras notebooks'.
pub const CLASS_CONVENTIONS: &[Variant] = &[
    Variant::new("paper", "as in the paper: the gradient of the class's logit, the sum over the channels"),
    Variant::new(
        "keras_notebook",
        "as in the Keras notebooks: the gradient of the softmax probability, the mean over the channels, jet added to the image",
    ),
];

/// Conventions of methods that read scores: of the papers, the probability; and the logit, which no other class moves.
pub const SCORE_CONVENTIONS: &[Variant] = &[
    Variant::new("softmax", "as in the paper: the class's softmax probability"),
    Variant::new("logit", "the class's logit, on which no other class has an influence"),
];
