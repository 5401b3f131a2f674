//! Targets: what is explained, a weighted sum of a network's outputs.
//!
//! ```
//! use convscope_core::target::Target;
//!
//! let contrast: Target = "285 - 0.5 * 282".parse()?;
//! assert_eq!(contrast.terms().len(), 2);
//! assert_eq!(contrast.to_string(), "285 - 0.5 * 282");
//! assert_eq!(Target::from(285).to_string(), "285");
//! assert_eq!("not 285".parse::<Target>()?.value(|class| class as f32), -285.0);
//! # Ok::<(), convscope_core::Error>(())
//! ```

mod explained;
mod expression;

use std::fmt::{Display, Formatter};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use self::explained::Explained;
pub(crate) use self::expression::no_top;
pub use self::expression::{Expression, Place};
use crate::error::{Error, Result};
use crate::export::sha256;
use crate::fault;

/// The most terms that a file's name spells out; a longer sum is named by a hash of it.
const SPELLED: usize = 4;

/// Target of an explanation: `sum_i weight_i y_i` over outputs `y` of a network, be they logits, probabilities or raw outputs. A class is the
/// sum of one term of weight 1; a contrast of two classes `c` and `d` is `y_c - y_d`; what speaks against a class `c` is `-y_c`, whose
/// gradient is the negated one (Selvaraju et al. 2016, <https://arxiv.org/abs/1610.02391>, section 7).
///
/// It is serialised as the text that it is written as.
#[derive(Clone, Debug, PartialEq)]
pub struct Target(Vec<Term>);

/// Output with its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// Index of the output, that is of the class.
    pub class: usize,
    /// What it is multiplied with; neither 0 nor infinite.
    pub weight: f32,
}

impl Target {
    /// The sum of classes with their weights; those of a class that is there twice are added up.
    ///
    /// # Errors
    /// [`Error::Request`] where nothing is left, or a weight is infinite or not a number.
    pub fn new(terms: impl IntoIterator<Item = (usize, f32)>) -> Result<Self> {
        let mut kept: Vec<Term> = vec![];
        for (class, weight) in terms {
            match kept.iter_mut().find(|term| term.class == class) {
                Some(term) => term.weight += weight,
                None => kept.push(Term { class, weight }),
            }
        }
        kept.retain(|term| term.weight != 0.0);
        if kept.is_empty() {
            return Err(Error::Request(fault!(
                "target-nothing",
                "nothing is left to explain, since the weights of each class add up to 0; name two different classes, or one"
            )));
        }
        if let Some(term) = kept.iter().find(|term| !term.weight.is_finite()) {
            return Err(Error::Request(fault!(
                "target-weight",
                "the weight of class {class} is {weight}; give a number such as 0.5",
                class = term.class,
                weight = term.weight
            )));
        }
        Ok(Self(kept))
    }

    /// Outputs with their weights, in the order in which they were named; at least one, and none twice.
    pub fn terms(&self) -> &[Term] {
        &self.0
    }

    /// The class, where the target is one and no more.
    pub fn single(&self) -> Option<usize> {
        match self.0[..] {
            [Term { class, weight: 1.0 }] => Some(class),
            _ => None,
        }
    }

    /// The weighted sum of what `output` says of each class.
    pub fn value(&self, output: impl Fn(usize) -> f32) -> f32 {
        self.0.iter().map(|term| term.weight * output(term.class)).sum()
    }

    /// The weights of all of so many classes, most of them 0.
    ///
    /// # Errors
    /// The class that is not among them.
    pub fn weights(&self, classes: usize) -> Result<Vec<f32>, usize> {
        let mut weights = vec![0.0; classes];
        for term in &self.0 {
            *weights.get_mut(term.class).ok_or(term.class)? = term.weight;
        }
        Ok(weights)
    }

    /// The target as a part of a file's name, of letters, digits, `-` and `_`: `285`, `285-282`, `not-285`, `285_and_0_5x282`.
    pub fn file_word(&self) -> String {
        if self.0.len() > SPELLED {
            return format!("sum-of-{}-{}", self.0.len(), &sha256(self.to_string().as_bytes())[..8]);
        }
        let text = self.to_string().replace(" * ", "x").replace(" - ", "-").replace(" + ", "_and_");
        text.replace(' ', "-").replace('.', "_")
    }

    /// The text of the target, its classes called as `name` calls them.
    pub fn written(&self, name: impl Fn(usize) -> String) -> String {
        let times = |weight: f32| if weight == 1.0 { String::new() } else { format!("{weight} * ") };
        let mut text = String::new();
        for (index, term) in self.0.iter().enumerate() {
            let class = name(term.class);
            let part = match (index, term.weight) {
                (0, -1.0) if self.0.len() == 1 => format!("not {class}"),
                (0, weight) => format!("{}{class}", times(weight)),
                (_, weight) if weight < 0.0 => format!(" - {}{class}", times(-weight)),
                (_, weight) => format!(" + {}{class}", times(weight)),
            };
            text.push_str(&part);
        }
        text
    }
}

impl From<usize> for Target {
    fn from(class: usize) -> Self {
        Self(vec![Term { class, weight: 1.0 }])
    }
}

impl From<&Self> for Target {
    fn from(target: &Self) -> Self {
        target.clone()
    }
}

impl Display for Target {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.written(|class| class.to_string()))
    }
}

/// Reads a sum of indices. Names of classes need a model: [`Expression::parse`].
impl FromStr for Target {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let index = |text: &str| {
            text.parse().map(Place::Index).map_err(|_| {
                Error::Request(fault!(
                    "target-not-indices",
                    "{text} is no index of a class; write a target as 285 or 285 - 282",
                    text
                ))
            })
        };
        Expression::parse(text, index)?.resolve(&[])
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
