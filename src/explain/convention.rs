//! Tools of this field disagree in small ways; a convention is a named set of those choices.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::render::Colours;

/// What is differentiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Score {
    /// The class's logit.
    Logit,
    /// The class's softmax probability. Its gradient contrasts the classes, and vanishes as the probability nears 1.
    Probability,
}

/// How the weighted channels become one map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduce {
    /// Their sum.
    Sum,
    /// Their mean: the sum times a constant.
    Mean,
}

/// How a map is laid over the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// The picture and the heat mixed by the opacity, in the colour map that was chosen.
    Blend,
    /// The notebook's: the map cut to 8 bits, OpenCV's jet, and `picture + 0.4 * heat`, saturating.
    AddJet,
}

/// The choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Convention {
    /// Its name.
    pub name: &'static str,
    /// What is differentiated.
    pub score: Score,
    /// How the channels are put together.
    pub reduce: Reduce,
    /// How a map is drawn.
    pub style: Style,
    /// How the colours of an image in the space of the input are shown.
    pub colours: Colours,
}

impl Convention {
    /// Grad-CAM as its paper has it (Selvaraju et al. 2016, <https://arxiv.org/abs/1610.02391>, equations 1 and 2).
    pub const PAPER: Self =
        Self { name: "paper", score: Score::Logit, reduce: Reduce::Sum, style: Style::Blend, colours: Colours::True };

    /// Grad-CAM as the Keras notebook of convnet-interpretability-keras has it. Its quirks: the probability instead of the
    /// logit, the mean over channels instead of the sum, 0.4 times the heat added to the picture, and blue shown as red in images
    /// in the space of the input.
    pub const KERAS_NOTEBOOK: Self = Self {
        name: "keras_notebook",
        score: Score::Probability,
        reduce: Reduce::Mean,
        style: Style::AddJet,
        colours: Colours::AsStored,
    };

    /// All conventions.
    pub const ALL: [Self; 2] = [Self::PAPER, Self::KERAS_NOTEBOOK];

    /// The convention of that name.
    ///
    /// # Errors
    /// [`Error::Request`] naming those there are.
    pub fn named(name: &str) -> Result<Self> {
        let names = || Self::ALL.map(|convention| convention.name).join(", ");
        let found = Self::ALL.into_iter().find(|convention| convention.name == name);
        found.ok_or_else(|| Error::Request(format!("there is no convention {name}; choose one of {}", names())))
    }
}
