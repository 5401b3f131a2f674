//! The choices of a convention that change a map's numbers, one by one.

use serde::{Deserialize, Serialize};

use super::Convention;
use super::words::of_rectification;
use crate::error::Fault;

/// Choice that changes a map's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Number that is differentiated.
    Score,
    /// Factor of Grad-CAM++.
    Alpha,
    /// Way in which channels are put together.
    Reduction,
    /// Removal of what speaks against the class.
    Rectification,
    /// Steps in which numbers are brought into a range.
    Normalisation,
    /// Way in which the map is enlarged.
    Enlargement,
}

impl Field {
    /// All choices.
    pub const ALL: [Self; 6] =
        [Self::Score, Self::Alpha, Self::Reduction, Self::Rectification, Self::Normalisation, Self::Enlargement];

    /// The convention with this one choice made as in another.
    pub fn changed(self, convention: &Convention, other: &Convention) -> Convention {
        let mut changed = *convention;
        match self {
            Self::Score => changed.score = other.score,
            Self::Alpha => changed.alpha = other.alpha,
            Self::Reduction => changed.reduce = other.reduce,
            Self::Rectification => changed.rectifies = other.rectifies,
            Self::Normalisation => changed.ranges = other.ranges,
            Self::Enlargement => changed.enlargement = other.enlargement,
        }
        changed
    }

    /// Words for what a convention chose, as part of a sentence.
    pub fn words(self, convention: &Convention) -> Fault {
        match self {
            Self::Score => convention.score.words(),
            Self::Alpha => convention.alpha.words(),
            Self::Reduction => convention.reduce.words(),
            Self::Rectification => of_rectification(convention.rectifies),
            Self::Normalisation => convention.ranges.words(),
            Self::Enlargement => convention.enlargement.words(),
        }
    }

    /// The choices in which two conventions differ.
    pub fn differing(one: &Convention, other: &Convention) -> Vec<Self> {
        Self::ALL.into_iter().filter(|field| field.changed(one, other) != *one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changing_every_field_that_differs_leaves_no_difference_in_numbers() {
        for one in Convention::ALL {
            for other in Convention::ALL {
                let differing = Field::differing(&one, &other);
                let same = differing.iter().fold(one, |changed, field| field.changed(&changed, &other));
                assert_eq!(Field::differing(&same, &other), [], "{} to {}", one.name, other.name);
                assert!(differing.iter().all(|field| field.words(&one) != field.words(&other)), "{differing:?}");
            }
        }
        let fields = Field::differing(&Convention::PAPER, &Convention::KERAS_NOTEBOOK);
        assert_eq!(fields, [Field::Score, Field::Reduction]);
    }
}
