//! Conventions of methods, as their cards name them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Gives, Text};
use crate::explain::Convention;
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

impl Variant {
    /// One of the conventions there are, in its own words.
    const fn of(convention: &Convention) -> Self {
        Self::new(convention.name, convention.describes)
    }
}

/// Conventions of explaining a class: the papers' and the Keras notebooks'.
pub const CLASS_CONVENTIONS: &[Variant] = &[Variant::of(&Convention::PAPER), Variant::of(&Convention::KERAS_NOTEBOOK)];

/// Conventions of maps of layers: those of explaining a class, and how other libraries finish and draw such a map.
pub const MAP_CONVENTIONS: &[Variant] = &[
    Variant::of(&Convention::PAPER),
    Variant::of(&Convention::KERAS_NOTEBOOK),
    Variant::of(&Convention::PYTORCH_GRAD_CAM),
    Variant::of(&Convention::TORCH_CAM),
    Variant::of(&Convention::TF_KERAS_VIS),
    Variant::of(&Convention::CAPTUM),
    Variant::of(&Convention::XPLIQUE),
];

/// The conventions of explaining a class by what comes back, where a card names no others.
pub const fn usual_conventions(gives: Gives) -> &'static [Variant] {
    match gives {
        Gives::LayerMap { .. } => MAP_CONVENTIONS,
        _ => CLASS_CONVENTIONS,
    }
}

/// Conventions of methods that read scores: of the papers, the probability; and the logit, which no other class moves.
pub const SCORE_CONVENTIONS: &[Variant] = &[
    Variant::new("softmax", "as in the paper: the class's softmax probability"),
    Variant::new("logit", "the class's logit, on which no other class has an influence"),
];
