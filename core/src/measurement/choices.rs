//! What metrics may be asked for, and what their numbers are beside.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::card::Text;
use crate::explain::Score;
use crate::named::{Named, named};

/// Map that knows nothing of the network. Explanations often do not beat such maps (Clark et al. 2023,
/// <https://arxiv.org/abs/2306.12816>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// Random numbers in 14 x 14 cells, as coarse as a late layer's map, enlarged as maps are.
    Random,
    /// A Gaussian in the middle; its standard deviation is a quarter of each side.
    Center,
    /// The image's own edges, by Sobel's operator.
    Edges,
}

named!(Reference {
    Random = "random", "Random numbers in 14 x 14 cells";
    Center = "center", "A Gaussian in the middle of the image";
    Edges = "edges", "The image's own edges";
});

/// Which of two readings of a metric is the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The higher.
    Higher,
    /// The lower.
    Lower,
    /// Neither: it describes a map, and judges none.
    Neither,
}

impl Better {
    /// Whether one reading is better than another; unknown where neither is.
    pub fn beats(self, one: f64, other: f64) -> Option<bool> {
        match self {
            Self::Higher => Some(one > other),
            Self::Lower => Some(one < other),
            Self::Neither => None,
        }
    }

    /// Name, as reports and JSON say it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
            Self::Neither => "neither",
        }
    }
}

/// Which pixels come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Those with the largest numbers.
    Most,
    /// Those with the smallest.
    Least,
}

named!(Order {
    Most = "most", "Those that the map ranks highest first";
    Least = "least", "Those that the map ranks lowest first";
});

/// Which layers get random weights at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Randomization {
    /// All from the classes down to one.
    Cascading,
    /// One.
    Independent,
}

named!(Randomization {
    Cascading = "cascading", "All layers from the classes down to one, one more at each step";
    Independent = "independent", "One layer at each step, while the others stay as they were trained";
});

/// How alike two maps are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Similarity {
    /// Spearman's rank correlation.
    Spearman,
    /// Structural similarity.
    Ssim,
}

named!(Similarity {
    Spearman = "spearman", "Spearman's rank correlation, -1 to 1";
    Ssim = "ssim", "Structural similarity of the maps as they are shown, -1 to 1";
});

impl Named for Score {
    const CHOICES: &'static [Self] = &[Self::Probability, Self::Logit];

    fn name(self) -> &'static str {
        self.name()
    }

    fn about(self) -> &'static str {
        match self {
            Self::Probability => "The class's softmax probability",
            Self::Logit => "The class's logit, on which no other class has an influence",
        }
    }
}

/// Scores as the choices of a parameter.
pub const SCORES: &[(Text, Text)] = &[
    (Cow::Borrowed("probability"), Cow::Borrowed("The class's softmax probability")),
    (Cow::Borrowed("logit"), Cow::Borrowed("The class's logit, on which no other class has an influence")),
];
