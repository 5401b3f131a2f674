//! Measurements: what a metric says of a map, beside what it says of maps that know nothing of the network.

mod choices;
pub mod verdict;

use serde::{Deserialize, Serialize};

use crate::explain::Blank;
pub use choices::{Better, Compared, Order, Randomization, Reference, Similarity, Unit};

/// Measurement of one map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// Metric's id.
    pub metric: String,
    /// Layer of the map that was measured.
    pub layer: String,
    /// Why there is nothing to measure, where the map shows nothing.
    pub blank: Option<Blank>,
    /// Which of two readings is the better.
    pub better: Better,
    /// What was read.
    pub reading: Reading,
    /// What the same code reads of maps that know nothing of the network; none of a metric that has nothing to say of them.
    pub baselines: Vec<(Reference, Reading)>,
}

impl Measurement {
    /// Whether there is anything to draw of it: a curve, or a number.
    pub fn is_charted(&self) -> bool {
        self.reading.curve.is_some() || self.reading.value.is_some()
    }

    /// What was read of a baseline.
    pub fn reference(&self, baseline: Reference) -> Option<&Reading> {
        self.baselines.iter().find(|(one, _)| *one == baseline).map(|(_, reading)| reading)
    }

    /// Whether what was read is the area under its curve, and no other number that the curve comes to.
    pub fn is_area(&self) -> bool {
        let Reading { value: Some(value), curve: Some(curve) } = &self.reading else { return false };
        let area = curve.area();
        // On its way from a worker a number may lose its last bit.
        (value - area).abs() <= f64::from(f32::EPSILON) * area.abs()
    }
}

/// Number that a metric comes to, and the curve that it is the sum of, if it is one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Number; none where the metric is not defined: of a blank map, or where it would divide by 0.
    pub value: Option<f64>,
    /// Curve.
    pub curve: Option<Curve>,
}

impl From<f64> for Reading {
    fn from(value: f64) -> Self {
        Self { value: value.is_finite().then_some(value), curve: None }
    }
}

/// Points of a curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// What the horizontal axis counts, 0 to 1.
    pub x: String,
    /// What the vertical axis measures.
    pub y: String,
    /// Unit of the vertical axis.
    pub unit: Unit,
    /// Points `(x, y)` with rising `x`.
    pub points: Vec<(f32, f32)>,
}

impl Curve {
    /// Curve through points.
    pub fn new(x: &str, y: &str, unit: Unit, points: Vec<(f32, f32)>) -> Self {
        Self { x: x.into(), y: y.into(), unit, points }
    }

    /// Area under the curve by the trapezoidal rule, over the range of `x`.
    pub fn area(&self) -> f64 {
        let trapezoid = |pair: &[(f32, f32)]| f64::from(pair[1].0 - pair[0].0) * f64::from(pair[0].1 + pair[1].1) / 2.0;
        self.points.windows(2).map(trapezoid).sum()
    }

    /// Height at `x`, interpolated between the points beside it; that of the nearest point outside of them.
    pub fn at(&self, x: f32) -> Option<f32> {
        let after = self.points.iter().position(|point| point.0 >= x);
        let (last, after) = (self.points.last()?, after.unwrap_or(self.points.len()));
        let Some(&(right, high)) = self.points.get(after) else { return Some(last.1) };
        let Some(&(left, low)) = after.checked_sub(1).and_then(|before| self.points.get(before)) else {
            return Some(high);
        };
        Some(if right > left { low + (high - low) * (x - left) / (right - left) } else { high })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(points: &[f32]) -> Curve {
        let last = points.len().max(2) - 1;
        let points = points.iter().enumerate().map(|(index, &y)| (index as f32 / last as f32, y)).collect();
        Curve::new("x", "y", Unit::Number, points)
    }

    #[test]
    fn the_area_is_that_of_trapezoids() {
        // torch-cam's case: f = sum, map = image, two steps of four pixels .4, .3, .2, .1: deletion .4, insertion .6.
        assert!((curve(&[1.0, 0.3, 0.0]).area() - 0.4).abs() < 1e-6);
        assert!((curve(&[0.0, 0.7, 1.0]).area() - 0.6).abs() < 1e-6);
        assert_eq!(curve(&[]).area(), 0.0);
    }

    #[test]
    fn heights_lie_between_points() {
        let curve = curve(&[1.0, 0.5, 0.0, 0.2]);
        for (x, height) in [(-1.0, 1.0), (0.0, 1.0), (1.0 / 6.0, 0.75), (2.0 / 3.0, 0.0), (5.0 / 6.0, 0.1), (2.0, 0.2)]
        {
            assert!(curve.at(x).is_some_and(|found| (found - height).abs() < 1e-6), "{x}: {:?}", curve.at(x));
        }
        assert_eq!(Curve::new("x", "y", Unit::Number, vec![]).at(0.5), None);
    }

    #[test]
    fn an_area_is_told_from_a_mean() {
        let curve = curve(&[1.0, 0.3, 0.2]);
        let measured = |value, curve| Measurement {
            metric: "metric".into(),
            layer: "layer".into(),
            blank: None,
            better: Better::Lower,
            reading: Reading { value, curve },
            baselines: vec![],
        };
        let one = measured(Some(curve.area()), Some(curve.clone()));
        let read: Measurement = serde_json::from_str(&serde_json::to_string(&one).unwrap()).unwrap();
        assert!(one.is_area() && read.is_area());
        let mean = measured(Some(0.25), Some(curve.clone()));
        assert!(!mean.is_area() && !measured(Some(curve.area()), None).is_area());
        assert!(!measured(None, Some(curve)).is_area());
    }

    #[test]
    fn what_is_no_number_is_no_value() {
        assert_eq!(Reading::from(0.5).value, Some(0.5));
        assert_eq!(Reading::from(f64::NAN).value, None);
        assert_eq!(Reading::from(f64::INFINITY).value, None);
    }
}
