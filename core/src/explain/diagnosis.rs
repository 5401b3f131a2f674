//! Diagnoses of maps: what is to be known before one is believed, and what to try.

use std::fmt::{Display, Formatter};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Blank;
use crate::image::Plane;

/// The largest difference in a map that is the same everywhere, as a share of its largest magnitude.
const UNIFORM: f32 = 1e-4;
/// How near to 1 a probability is whose gradient is made of what rounding leaves: `p (1 - p)` is below it.
const SATURATED: f32 = 1e-4;

/// Something about a map that a reader may take for a finding, and is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Diagnosis {
    /// The map shows nothing.
    Blank(Blank),
    /// It is the same everywhere.
    Uniform,
    /// It is one number.
    OnePlace,
    /// It is made of the gradient of a probability that is all but 1.
    Saturated,
    /// It is the same for another class.
    SameForClasses,
    /// Behind the layer everything is averaged over all places, so that gradients are the same at every place and Grad-CAM, HiResCAM and
    /// XGrad-CAM coincide (Draelos and Carin 2020, <https://arxiv.org/abs/2011.08891>).
    Coincide,
}

impl Diagnosis {
    /// All of them, those of blank maps first.
    pub const ALL: [Self; 13] = [
        Self::Blank(Blank::NotFinite),
        Self::Blank(Blank::NoGradient),
        Self::Blank(Blank::SaturatedSoftmax),
        Self::Blank(Blank::DeadLayer),
        Self::Blank(Blank::AllNegative),
        Self::Blank(Blank::NoEffect),
        Self::Blank(Blank::NothingInCommon),
        Self::Blank(Blank::Cancelled),
        Self::Uniform,
        Self::OnePlace,
        Self::Saturated,
        Self::SameForClasses,
        Self::Coincide,
    ];

    /// What can be said of a map by its numbers alone.
    pub(super) fn of_numbers(signed: &Plane, blank: Option<Blank>) -> Option<Self> {
        let (least, most) = (signed.min(), signed.max());
        match blank {
            Some(blank) => Some(Self::Blank(blank)),
            None if signed.values.len() == 1 => Some(Self::OnePlace),
            None if most - least <= UNIFORM * most.abs().max(least.abs()) => Some(Self::Uniform),
            None => None,
        }
    }

    /// Whether a probability is so near to 1 that its gradient says little.
    pub fn is_saturated(probability: f32) -> bool {
        probability > 0.5 && 1.0 - probability < SATURATED
    }

    /// Name in JSON, and of its words in a page's catalogue.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Blank(Blank::NotFinite) => "not-finite",
            Self::Blank(Blank::NoGradient) => "no-gradient",
            Self::Blank(Blank::SaturatedSoftmax) => "saturated-softmax",
            Self::Blank(Blank::DeadLayer) => "dead-layer",
            Self::Blank(Blank::AllNegative) => "all-negative",
            Self::Blank(Blank::NoEffect) => "no-effect",
            Self::Blank(Blank::NothingInCommon) => "nothing-in-common",
            Self::Blank(Blank::Cancelled) => "cancelled",
            Self::Uniform => "uniform",
            Self::OnePlace => "one-place",
            Self::Saturated => "saturated",
            Self::SameForClasses => "same-for-classes",
            Self::Coincide => "coincide",
        }
    }

    /// What to try.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Blank(Blank::NotFinite) => "check the model's preprocessing and weights",
            Self::Blank(Blank::NoGradient) => "choose another layer, or a method that covers parts of the image",
            Self::Blank(Blank::SaturatedSoftmax) | Self::Saturated => {
                "explain the logit, or a contrast with the second class"
            }
            Self::Blank(Blank::DeadLayer) => {
                "choose an earlier layer, and check the preprocessing: a wrong scale or mean kills layers"
            }
            Self::Blank(Blank::AllNegative) => "look at the map with its sign, or ask what speaks against the class",
            Self::Blank(Blank::NoEffect) => "take larger squares or fewer cells, or explain the logit",
            Self::Blank(Blank::NothingInCommon) => "fuse the maps of the layers by another rule, or choose one layer",
            Self::Blank(Blank::Cancelled) => "choose an earlier layer, where they lie at different places",
            Self::Uniform => "choose another layer, or a method that weighs place by place",
            Self::OnePlace => "choose an earlier layer, which has more places",
            Self::SameForClasses => {
                "trust it as a picture of edges at most; ask for a contrast of the two classes, or use another method"
            }
            Self::Coincide => "choose an earlier layer to tell them apart",
        }
    }

    /// The finding in JSON: its name, what it says and what to try.
    pub fn json(self) -> Value {
        json!({ "id": self.name(), "says": self.to_string(), "try": self.advice() })
    }
}

impl Display for Diagnosis {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Blank(blank) => return blank.fmt(f),
            Self::Uniform => "the map is the same everywhere, so its bright places mean nothing",
            Self::OnePlace => "the layer has a single place, so its map is one number and shows no place in the image",
            Self::Saturated => {
                "the probability is so near 1 that its gradient all but vanishes, and the map is made of what is left"
            }
            Self::SameForClasses => "the map is the same for another class, so it does not tell what the class depends on",
            Self::Coincide => {
                "behind this layer everything is averaged over all places, so Grad-CAM, HiResCAM and XGrad-CAM are one and the same here"
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(values: &[f32]) -> Option<Diagnosis> {
        Diagnosis::of_numbers(&Plane::new(values.len(), 1, values.to_vec()), None)
    }

    #[test]
    fn numbers_tell_what_is_no_finding() {
        assert_eq!(found(&[1.0, 1.00005, 1.0]), Some(Diagnosis::Uniform));
        assert_eq!(found(&[1.0, 1.0005, 1.0]), None);
        assert_eq!(found(&[1e-9, 2e-9]), None, "small is not uniform");
        assert_eq!(found(&[3.0]), Some(Diagnosis::OnePlace));
        let blank = Diagnosis::of_numbers(&Plane::new(2, 1, vec![0.0; 2]), Some(Blank::DeadLayer));
        assert_eq!(blank, Some(Diagnosis::Blank(Blank::DeadLayer)));
        assert_eq!([0.999, 0.99995, 1.0, 1e-9].map(Diagnosis::is_saturated), [false, true, true, false]);
    }

    #[test]
    fn every_finding_has_words_of_its_own() {
        for (index, one) in Diagnosis::ALL.iter().enumerate() {
            assert!(!one.to_string().ends_with('.') && !one.advice().ends_with('.'));
            for other in &Diagnosis::ALL[..index] {
                assert!(one.name() != other.name() && one.to_string() != other.to_string());
            }
        }
        let told = Diagnosis::Uniform.json();
        assert_eq!((&told["id"], told["try"].as_str().is_some()), (&json!("uniform"), true));
    }
}
