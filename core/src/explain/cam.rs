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

/// Class activation map whose maps of several layers are refined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refined {
    /// Grad-CAM++.
    #[default]
    GradCamPlusPlus,
    /// Grad-CAM.
    GradCam,
    /// LayerCAM.
    LayerCam,
    /// HiResCAM.
    HiResCam,
    /// XGrad-CAM.
    XGradCam,
}

named!(Refined {
    GradCamPlusPlus = "grad_cam_plus_plus", "Grad-CAM++";
    GradCam = "grad_cam", "Grad-CAM";
    LayerCam = "layer_cam", "LayerCAM";
    HiResCam = "hires_cam", "HiResCAM";
    XGradCam = "xgrad_cam", "XGrad-CAM";
});
