//! What conventions choose among.

use serde::{Deserialize, Serialize};

use crate::explain::Normalisation;

/// What is differentiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Score {
    /// The class's logit.
    Logit,
    /// The class's softmax probability. Its gradient contrasts the classes, and vanishes as the probability nears 1.
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

impl Reduce {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Mean => "mean",
        }
    }
}

/// How Grad-CAM++ weighs the places of a feature map `A` by the gradients `g` of the score there: the weight of `A` is the sum of
/// `alpha ReLU(g)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alpha {
    /// `g^2 / (2 g^2 + g^3 sum A)`: the paper's equation 19, for a score whose exponential is differentiated.
    Sum,
    /// With the mean of `A` instead of its sum, and the mean over the places instead of their sum (xplique).
    Mean,
    /// The paper's, divided by its sum over the feature map (the authors' code, and tf-keras-vis).
    Shares,
    /// `g^2`: torch-cam means `g^2 / (2 g^2 + sum g^3 A)`, but divides a copy, so that the division is lost.
    Squares,
}

impl Alpha {
    /// Words for it, as part of a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Sum => "alpha with the sum of the features",
            Self::Mean => "alpha with the mean of the features",
            Self::Shares => "alpha divided by its sum",
            Self::Squares => "alpha without its denominator",
        }
    }
}

/// How the numbers of a map are brought into a range, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranges {
    /// At the layer's size, before the map is enlarged.
    pub layer: Normalisation,
    /// After it is enlarged: what the library hands out.
    pub enlarged: Normalisation,
    /// For the eye alone, as the library's own drawing has it.
    pub drawn: Normalisation,
}

impl Ranges {
    /// At the layer's size alone.
    pub(super) const fn at_layer(layer: Normalisation) -> Self {
        Self { layer, enlarged: Normalisation::None, drawn: Normalisation::None }
    }

    /// Words for it, as part of a sentence.
    pub fn words(self) -> String {
        let steps = [
            (self.layer.words(), "at the layer's size"),
            (self.enlarged.words(), "once enlarged"),
            (self.drawn.words(), "for the drawing"),
        ];
        let said = steps.into_iter().filter_map(|(words, when)| words.map(|words| format!("{words} {when}")));
        let said: Vec<String> = said.collect();
        if said.is_empty() { "left as it is".into() } else { said.join(", ") }
    }
}

/// Which size a map is enlarged to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// That of the part of the image that the network sees, in the image's own pixels.
    Image,
    /// That of the network's input. Where the image has another size, the finished map is brought to it (bilinear).
    Input,
}

/// Which layer a library takes where none is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsualLayer {
    /// The last convolution's, after the activation function where that is a part of it.
    LastConvolution,
    /// The last with a map larger than 1 x 1, found by a run on nothing.
    LastMap,
    /// All convolutions.
    All,
    /// None: a user must name one.
    Named,
}
