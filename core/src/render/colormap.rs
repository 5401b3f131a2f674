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

/// MATLAB's jet in the 256 steps that OpenCV has: ramps of slope 4 about 3/4 (red), 1/2 (green) and 1/4 (blue). Every number on a
/// ramp lies halfway between two bytes; OpenCV's table has the upper one of red and blue, the lower one of green, and the lower one
/// at blue's end.
fn jet(value: f32) -> [u8; 3] {
    let step = (value * 255.0).round();
    let ramp = |centre: f32| (382.5 - (4.0 * step - centre).abs()).clamp(0.0, 255.0);
    let [red, green, blue] = [765.0, 510.0, 255.0].map(ramp);
    let blue = if blue < 2.0 { blue.floor() } else { blue.ceil() };
    [red.ceil() as u8, green.floor() as u8, blue as u8]
}

/// One of the 256 steps of matplotlib's jet (`_jet_data` in `matplotlib/_cm.py`), whose green is wider than OpenCV's.
pub fn matplotlib_jet(step: u8) -> [u8; 3] {
    const RED: [(f64, f64); 5] = [(0.0, 0.0), (0.35, 0.0), (0.66, 1.0), (0.89, 1.0), (1.0, 0.5)];
    const GREEN: [(f64, f64); 6] = [(0.0, 0.0), (0.125, 0.0), (0.375, 1.0), (0.64, 1.0), (0.91, 0.0), (1.0, 0.0)];
    const BLUE: [(f64, f64); 5] = [(0.0, 0.5), (0.11, 1.0), (0.34, 1.0), (0.65, 0.0), (1.0, 0.0)];
    [between(&RED, step), between(&GREEN, step), between(&BLUE, step)]
}

/// One of 256 steps from red through white to green (captum's `RdWhGn`).
pub fn red_white_green(step: u8) -> [u8; 3] {
    // CSS's green, as matplotlib names it.
    const GREEN: f64 = 128.0 / 255.0;
    let fall = [(0.0, 1.0), (0.5, 1.0), (1.0, 0.0)];
    [
        between(&fall, step),
        between(&[(0.0, 0.0), (0.5, 1.0), (1.0, GREEN)], step),
        between(&[(0.0, 0.0), (0.5, 1.0), (1.0, 0.0)], step),
    ]
}

/// The byte at one of 256 steps on the lines between points, whose fraction is cut off.
fn between(points: &[(f64, f64)], step: u8) -> u8 {
    // A 255th, 255 times: which byte a fraction is cut to depends on NumPy's rounding of it.
    let step = 255.0 * (f64::from(step) * (1.0 / 255.0));
    let line = |pair: &[(f64, f64)]| {
        let (from, to) = (pair[0], pair[1]);
        let along = (step - 255.0 * from.0) / (255.0 * to.0 - 255.0 * from.0);
        (step <= 255.0 * to.0).then_some(along * (to.1 - from.1) + from.1)
    };
    let value = points.windows(2).find_map(line).or(points.last().map(|last| last.1)).unwrap_or_default();
    (value * 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_colours_are_the_libraries_in_every_step() {
        // tests/tools/make_conventions.py: OpenCV 5.0.0, matplotlib 3.11.2.
        let file = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/conventions/colours.json"));
        let tables: serde_json::Value = serde_json::from_str(file).unwrap();
        let hex = |colours: &dyn Fn(u8) -> [u8; 3]| -> String {
            (0..=255).flat_map(colours).map(|byte| format!("{byte:02x}")).collect()
        };
        assert_eq!(hex(&|step| jet(f32::from(step) / 255.0)), tables["opencv_jet"]);
        assert_eq!(hex(&matplotlib_jet), tables["matplotlib_jet"]);
        assert_eq!(hex(&red_white_green), tables["red_white_green"]);
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
