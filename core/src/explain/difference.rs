//! What a map in one convention differs by from the same in another, and which choice makes the difference.

use serde::{Deserialize, Serialize};

use super::convention::list;
use super::statistics::correlation;
use super::{Convention, Field};
use crate::error::Fault;
use crate::fault;
use crate::image::Plane;

/// Largest difference of maps that are called the same: what is left is the rounding of float32.
const SAME: f32 = 1e-4;

/// Share of the difference that goes with a choice alone which is said to make it.
const MOST: f32 = 0.5;

/// Smallest share that is told of: less is rounding.
const LEAST: f32 = 0.005;

/// Difference of a map from the same in another convention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Pearson's correlation, -1 to 1; `None` where a map is the same everywhere.
    pub correlation: Option<f32>,
    /// The largest difference of two numbers.
    pub largest: f32,
    /// The root of the mean of the squares of all differences.
    pub root_mean_square: f32,
    /// Choices that make it, the one that makes most of it first, each with its share: how much less the root mean square is where
    /// that choice alone is made as in the other convention. Shares do not add up to 1, and are below 0 where a choice alone takes
    /// the maps further apart.
    pub shares: Vec<(Field, f32)>,
}

/// What makes a difference, as a sentence says it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// Nothing: the maps are the same but for rounding.
    None,
    /// One choice makes most of it; with that alone, this share is gone.
    One(Field, f32),
    /// Several choices together.
    Several {
        /// The choices that have an effect alone, or undo one.
        fields: Vec<Field>,
        /// The one that alone brings the maps nearest, and the share that is gone with it; `None` where none brings them nearer.
        nearest: Option<(Field, f32)>,
    },
}

impl Difference {
    /// The difference of two maps of one size as they are shown. `changed` are the maps of the first convention with one choice made
    /// as in the other, for every choice in which the two differ.
    pub fn of(first: &Plane, other: &Plane, changed: &[(Field, Plane)]) -> Self {
        let whole = root_mean_square(first, other);
        let share = |(field, plane): &(Field, Plane)| {
            let left = root_mean_square(plane, other);
            (*field, if whole > 0.0 { ((whole - left) / whole) as f32 } else { 0.0 })
        };
        let mut shares: Vec<(Field, f32)> = changed.iter().map(share).collect();
        shares.sort_by(|one, other| other.1.total_cmp(&one.1));
        let pairs = first.values.iter().zip(&other.values);
        Self {
            correlation: correlation(&first.values, &other.values).map(|one| one as f32),
            largest: pairs.fold(0.0, |most, (first, other)| most.max((other - first).abs())),
            root_mean_square: whole as f32,
            shares,
        }
    }

    /// What makes the difference.
    pub fn cause(&self) -> Cause {
        let nearest = self.shares.first().copied();
        match nearest {
            _ if self.largest <= SAME => Cause::None,
            Some((field, share)) if share >= MOST => Cause::One(field, share),
            _ => {
                let effective = self.shares.iter().filter(|(_, share)| share.abs() >= LEAST);
                let nearest = nearest.filter(|(_, share)| *share > 0.0);
                Cause::Several { fields: effective.map(|(field, _)| *field).collect(), nearest }
            }
        }
    }

    /// Sentence that says which choice makes the difference, or that none does: a [`Fault`], so that a page says it in its own language.
    pub fn sentence(&self, first: &Convention, other: &Convention) -> Fault {
        let convention = first.name;
        let percent = |share: f32| format!("{:.0}", 100.0 * share);
        match self.cause() {
            Cause::None => fault!(
                "difference-none",
                "The map is the same as that of {convention}; only colours and the way it is laid over the image may differ.",
                convention
            ),
            Cause::One(field, share) => fault!(
                "difference-cause",
                "The {cause} makes the difference from {convention}: {now} instead of {before}; with that alone, {percent} % of it is gone.",
                cause = field.name(),
                @now = field.words(other),
                @before = field.words(first),
                convention,
                percent = percent(share)
            ),
            Cause::Several { fields, nearest } => {
                let several = list(fields.into_iter().map(Field::name))
                    .unwrap_or(fault!("difference-small", "each by less than half a percent"));
                match nearest {
                    Some((field, share)) => fault!(
                        "difference-several",
                        "No single choice makes most of the difference from {convention}, but several together ({cause}); with the nearest \
                         alone, the {nearest}, {percent} % of it is gone.",
                        cause = several,
                        @nearest = field.name(),
                        convention,
                        percent = percent(share)
                    ),
                    None => fault!(
                        "difference-together",
                        "No single choice makes the difference from {convention}, but several together ({cause}); none of them alone brings \
                         the maps nearer.",
                        cause = several,
                        convention
                    ),
                }
            }
        }
    }
}

fn root_mean_square(first: &Plane, other: &Plane) -> f64 {
    let squares = first.values.iter().zip(&other.values).map(|(first, other)| f64::from(other - first).powi(2));
    (squares.sum::<f64>() / first.values.len().max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(values: [f32; 4]) -> Plane {
        Plane::new(2, 2, values.to_vec())
    }

    #[test]
    fn the_choice_that_brings_the_maps_together_is_the_cause() {
        let (first, other) = (plane([0.0, 0.0, 0.0, 1.0]), plane([0.5, 0.5, 0.5, 1.0]));
        let changed =
            [(Field::Enlargement, plane([0.0, 0.0, 0.1, 1.0])), (Field::Normalisation, plane([0.5, 0.5, 0.4, 1.0]))];
        let difference = Difference::of(&first, &other, &changed);
        assert_eq!(difference.largest, 0.5);
        // sqrt(3 / 16), and sqrt(0.01 / 4) of it.
        assert!((difference.root_mean_square - 0.433_012_7).abs() < 1e-6);
        let Cause::One(field, share) = difference.cause() else { panic!("{difference:?}") };
        assert!(field == Field::Normalisation && (share - (1.0 - 0.05 / 0.433_012_7)).abs() < 1e-5, "{share}");
        let sentence = difference.sentence(&Convention::PAPER, &Convention::PYTORCH_GRAD_CAM).to_string();
        assert!(
            sentence.starts_with("The normalisation makes the difference from paper: smallest to largest"),
            "{sentence}"
        );
        assert!(sentence.ends_with("88 % of it is gone."), "{sentence}");
        let parts = difference.sentence(&Convention::PAPER, &Convention::PYTORCH_GRAD_CAM);
        let parts: Vec<(&str, &str)> = parts.parts().map(|(name, fault)| (name, fault.code())).collect();
        assert_eq!(parts, [("cause", "choice-normalisation"), ("now", "list"), ("before", "range-layer")]);
    }

    #[test]
    fn where_no_choice_does_it_alone_the_sentence_says_so() {
        let (first, other) = (plane([0.0, 0.0, 0.0, 1.0]), plane([0.5, 0.5, 0.5, 1.0]));
        let says = |changed: &[(Field, Plane)]| {
            let difference = Difference::of(&first, &other, changed);
            assert!(matches!(difference.cause(), Cause::Several { .. }));
            difference.sentence(&Convention::PAPER, &Convention::CAPTUM).to_string()
        };
        let little = (Field::Enlargement, plane([0.1, 0.1, 0.1, 1.0]));
        let worse = (Field::Rectification, plane([-1.0, 0.0, 0.0, 1.0]));
        let sentence = says(&[worse.clone(), little]);
        assert!(sentence.contains("(enlargement, rectification)") && sentence.contains("20 %"), "{sentence}");
        // A choice that changes nothing is not told.
        let sentence = says(&[worse, (Field::Alpha, first.clone())]);
        assert!(sentence.contains("(rectification)") && sentence.ends_with("brings the maps nearer."), "{sentence}");
    }

    #[test]
    fn equal_maps_have_no_cause() {
        let one = plane([0.0, 0.2, 0.4, 1.0]);
        let difference = Difference::of(&one, &one, &[(Field::Score, one.clone())]);
        assert_eq!((difference.largest, difference.cause()), (0.0, Cause::None));
        assert!(difference.correlation.is_some_and(|correlation| (correlation - 1.0).abs() < 1e-6));
        assert_eq!(difference.sentence(&Convention::PAPER, &Convention::LOGIT).code(), "difference-none");
        assert_eq!(Difference::of(&one, &plane([0.0; 4]), &[]).correlation, None);
    }
}
