//! Ways of bringing the numbers of a map into a range.

use serde::{Deserialize, Serialize};

use super::statistics::percentile;
use crate::image::Plane;

/// Way in which the numbers of a map are brought into a range. A map without contrast gives zeros, never a number that is none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Normalisation {
    /// Numbers as they are.
    None,
    /// Division by the largest; zeros where nothing is positive.
    Maximum,
    /// Subtraction of the smallest, then division by the largest with something added.
    MinMax {
        /// Number that is added.
        epsilon: f64,
    },
    /// Division by a magnitude, cut to -1..1: the magnitudes up to it hold all of the sum of magnitudes but a share (captum's
    /// `visualize_image_attr`).
    Outliers {
        /// That share, 0 to 1.
        share: f64,
    },
    /// Cut at the percentiles a share away from both ends, then [`Normalisation::MinMax`] (xplique's `plot_attribution`).
    Percentiles {
        /// That share, 0 to 0.5.
        share: f64,
    },
}

impl Normalisation {
    /// The numbers in their range. Any that are not finite make all of them 0.
    pub fn apply(self, mut plane: Plane) -> Plane {
        let (least, most) = (plane.min(), plane.max());
        let finite = plane.values.iter().all(|value| value.is_finite());
        match self {
            _ if !finite || plane.values.is_empty() => plane.values.fill(0.0),
            Self::None => {}
            Self::Maximum => divide(&mut plane.values, most),
            Self::MinMax { epsilon } => stretch(&mut plane.values, least, most, epsilon as f32),
            Self::Outliers { share } => {
                let most = bound(&plane.values, share);
                divide(&mut plane.values, most);
                plane.values.iter_mut().for_each(|value| *value = value.clamp(-1.0, 1.0));
            }
            Self::Percentiles { share } => {
                let [least, most] = [share, 1.0 - share].map(|share| percentile(&plane.values, share));
                plane.values.iter_mut().for_each(|value| *value = value.clamp(least, most));
                stretch(&mut plane.values, least, most, 0.0);
            }
        }
        plane
    }
}

fn divide(values: &mut [f32], most: f32) {
    let scale = |value: f32| if most > 0.0 { value / most } else { 0.0 };
    values.iter_mut().for_each(|value| *value = scale(*value));
}

fn stretch(values: &mut [f32], least: f32, most: f32, epsilon: f32) {
    let range = most - least;
    let scale = |value: f32| if range > 0.0 { (value - least) / (range + epsilon) } else { 0.0 };
    values.iter_mut().for_each(|value| *value = scale(*value));
}

/// The magnitude up to which the magnitudes hold `1 - share` of their sum.
fn bound(values: &[f32], share: f64) -> f32 {
    let mut rising: Vec<f32> = values.iter().map(|value| value.abs()).collect();
    rising.sort_by(f32::total_cmp);
    let total: f64 = rising.iter().map(|&value| f64::from(value)).sum();
    let mut sum = 0.0;
    let reached = rising.iter().find(|&&value| {
        sum += f64::from(value);
        sum >= total * (1.0 - share)
    });
    reached.or(rising.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(how: Normalisation, values: &[f32]) -> Vec<f32> {
        how.apply(Plane::new(values.len(), 1, values.to_vec())).values
    }

    #[test]
    fn ranges_are_as_named() {
        let values = [-2.0, 0.0, 1.0, 4.0];
        assert_eq!(apply(Normalisation::None, &values), values);
        assert_eq!(apply(Normalisation::Maximum, &values), [-0.5, 0.0, 0.25, 1.0]);
        assert_eq!(apply(Normalisation::MinMax { epsilon: 2.0 }, &values), [0.0, 0.25, 0.375, 0.75]);
        // Magnitudes 0, 1, 2, 4 sum to 0, 1, 3, 7 of 7: 3 is the first to reach 0.4 of them.
        assert_eq!(apply(Normalisation::Outliers { share: 0.6 }, &values), [-1.0, 0.0, 0.5, 1.0]);
        // np.percentile(values, [10, 90]) is [-1.4, 3.1].
        let cut = apply(Normalisation::Percentiles { share: 0.1 }, &values);
        let right = [0.0, 1.4 / 4.5, 2.4 / 4.5, 1.0];
        assert!(cut.iter().zip(right).all(|(one, other): (&f32, f32)| (one - other).abs() < 1e-6), "{cut:?}");
    }

    #[test]
    fn nothing_to_see_is_zero() {
        let all = [
            Normalisation::Maximum,
            Normalisation::MinMax { epsilon: 1e-7 },
            Normalisation::Outliers { share: 0.02 },
            Normalisation::Percentiles { share: 0.001 },
        ];
        for how in all {
            for values in [[0.0; 3], [f32::NAN, 1.0, 2.0], [1.0, f32::INFINITY, 0.0]] {
                assert_eq!(apply(how, &values), [0.0; 3], "{how:?}");
            }
        }
        assert_eq!(apply(Normalisation::Maximum, &[-2.0, -1.0]), [0.0; 2]);
        assert_eq!(apply(Normalisation::Percentiles { share: 0.001 }, &[3.0; 4]), [0.0; 4]);
    }
}
