//! What metrics may be asked for, and what their numbers are beside.

use serde::{Deserialize, Serialize};

use crate::named::named;

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

impl Reference {
    /// Whether another image makes it another map.
    pub const fn depends_on_image(self) -> bool {
        matches!(self, Self::Edges)
    }
}

/// Which of those maps are measured too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Each.
    All,
    /// None.
    None,
}

named!(Compared {
    All = "all", "Random numbers, a Gaussian in the middle, and the image's edges";
    None = "none", "None";
});

impl Compared {
    /// The maps.
    pub const fn references(self) -> &'static [Reference] {
        match self {
            Self::All => Reference::ALL,
            Self::None => &[],
        }
    }
}

/// What the vertical axis of a curve counts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// The probability of one class, 0 to 1: people read it in per cent.
    Probability,
    /// Any other number: a logit, a raw output, a sum over several classes, or a correlation.
    #[default]
    Number,
}

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

impl Randomization {
    /// What the horizontal axis of the curve counts.
    pub const fn axis(self) -> &'static str {
        match self {
            Self::Cascading => "layers with random weights",
            Self::Independent => "depth of the layer with random weights",
        }
    }
}

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

impl Similarity {
    /// What the vertical axis of the curve measures.
    pub const fn axis(self) -> &'static str {
        match self {
            Self::Spearman => "rank correlation",
            Self::Ssim => "structural similarity",
        }
    }
}
