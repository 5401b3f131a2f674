//! Tools of this field disagree in small ways; a convention is a named set of those choices.

use serde::{Deserialize, Serialize};

use super::Synthesis;
use crate::error::{Error, Result};
use crate::fault;
use crate::image::Image;
use crate::preprocess::Channels;
use crate::render::{Colours, as_it_is, deprocess};

/// What is differentiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Score {
    /// The class's logit; of a network whose outputs are no probabilities, its raw output; of a sum of classes, the sum of theirs.
    Logit,
    /// The class's probability: a softmax, or a sigmoid where each class is a question of its own. Of a sum of classes it is the sum of
    /// their probabilities, so that of `a - b` is `p_a - p_b`, and that of `not a` is `-p_a`. Its gradient contrasts the classes, and vanishes as the probability nears 1.
    Probability,
}

impl Score {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Logit => "logit",
            Self::Probability => "probability",
        }
    }
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

/// How a map is laid over the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// The image and the heat mixed by the opacity, in the colour map that was chosen.
    Blend,
    /// The notebook's: the map cut to 8 bits, OpenCV's jet, and `image + 0.4 * heat`, saturating.
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
    /// Whether a channel's reconstruction is rectified at the input too.
    #[serde(skip)]
    pub rectify_input: bool,
    /// Layers whose reconstructions are drawn as they are, by what their names begin with.
    #[serde(skip)]
    pub raw_layers: Option<&'static str>,
    /// How images are made that excite a unit.
    #[serde(skip)]
    pub synthesis: Synthesis,
}

impl Convention {
    /// Grad-CAM as its paper has it (Selvaraju et al. 2016, <https://arxiv.org/abs/1610.02391>, equations 1 and 2).
    pub const PAPER: Self = Self {
        name: "paper",
        score: Score::Logit,
        reduce: Reduce::Sum,
        style: Style::Blend,
        colours: Colours::True,
        rectify_input: false,
        raw_layers: None,
        synthesis: Synthesis::LUCID,
    };

    /// Grad-CAM and deconvnet as the Keras notebooks of convnet-interpretability-keras have them. Their quirks:
    ///
    /// - Differentiated is the softmax probability, not the logit ([`Score::Probability`]): its gradient vanishes as it nears 1.
    /// - Channels are averaged, not summed ([`Reduce::Mean`]), a factor that goes with the division by the maximum.
    /// - Each layer's map is divided by its own maximum, so layers do not compare. The notebook does so without a guard and gets NaN
    ///   where nothing is positive; that is not repeated: such a map is zero and says why ([`Blank`](super::Blank)).
    /// - Heat is enlarged to the image's own size (OpenCV's bilinear), cut to 8 bits, coloured with jet, and 0.4 of it is added to
    ///   the image, which saturates ([`Style::AddJet`]).
    /// - The image is squashed to 224 x 224 whatever its aspect ratio, by the nearest pixel: Keras's `load_img`. That is a matter
    ///   of the model's [`Preprocessing`](crate::preprocess::Preprocessing), so it holds in every convention.
    /// - `BGR` images are shown as if they were `RGB`: blue comes out red ([`Colours::AsStored`]).
    /// - A deconvnet's image is rectified at the input too ([`Convention::rectify_input`]), and from the
    ///   first block it is drawn as it is ([`Convention::draw`]).
    pub const KERAS_NOTEBOOK: Self = Self {
        name: "keras_notebook",
        score: Score::Probability,
        reduce: Reduce::Mean,
        style: Style::AddJet,
        colours: Colours::AsStored,
        rectify_input: true,
        raw_layers: Some("block1"),
        synthesis: Synthesis::KERAS_NOTEBOOK,
    };

    /// Feature visualisation as lucid has it ([`Synthesis::LUCID`]).
    pub const LUCID: Self = Self { name: "lucid", ..Self::PAPER };

    /// Scores read as softmax probabilities.
    pub const SOFTMAX: Self = Self { name: "softmax", score: Score::Probability, ..Self::PAPER };

    /// Scores read as logits.
    pub const LOGIT: Self = Self { name: "logit", ..Self::PAPER };

    /// All conventions.
    pub const ALL: [Self; 5] = [Self::PAPER, Self::KERAS_NOTEBOOK, Self::LUCID, Self::SOFTMAX, Self::LOGIT];

    /// An image `[3, height, width]` in the space of the input that came down from `layer`, for people: with its contrast set by
    /// [`deprocess`]. The notebook's quirk: those of its first block, which it names `block1`, are drawn as they are.
    pub fn draw(&self, layer: &str, image: &[f32], [width, height]: [usize; 2], channels: Channels) -> Image {
        let raw = self.raw_layers.is_some_and(|start| layer.starts_with(start));
        let draw = if raw { as_it_is } else { deprocess };
        draw(image, width, height, channels, self.colours)
    }

    /// The convention of that name.
    ///
    /// # Errors
    /// [`Error::Request`] naming those there are.
    pub fn named(name: &str) -> Result<Self> {
        let names = || Self::ALL.map(|convention| convention.name).join(", ");
        let found = Self::ALL.into_iter().find(|convention| convention.name == name);
        found.ok_or_else(|| {
            let known = names();
            Error::Request(fault!(
                "convention-unknown",
                "there is no convention {name}; choose one of {known}",
                name,
                known
            ))
        })
    }
}
