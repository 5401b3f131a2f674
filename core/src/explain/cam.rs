//! Choices of single class activation maps.

use serde::{Deserialize, Serialize};

use crate::named::named;

/// What is subtracted from feature maps before their first principal component is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Centring {
    /// Nothing.
    #[default]
    Nothing,
    /// From each feature map its own mean.
    Mean,
}

named!(Centring {
    Nothing = "nothing", "Nothing, as in Eigen-CAM's paper";
    Mean = "mean", "From each feature map its own mean, as pytorch-grad-cam has it";
});

/// What is kept of a layer's feature maps at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// The place alone.
    #[default]
    Place,
    /// The place's features, spread over its eight neighbours by a Gaussian of 3 x 3.
    Gaussian,
}

named!(Kept {
    Place = "place", "The features of the place alone";
    Gaussian = "gaussian", "The features of the place, spread over its eight neighbours by a Gaussian";
});
