//! The choices of a convention that change a map's numbers, one by one.

use serde::{Deserialize, Serialize};

use super::Convention;

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

    /// Name in JSON, and of its words in a page's catalogue.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Alpha => "alpha",
            Self::Reduction => "reduction",
            Self::Rectification => "rectification",
            Self::Normalisation => "normalisation",
            Self::Enlargement => "enlargement",
        }
    }

    /// Name of the choice.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Alpha => "Grad-CAM++ alpha",
            Self::Reduction => "channel reduction",
            Self::Rectification => "rectification",
            Self::Normalisation => "normalisation",
            Self::Enlargement => "enlargement",
        }
    }

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
    pub fn words(self, convention: &Convention) -> String {
        match self {
            Self::Score => format!("the gradient of the {}", convention.score.name()),
            Self::Alpha => convention.alpha.words().into(),
            Self::Reduction => format!("the {} over the channels", convention.reduce.name()),
            Self::Rectification => if convention.rectifies { "rectified" } else { "not rectified" }.into(),
            Self::Normalisation => convention.ranges.words(),
            Self::Enlargement => convention.enlargement.words().into(),
        }
    }

    /// Name of the first convention that chose the same, by which a page's catalogue finds words for the choice.
    pub fn first_like(self, convention: &Convention) -> &'static str {
        let same = |other: &Convention| self.changed(convention, other) == *convention;
        Convention::ALL.into_iter().find(same).map_or(convention.name, |first| first.name)
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
        assert_eq!(Field::Enlargement.first_like(&Convention::PYTORCH_GRAD_CAM), "paper");
        assert_eq!(Field::Normalisation.first_like(&Convention::PYTORCH_GRAD_CAM), "pytorch_grad_cam");
        for field in Field::ALL {
            assert_eq!(serde_json::to_value(field).unwrap(), field.id());
        }
        let fields = Field::differing(&Convention::PAPER, &Convention::KERAS_NOTEBOOK);
        assert_eq!(fields, [Field::Score, Field::Reduction]);
    }
}
