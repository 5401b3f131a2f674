//! Reductions: how the three channels of a result at the network's input become one map.

use serde::{Deserialize, Serialize};

use crate::named::named;

/// Way in which the three channels of a result at the network's input become one map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduction {
    /// No reduction: an image in colours.
    Colours,
    /// Largest magnitude (Simonyan et al. 2013, <https://arxiv.org/abs/1312.6034>, section 3.1).
    #[default]
    Max,
    /// Sum of the magnitudes, as PAIR's saliency draws them.
    Sum,
    /// Sum with its sign, which keeps what attributions add up to.
    Signed,
}

named!(Reduction {
    Colours = "colours", "None: an image in colours";
    Max = "max", "The largest magnitude of the three";
    Sum = "sum", "The sum of the three magnitudes";
    Signed = "signed", "The sum of the three, with its sign";
});

impl Reduction {
    /// Plane of one number a pixel, `[H, W]`, of `values` `[C, H, W]`; `size` is `H * W`. A pixel with a number that is none is none.
    pub fn plane(self, values: &[f32], size: usize) -> Vec<f32> {
        // NaN stays NaN here, which `f32::max` would swallow.
        let larger = |most: f32, value: f32| if most.is_nan() || most >= value.abs() { most } else { value.abs() };
        let pixel = |index| {
            let channels = values.iter().skip(index).step_by(size).copied();
            match self {
                Self::Colours | Self::Max => channels.fold(0.0, larger),
                Self::Sum => channels.map(f32::abs).sum(),
                Self::Signed => channels.sum(),
            }
        };
        (0..size).map(pixel).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reductions_are_those_of_three_numbers_a_pixel() {
        // Two pixels, three channels.
        let values = [1.0, -2.0, -4.0, 0.0, 2.0, -1.0];
        let plane = |reduction: Reduction| reduction.plane(&values, 2);
        assert_eq!(plane(Reduction::Max), [4.0, 2.0]);
        assert_eq!(plane(Reduction::Colours), [4.0, 2.0]);
        assert_eq!(plane(Reduction::Sum), [7.0, 3.0]);
        assert_eq!(plane(Reduction::Signed), [-1.0, -3.0]);
        for reduction in Reduction::ALL {
            let broken = reduction.plane(&[1.0, f32::NAN, 2.0], 1);
            assert!(broken[0].is_nan(), "{reduction:?}");
            assert!(reduction.plane(&[], 0).is_empty());
        }
    }
}
