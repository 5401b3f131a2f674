//! How conventions draw a map over its image.

use serde::{Deserialize, Serialize};

use crate::render::{Colormap, matplotlib_jet, red_white_green};

/// Way in which a map is drawn over its image.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overlay {
    /// Colours of the heat.
    pub heat: Heat,
    /// Whether the colour is that of the number's square.
    pub squared: bool,
    /// Image under the heat.
    pub base: Base,
    /// Way in which the two are mixed.
    pub mix: Mix,
}

/// Colours of the heat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heat {
    /// Colours that the viewer chose.
    Chosen,
    /// OpenCV's jet, of numbers cut to 8 bits.
    OpencvJet,
    /// matplotlib's jet, whose ramps are others.
    MatplotlibJet,
    /// Red at -1, white at 0, green at 1 (captum's `RdWhGn`).
    RedWhiteGreen,
}

/// Image under the heat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// The image.
    Image,
    /// The image from its smallest number to its largest, all channels alike (xplique).
    Stretched,
    /// The mean of the image's channels, from its smallest to its largest (captum).
    Grey,
}

/// Way in which heat and image are mixed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mix {
    /// Opacity that the viewer chose.
    Chosen,
    /// Fixed opacity; fractions of a byte are cut off.
    Opacity(f64),
    /// Share of the heat that is added to the image, which saturates.
    Added(f64),
    /// Fixed opacity, after which all is divided by the brightest number.
    Brightened(f64),
}

impl Overlay {
    /// Drawing as the viewer chose.
    pub(super) const CHOSEN: Self = Self { heat: Heat::Chosen, squared: false, base: Base::Image, mix: Mix::Chosen };

    /// The heat's colour `[R, G, B]` of a number of the finished map; `chosen` are the viewer's colours.
    pub fn colour(&self, value: f32, chosen: Colormap) -> [u8; 3] {
        let value = if self.squared { value * value } else { value };
        // matplotlib takes the step that a number lies in.
        let step = |value: f32| (value * 256.0).clamp(0.0, 255.0) as u8;
        match self.heat {
            Heat::Chosen => chosen.colour(value),
            Heat::OpencvJet => Colormap::Jet.colour((value.clamp(0.0, 1.0) * 255.0).floor() / 255.0),
            Heat::MatplotlibJet => matplotlib_jet(step(value)),
            Heat::RedWhiteGreen => red_white_green(step((value + 1.0) / 2.0)),
        }
    }
}
