//! Cards: what a method says of itself, as data. Everything that lists, asks for or describes methods is derived from them: the
//! page's picker and forms, the command line's help, links, file names, reports and the README's table.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::named::named;
use crate::param::Param;

/// Text of a card: of this program, or received.
pub type Text = Cow<'static, str>;

/// Description of a method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Name on the command line, in links and in file names.
    pub id: Text,
    /// Name for people.
    pub title: Text,
    /// Kind of method.
    pub family: Family,
    /// Publication that defines the method.
    pub paper: Paper,
    /// Sentence that says what the result shows.
    pub shows: Text,
    /// Sentence that says what the result does not prove.
    pub limits: Text,
    /// What a request must say.
    pub asks: Asks,
    /// What comes back.
    pub gives: Gives,
    /// Parameters, in the order of their form.
    pub params: Cow<'static, [Param]>,
}

/// Kind of method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Class activation maps: feature maps of a layer, weighed.
    Cam,
    /// Gradients of a score at the input, and backward passes with other rules.
    Gradient,
    /// Scores distributed over the input, conserved from layer to layer.
    Decomposition,
    /// Scores of changed inputs.
    Perturbation,
    /// What single channels respond to in an image.
    Channel,
    /// Images made to excite a unit.
    Synthesis,
    /// Measures of how far a map can be trusted.
    Metric,
}

named!(Family {
    Cam = "cam", "Class activation maps: feature maps of a layer, weighed";
    Gradient = "gradient", "Gradients of a score at the input, and backward passes with other rules";
    Decomposition = "decomposition", "Scores distributed over the input, conserved from layer to layer";
    Perturbation = "perturbation", "Scores of changed inputs";
    Channel = "channel", "What single channels respond to in an image";
    Synthesis = "synthesis", "Images made to excite a unit";
    Metric = "metric", "Measures of how far a map can be trusted";
});

/// Publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Authors and year.
    pub cite: Text,
    /// Address.
    pub url: Text,
}

impl Paper {
    /// A paper by its authors, year and address.
    pub const fn new(cite: &'static str, url: &'static str) -> Self {
        Self { cite: Cow::Borrowed(cite), url: Cow::Borrowed(url) }
    }

    /// Authors, year and number, `Selvaraju et al. 2016, arXiv 1610.02391`.
    pub fn short(&self) -> String {
        match self.url.strip_prefix("https://arxiv.org/abs/") {
            Some(number) => format!("{}, arXiv {number}", self.cite),
            None => self.cite.to_string(),
        }
    }
}

/// What a request must say beside the method's parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    /// An image.
    pub image: bool,
    /// A class.
    pub class: bool,
    /// Layers.
    pub layers: LayersAsked,
    /// Channels of the layer.
    pub channels: bool,
    /// Another method's map, which is measured.
    pub map: bool,
}

impl Asks {
    /// A class of an image at any number of layers.
    pub const CLASS_AT_LAYERS: Self =
        Self { image: true, class: true, layers: LayersAsked::Many, channels: false, map: false };
    /// A class of an image.
    pub const CLASS: Self = Self { layers: LayersAsked::None, ..Self::CLASS_AT_LAYERS };
    /// A map of a class of an image.
    pub const MAP: Self = Self { map: true, ..Self::CLASS_AT_LAYERS };
}

/// How many layers a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LayersAsked {
    /// None: the result is about the input.
    None,
    /// One.
    One,
    /// One or more.
    Many,
}

/// Kind of result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gives {
    /// A map of each layer, `[h, w]`.
    LayerMap {
        /// Whether numbers below zero speak against the class.
        signed: bool,
    },
    /// A map of the input, `[H, W]`.
    InputMap {
        /// Whether numbers below zero speak against the class.
        signed: bool,
    },
    /// An image in the space of the input, `[3, H, W]`.
    InputImage,
    /// An image of each channel.
    Panels,
    /// All feature maps of a layer on one sheet.
    Sheet,
    /// A curve and the area under it.
    Curve,
}

impl Gives {
    /// Whether the result can be shown with its sign.
    pub const fn signed(self) -> bool {
        matches!(self, Self::LayerMap { signed: true } | Self::InputMap { signed: true })
    }

    /// Name, as `convscope methods --json` gives it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LayerMap { .. } => "layer_map",
            Self::InputMap { .. } => "input_map",
            Self::InputImage => "input_image",
            Self::Panels => "panels",
            Self::Sheet => "sheet",
            Self::Curve => "curve",
        }
    }
}
