//! What conventions choose among.

use serde::{Deserialize, Serialize};

use crate::explain::Normalisation;
use crate::named::named;

/// Number that is differentiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Score {
    /// The class's logit; of a network whose outputs are no probabilities, its raw output; of a sum of classes, the sum of theirs.
    Logit,
    /// The class's probability: a softmax, or a sigmoid where each class is a question of its own. Of a sum of classes it is the sum
    /// of their probabilities, so that of `a - b` is `p_a - p_b`, and that of `not a` is `-p_a`. Its gradient contrasts the classes,
    /// and vanishes as the probability nears 1.
    Probability,
}

named!(Score {
    Probability = "probability", "The class's softmax probability";
    Logit = "logit", "The class's logit, on which no other class has an influence";
});

/// Way in which the weighted channels become one map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduce {
    /// Sum of the channels.
    Sum,
    /// Mean of the channels: the sum times a constant.
    Mean,
}

impl Reduce {
    /// Name of the reduction.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Mean => "mean",
        }
    }
}

/// Factor `alpha` of Grad-CAM++ at the places of a feature map `A` with the gradients `g` of the score there: the weight of `A` is
/// the sum of `alpha ReLU(g)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alpha {
    /// `g^2 / (2 g^2 + g^3 sum A)`: the paper's equation 19, for a score whose exponential is differentiated.
    Sum,
    /// The same with the mean of `A` instead of its sum, and the mean over the places instead of their sum (xplique).
    Mean,
    /// The paper's, divided by its sum over the feature map (the authors' code, and tf-keras-vis).
    Shares,
    /// `g^2`: torch-cam means `g^2 / (2 g^2 + sum g^3 A)`, but divides a copy, so that the division is lost.
    Squares,
}

/// Steps in which the numbers of a map are brought into a range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranges {
    /// Step at the layer's size, before the map is enlarged.
    pub layer: Normalisation,
    /// Step after the enlargement, whose result the library hands out.
    pub enlarged: Normalisation,
    /// Step for the eye alone, in the library's own drawing.
    pub drawn: Normalisation,
}

impl Ranges {
    /// One step at the layer's size.
    pub(super) const fn at_layer(layer: Normalisation) -> Self {
        Self { layer, enlarged: Normalisation::None, drawn: Normalisation::None }
    }
}

/// Size that a map is enlarged to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// Size of the part of the image that the network sees, in the image's own pixels.
    Image,
    /// Size of the network's input. Where the image has another size, the finished map is brought to it (bilinear).
    Input,
}

/// Layer that a library takes where none is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsualLayer {
    /// Last convolution, after the activation function where that is a part of it.
    LastConvolution,
    /// Last layer with a map larger than 1 x 1, found by a run on nothing.
    LastMap,
    /// All convolutions.
    All,
    /// No layer: a user must name one.
    Named,
}
