//! Artifacts: what a method gives, one after the other.

use serde::{Deserialize, Serialize};

use crate::explain::Map;

/// Result, or a part of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Artifact {
    /// Attribution map of a layer or of the input.
    Map(Map),
    /// Curve.
    Curve(Curve),
}

/// Curve and the area under it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Layer of the map that was measured.
    pub layer: String,
    /// What the horizontal axis counts, 0 to 1.
    pub x: String,
    /// What the vertical axis measures.
    pub y: String,
    /// Points `(x, y)` with rising `x`.
    pub points: Vec<(f32, f32)>,
    /// Area under the curve by the trapezoidal rule, over the range of `x`.
    pub area: f32,
}

impl Curve {
    /// A curve with its area.
    pub fn new(layer: String, x: &str, y: &str, points: Vec<(f32, f32)>) -> Self {
        let trapezoid = |pair: &[(f32, f32)]| f64::from(pair[1].0 - pair[0].0) * f64::from(pair[0].1 + pair[1].1) / 2.0;
        let area = points.windows(2).map(trapezoid).sum::<f64>() as f32;
        Self { layer, x: x.into(), y: y.into(), points, area }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_that_of_trapezoids() {
        // torch-cam's case: f = sum, map = image, two steps of four pixels .4, .3, .2, .1: deletion .4, insertion .6.
        let area = |points: &[f32]| {
            let points = points.iter().enumerate().map(|(index, &y)| (index as f32 / 2.0, y)).collect();
            Curve::new("input".into(), "x", "y", points).area
        };
        assert!((area(&[1.0, 0.3, 0.0]) - 0.4).abs() < 1e-6);
        assert!((area(&[0.0, 0.7, 1.0]) - 0.6).abs() < 1e-6);
        assert_eq!(Curve::new("input".into(), "x", "y", vec![]).area, 0.0);
    }
}
