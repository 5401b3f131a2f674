//! Words for the choices of conventions, as parts of sentences: faults, so that a page says them in its own language.

use super::{Alpha, Field, Ranges, Reduce, Score};
use crate::error::Fault;
use crate::explain::Normalisation;
use crate::fault;
use crate::image::Enlargement;

impl Field {
    /// Name of the choice.
    pub const fn name(self) -> Fault {
        match self {
            Self::Score => fault!("choice-score", "score"),
            Self::Alpha => fault!("choice-alpha", "factor alpha"),
            Self::Reduction => fault!("choice-reduction", "channel reduction"),
            Self::Rectification => fault!("choice-rectification", "rectification"),
            Self::Normalisation => fault!("choice-normalisation", "normalisation"),
            Self::Enlargement => fault!("choice-enlargement", "enlargement"),
        }
    }
}

impl Score {
    /// Words for the score that is differentiated.
    pub(super) const fn words(self) -> Fault {
        match self {
            Self::Logit => fault!("score-logit", "the gradient of the logit"),
            Self::Probability => fault!("score-probability", "the gradient of the probability"),
        }
    }
}

impl Alpha {
    /// Words for the factor.
    pub(super) const fn words(self) -> Fault {
        match self {
            Self::Sum => fault!("alpha-sum", "alpha with the sum of the features"),
            Self::Mean => fault!("alpha-mean", "alpha with the mean of the features"),
            Self::Shares => fault!("alpha-shares", "alpha divided by its sum"),
            Self::Squares => fault!("alpha-squares", "alpha without its denominator"),
        }
    }
}

impl Reduce {
    /// Words for the reduction.
    pub(super) const fn words(self) -> Fault {
        match self {
            Self::Sum => fault!("reduce-sum", "the sum over the channels"),
            Self::Mean => fault!("reduce-mean", "the mean over the channels"),
        }
    }
}

/// Words for what becomes of that which speaks against the class.
pub(super) const fn of_rectification(rectifies: bool) -> Fault {
    if rectifies { fault!("rectified", "rectified") } else { fault!("rectified-not", "not rectified") }
}

impl Ranges {
    /// Words for the steps.
    pub(super) fn words(self) -> Fault {
        let layer = self.layer.words().map(|way| fault!("range-layer", "{cause} at the layer's size", cause = way));
        let enlarged = self.enlarged.words().map(|way| fault!("range-enlarged", "{cause} once enlarged", cause = way));
        let drawn = self.drawn.words().map(|way| fault!("range-drawn", "{cause} for the drawing", cause = way));
        list([layer, enlarged, drawn].into_iter().flatten()).unwrap_or(fault!("range-none", "left as it is"))
    }
}

impl Normalisation {
    /// Words for the way; none where nothing is done.
    fn words(self) -> Option<Fault> {
        match self {
            Self::None => None,
            Self::Maximum => Some(fault!("way-maximum", "divided by its largest number")),
            Self::MinMax { .. } => Some(fault!("way-min-max", "smallest to largest number made 0..1")),
            Self::Outliers { share } => Some(fault!(
                "way-outliers",
                "scaled so that {percent} % of its weight is cut off",
                percent = 100.0 * share
            )),
            Self::Percentiles { share } => Some(fault!(
                "way-percentiles",
                "cut {percent} % from either end and made 0..1",
                percent = 100.0 * share
            )),
        }
    }
}

impl Enlargement {
    /// Words for the way.
    pub(super) const fn words(self) -> Fault {
        match self {
            Self::Bilinear => fault!("enlargement-bilinear", "bilinear enlargement by pixel centres"),
            Self::Corners => fault!("enlargement-corners", "bilinear enlargement, corners to corners"),
            Self::Nearest => fault!("enlargement-nearest", "enlargement to the nearest"),
            Self::Bicubic => fault!("enlargement-bicubic", "bicubic enlargement"),
            Self::BicubicSteps => fault!("enlargement-bicubic-steps", "bicubic enlargement in steps"),
        }
    }
}

/// Several parts of a sentence as one; none of none.
pub(in crate::explain) fn list(parts: impl IntoIterator<Item = Fault>) -> Option<Fault> {
    parts.into_iter().reduce(|first, last| fault!("list", "{first}, {last}", @first = first, @last = last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_told_with_their_time() {
        let none = Ranges { layer: Normalisation::None, enlarged: Normalisation::None, drawn: Normalisation::None };
        assert_eq!(none.words().to_string(), "left as it is");
        let all = Ranges {
            layer: Normalisation::Maximum,
            enlarged: Normalisation::MinMax { epsilon: 0.0 },
            drawn: Normalisation::Percentiles { share: 0.02 },
        };
        assert_eq!(
            all.words().to_string(),
            "divided by its largest number at the layer's size, smallest to largest number made 0..1 once enlarged, \
             cut 2 % from either end and made 0..1 for the drawing"
        );
        assert_eq!(Normalisation::Outliers { share: 0.02 }.words().map(|way| way.code() == "way-outliers"), Some(true));
    }
}
