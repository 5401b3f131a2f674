//! Parameters of methods: what may be given, in which range, and where nothing is said.
//!
//! ```
//! use convscope_core::param::{Param, Value};
//! const MASKS: Param = Param::int("masks", "Masks", "How many masked images are tried", 16, 16_000, 2_000);
//! assert_eq!(MASKS.parse("500").unwrap(), Value::Int(500));
//! assert_eq!(MASKS.parse("5").unwrap_err().to_string(), "masks is 5, but must be from 16 to 16000");
//! ```

mod values;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::card::Text;
use crate::error::Fault;
use crate::explain::{BoundingBox, Channels, Weights};
use crate::fault;
pub use values::Values;

/// Parameter of a method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Param {
    /// Name on the command line and in links.
    pub id: Text,
    /// Name for people.
    pub title: Text,
    /// Sentence without full stop.
    pub help: Text,
    /// Range and default.
    pub kind: Kind,
    /// Default where a person waits in front of a page, if it is another.
    pub quick: Option<Value>,
}

/// Range and default of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A whole number.
    Int {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
        /// Value where nothing is said.
        default: i64,
    },
    /// A number.
    Float {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
        /// Value where nothing is said.
        default: f64,
    },
    /// One of a few names.
    Choice {
        /// The names, each with a sentence for help.
        choices: Cow<'static, [(Text, Text)]>,
        /// Name where nothing is said.
        default: Text,
    },
    /// Channels of the layer, as [`Channels`] are written.
    Channels {
        /// Channels where nothing is said.
        default: Text,
    },
    /// A weighted sum of the layer's channels, as [`Weights`] are written.
    Weights {
        /// Weights where nothing is said.
        default: Text,
    },
    /// A box in the image, as a [`BoundingBox`] is written.
    Box {
        /// Box where nothing is said.
        default: Text,
    },
    /// Seed of random numbers: the same seed, the same result.
    Seed,
}

/// Value of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Value of [`Kind::Int`] and [`Kind::Seed`].
    Int(i64),
    /// Value of [`Kind::Float`].
    Float(f64),
    /// Value of [`Kind::Choice`], [`Kind::Channels`], [`Kind::Weights`] and [`Kind::Box`].
    Text(Text),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Int(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Text(value) => value.fmt(f),
        }
    }
}

impl Value {
    /// The value in JSON, without its kind.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Int(value) => (*value).into(),
            Self::Float(value) => (*value).into(),
            Self::Text(value) => value.as_ref().into(),
        }
    }
}

impl Param {
    const fn new(id: &'static str, title: &'static str, help: &'static str, kind: Kind) -> Self {
        Self { id: Cow::Borrowed(id), title: Cow::Borrowed(title), help: Cow::Borrowed(help), kind, quick: None }
    }

    /// The parameter with another default where a person waits in front of a page.
    #[must_use]
    pub const fn quick(mut self, value: Value) -> Self {
        // A value in place is forgotten, not dropped: a constant function cannot drop.
        std::mem::forget(self.quick.replace(value));
        self
    }

    /// A whole number from `min` to `max`.
    pub const fn int(
        id: &'static str,
        title: &'static str,
        help: &'static str,
        min: i64,
        max: i64,
        default: i64,
    ) -> Self {
        Self::new(id, title, help, Kind::Int { min, max, default })
    }

    /// A number from `min` to `max`.
    pub const fn float(
        id: &'static str,
        title: &'static str,
        help: &'static str,
        min: f64,
        max: f64,
        default: f64,
    ) -> Self {
        Self::new(id, title, help, Kind::Float { min, max, default })
    }

    /// One of a few names.
    pub const fn choice(
        id: &'static str,
        title: &'static str,
        help: &'static str,
        choices: &'static [(Text, Text)],
        default: &'static str,
    ) -> Self {
        let kind = Kind::Choice { choices: Cow::Borrowed(choices), default: Cow::Borrowed(default) };
        Self::new(id, title, help, kind)
    }

    /// Channels of a layer.
    pub const fn channels(id: &'static str, title: &'static str, help: &'static str, default: &'static str) -> Self {
        Self::new(id, title, help, Kind::Channels { default: Cow::Borrowed(default) })
    }

    /// A weighted sum of a layer's channels.
    pub const fn weights(id: &'static str, title: &'static str, help: &'static str, default: &'static str) -> Self {
        Self::new(id, title, help, Kind::Weights { default: Cow::Borrowed(default) })
    }

    /// A box in the image.
    pub const fn bounding_box(
        id: &'static str,
        title: &'static str,
        help: &'static str,
        default: &'static str,
    ) -> Self {
        Self::new(id, title, help, Kind::Box { default: Cow::Borrowed(default) })
    }

    /// A seed of random numbers.
    pub const fn seed(id: &'static str, title: &'static str, help: &'static str) -> Self {
        Self::new(id, title, help, Kind::Seed)
    }

    /// The value where nothing is said.
    pub fn default(&self) -> Value {
        match &self.kind {
            Kind::Int { default, .. } => Value::Int(*default),
            Kind::Float { default, .. } => Value::Float(*default),
            Kind::Choice { default, .. }
            | Kind::Channels { default }
            | Kind::Weights { default }
            | Kind::Box { default } => Value::Text(default.clone()),
            Kind::Seed => Value::Int(0),
        }
    }

    /// The value that `text` spells.
    ///
    /// # Errors
    /// What may be given.
    pub fn parse(&self, text: &str) -> Result<Value, Fault> {
        let text = text.trim();
        let value = match &self.kind {
            Kind::Int { .. } | Kind::Seed => text.parse().map(Value::Int).ok(),
            Kind::Float { .. } => text.parse().map(Value::Float).ok(),
            Kind::Choice { .. } | Kind::Channels { .. } | Kind::Weights { .. } | Kind::Box { .. } => {
                Some(Value::Text(text.to_owned().into()))
            }
        };
        let value = value.ok_or_else(|| self.unfit(format_args!("{text:?}")))?;
        self.check(&value)?;
        Ok(value)
    }

    /// Checks that a value is of the parameter's kind and in its range.
    ///
    /// # Errors
    /// What may be given.
    pub fn check(&self, value: &Value) -> Result<(), Fault> {
        let fits = match (&self.kind, value) {
            (Kind::Int { min, max, .. }, Value::Int(value)) => (min..=max).contains(&value),
            (Kind::Float { min, max, .. }, Value::Float(value)) => (min..=max).contains(&value),
            (Kind::Choice { choices, .. }, Value::Text(value)) => choices.iter().any(|(name, _)| name == value),
            (Kind::Channels { .. }, Value::Text(value)) => value.parse::<Channels>().is_ok(),
            (Kind::Weights { .. }, Value::Text(value)) => value.parse::<Weights>().is_ok(),
            (Kind::Box { .. }, Value::Text(value)) => value.parse::<BoundingBox>().is_ok(),
            (Kind::Seed, Value::Int(value)) => *value >= 0,
            _ => false,
        };
        if fits { Ok(()) } else { Err(self.unfit(value)) }
    }

    fn unfit(&self, value: impl std::fmt::Display) -> Fault {
        let param = &self.id;
        fault!("parameter-unfit", "{param} is {value}, but must be {cause}", cause = self.range(), param, value)
    }

    /// Values that may be given, as the end of a sentence.
    pub fn range(&self) -> Fault {
        match &self.kind {
            Kind::Int { min, max, .. } => within(min, max),
            Kind::Float { min, max, .. } => within(min, max),
            Kind::Choice { choices, .. } => {
                let names: Vec<&str> = choices.iter().map(|(name, _)| name.as_ref()).collect();
                fault!("range-choices", "one of {names}", names = names.join(", "))
            }
            Kind::Channels { .. } => {
                fault!("range-channels", "numbers as in 3,7 or 0..63, the best few as in top4, or all")
            }
            Kind::Weights { .. } => fault!("range-weights", "channels with weights as in 3, -0.5*7, or random"),
            Kind::Box { .. } => fault!("range-box", "four shares of the image's sides as in 0.25,0.25,0.5,0.5"),
            Kind::Seed => fault!("range-seed", "a whole number from 0"),
        }
    }

    /// Name of the kind, as `convscope methods --json` gives it.
    pub const fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Int { .. } => "int",
            Kind::Float { .. } => "float",
            Kind::Choice { .. } => "choice",
            Kind::Channels { .. } => "channels",
            Kind::Weights { .. } => "weights",
            Kind::Box { .. } => "box",
            Kind::Seed => "seed",
        }
    }
}

fn within(min: impl std::fmt::Display, max: impl std::fmt::Display) -> Fault {
    fault!("range-numbers", "from {min} to {max}", min, max)
}
