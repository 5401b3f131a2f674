//! Colour maps, from a number to a colour.

use serde::{Deserialize, Serialize};

use crate::named::named;

/// A map from 0..1 to colours. Inferno, viridis and cividis are perceptually uniform and safe for the colour-blind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colormap {
    /// Black, purple, orange, yellow (van der Walt and Smith 2015, <https://bids.github.io/colormap/>).
    #[default]
    Inferno,
    /// Purple, green, yellow (the same).
    Viridis,
    /// Blue, grey, yellow, alike with and without colour vision (Nunez et al. 2018, <https://doi.org/10.1371/journal.pone.0199239>).
    Cividis,
    /// A rainbow without jet's false edges (Mikhailov 2019).
    Turbo,
    /// Blue, cyan, yellow, red, as in the notebooks and OpenCV's `COLORMAP_JET`.
    Jet,
}

named!(Colormap {
    Inferno = "inferno", "Black, purple, orange, yellow";
    Viridis = "viridis", "Purple, green, yellow";
    Cividis = "cividis", "Blue, grey, yellow, alike with and without colour vision";
    Turbo = "turbo", "A rainbow without jet's false edges";
    Jet = "jet", "Blue, cyan, yellow, red, as in the notebooks and OpenCV's `COLORMAP_JET`";
});

impl Colormap {
    /// The colour `[R, G, B]` of a number, cut to 0..1.
    pub fn colour(self, value: f32) -> [u8; 3] {
        let value = if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) };
        let gradient = match self {
            Self::Inferno => colorous::INFERNO,
            Self::Viridis => colorous::VIRIDIS,
            Self::Cividis => colorous::CIVIDIS,
            Self::Turbo => colorous::TURBO,
            Self::Jet => return jet(value),
        };
        let colorous::Color { r, g, b } = gradient.eval_continuous(f64::from(value));
        [r, g, b]
    }
}

/// The colour `[R, G, B]` of a number that has a sign, cut to -1..1: blue below 0, white at 0, red above (ColorBrewer's `RdBu`,
/// Harrower and Brewer 2003, <https://colorbrewer2.org>; safe for the colour-blind).
pub fn diverging(value: f32) -> [u8; 3] {
    let value = if value.is_nan() { 0.0 } else { value.clamp(-1.0, 1.0) };
    let colorous::Color { r, g, b } = colorous::RED_BLUE.eval_continuous(f64::from((1.0 - value) / 2.0));
    [r, g, b]
}

/// MATLAB's jet in the 256 steps that OpenCV has: ramps of slope 4 about 3/4 (red), 1/2 (green) and 1/4 (blue).
fn jet(value: f32) -> [u8; 3] {
    let step = (value * 255.0).round() / 255.0;
    [0.75, 0.5, 0.25].map(|centre: f32| ((1.5 - 4.0 * (step - centre).abs()).clamp(0.0, 1.0) * 255.0).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jet_is_opencvs_within_two_steps() {
        // cv2.applyColorMap of 0, 64, 128, 191 and 255 with COLORMAP_JET, as RGB.
        let known =
            [(0, [0, 0, 128]), (64, [0, 128, 255]), (128, [130, 255, 126]), (191, [255, 126, 0]), (255, [128, 0, 0])];
        for (step, colour) in known {
            let ours = jet(step as f32 / 255.0);
            assert!(
                ours.iter().zip(colour).all(|(&one, other): (&u8, u8)| one.abs_diff(other) <= 4),
                "{step}: {ours:?}"
            );
        }
    }

    #[test]
    fn every_map_takes_every_number() {
        for map in Colormap::ALL {
            for value in [-1.0, 0.0, 0.5, 1.0, 2.0, f32::NAN, f32::INFINITY] {
                map.colour(value);
            }
            assert_ne!(map.colour(0.0), map.colour(1.0), "{}", map.name());
        }
    }
}
