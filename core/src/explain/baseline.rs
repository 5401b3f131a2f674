//! Baselines: what a pixel becomes that is covered.

use serde::{Deserialize, Serialize};

use crate::named::named;

/// Value that a covered pixel takes. Answers depend on it (Sturmfels et al. 2020,
/// <https://distill.pub/2020/attribution-baselines>): none of them is free of information for every network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// 0 at the network's input, the mean of its training images where that is subtracted.
    #[default]
    Zero,
    /// The image's own mean colour.
    Mean,
    /// Grey in the middle of a pixel's range.
    Grey,
    /// Black.
    Black,
    /// White.
    White,
    /// The image, blurred.
    Blur,
    /// A random value of a pixel's range for each pixel and channel.
    Noise,
}

named!(Baseline {
    Zero = "zero", "0 at the network's input, the mean of its training images where that is subtracted";
    Mean = "mean", "The image's own mean colour";
    Grey = "grey", "Grey in the middle of a pixel's range";
    Black = "black", "Black";
    White = "white", "White";
    Blur = "blur", "The image, blurred";
    Noise = "noise", "A random value for each pixel and channel";
});
