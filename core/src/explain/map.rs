//! A map, read back, and why it may show nothing.

use serde::{Deserialize, Serialize};

use super::Score;
use crate::picture::Plane;

/// Why a map shows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blank {
    /// Some number was infinite or not a number.
    NotFinite,
    /// No channel counts: no gradient reaches the layer.
    NoGradient,
    /// No channel counts because the probability is at its ceiling, where softmax is flat.
    SaturatedSoftmax,
    /// The layer is zero everywhere.
    DeadLayer,
    /// All the evidence in this layer is against the class.
    AllNegative,
}

impl std::fmt::Display for Blank {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotFinite => "the map holds numbers that are infinite or not a number",
            Self::NoGradient => "no gradient of the class reaches this layer",
            Self::SaturatedSoftmax => {
                "the softmax is saturated, so its gradient vanishes: explain the logit instead, as the paper does"
            }
            Self::DeadLayer => "every activation of this layer is zero",
            Self::AllNegative => "all that this layer shows speaks against the class, as the signed map shows",
        })
    }
}

/// One part of an answer, read back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// The layer's name.
    pub layer: String,
    /// Rectified and divided by its maximum: 0 to 1, `[h, w]`. All zero where it is blank.
    pub normalised: Plane,
    /// As computed, with its sign, `[h, w]`.
    pub signed: Plane,
    /// The largest number of `signed`.
    pub raw_maximum: f32,
    /// Why the map shows nothing, if it does.
    pub blank: Option<Blank>,
    /// Of a method that answers in the space of the input: its image `[3, H, W]` in the network's order of channels. The
    /// map is then the largest magnitude over the channels (Simonyan et al. 2013, <https://arxiv.org/abs/1312.6034>, section 3.1).
    pub image: Option<Vec<f32>>,
}

impl Map {
    /// Rectifies and scales what a frame gave: `values` `[1 or 3, height, width]`. `weights`, if there are any, tell a dead
    /// layer from a vanished gradient.
    pub fn of_frame(
        layer: String,
        [width, height]: [usize; 2],
        values: Vec<f32>,
        weights: Option<&[f32]>,
        score: Score,
    ) -> Self {
        let size = width * height;
        if values.len() == size {
            return Self::new(layer, Plane::new(width, height, values), weights.unwrap_or_default(), score);
        }
        // NaN stays NaN here, which `f32::max` would swallow.
        let larger = |most: f32, value: &f32| if most.is_nan() || most >= value.abs() { most } else { value.abs() };
        let largest = |place| values.iter().skip(place).step_by(size).fold(0.0, larger);
        let plane = Plane::new(width, height, (0..size).map(largest).collect());
        Self { image: Some(values), ..Self::new(layer, plane, &[], score) }
    }

    /// The signed map divided by its largest magnitude: -1 (against the class) to 1 (for it), `[h, w]`. `None` where there is
    /// nothing to see: all is zero, or some number is not finite.
    pub fn signed_normalised(&self) -> Option<Plane> {
        let Plane { width, height, values } = &self.signed;
        let largest = self.signed.max().max(-self.signed.min());
        let seen = self.blank != Some(Blank::NotFinite) && largest > 0.0;
        seen.then(|| Plane::new(*width, *height, values.iter().map(|value| value / largest).collect()))
    }

    fn new(layer: String, signed: Plane, weights: &[f32], score: Score) -> Self {
        let raw_maximum = signed.max();
        let finite = signed.values.iter().chain(weights).all(|value| value.is_finite());
        let blank = if !finite {
            Some(Blank::NotFinite)
        } else if raw_maximum > 0.0 {
            None
        } else if weights.iter().all(|&weight| weight == 0.0) {
            Some(if score == Score::Probability { Blank::SaturatedSoftmax } else { Blank::NoGradient })
        } else if signed.values.iter().all(|&value| value == 0.0) {
            Some(Blank::DeadLayer)
        } else {
            Some(Blank::AllNegative)
        };
        let scale = |&value: &f32| if blank.is_some() { 0.0 } else { value.max(0.0) / raw_maximum };
        let normalised = Plane::new(signed.width, signed.height, signed.values.iter().map(scale).collect());
        Self { layer, normalised, signed, raw_maximum, blank, image: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(values: &[f32], weights: &[f32], score: Score) -> Map {
        Map::new("layer".into(), Plane::new(values.len(), 1, values.to_vec()), weights, score)
    }

    #[test]
    fn a_map_is_rectified_and_divided_by_its_maximum() {
        let map = map(&[-1.0, 1.0, 4.0], &[1.0], Score::Logit);
        assert_eq!((map.normalised.values.as_slice(), map.blank), ([0.0, 0.25, 1.0].as_slice(), None));
        assert_eq!((map.raw_maximum, map.signed.values[0]), (4.0, -1.0));
    }

    #[test]
    fn a_blank_map_says_why_and_holds_no_nan() {
        let cases = [
            (map(&[-1.0, -2.0], &[1.0], Score::Logit), Blank::AllNegative),
            (map(&[0.0, 0.0], &[1.0], Score::Logit), Blank::DeadLayer),
            (map(&[0.0, 0.0], &[0.0], Score::Logit), Blank::NoGradient),
            (map(&[0.0, 0.0], &[0.0], Score::Probability), Blank::SaturatedSoftmax),
            (map(&[f32::NAN, 1.0], &[1.0], Score::Logit), Blank::NotFinite),
            (map(&[f32::INFINITY, 1.0], &[1.0], Score::Logit), Blank::NotFinite),
        ];
        for (map, why) in cases {
            assert_eq!(map.blank, Some(why));
            assert!(map.normalised.values.iter().all(|&value| value == 0.0));
            assert!(!why.to_string().is_empty());
        }
    }

    #[test]
    fn a_signed_map_keeps_what_is_against_the_class() {
        let signed = |values: &[f32]| map(values, &[1.0], Score::Logit).signed_normalised().map(|plane| plane.values);
        assert_eq!(signed(&[-4.0, 1.0, 2.0]), Some(vec![-1.0, 0.25, 0.5]));
        assert_eq!(signed(&[-4.0, -1.0]), Some(vec![-1.0, -0.25]));
        assert_eq!(signed(&[0.0, 0.0]), None);
        assert_eq!(signed(&[f32::NAN, 1.0]), None);
        assert_eq!(signed(&[f32::NEG_INFINITY, 1.0]), None);
    }

    #[test]
    fn an_image_becomes_the_largest_magnitude_over_its_channels() {
        let image = vec![1.0, -2.0, -4.0, 0.0, 3.0, 1.0];
        let map = Map::of_frame("input".into(), [2, 1], image.clone(), None, Score::Logit);
        assert_eq!(map.signed.values, [4.0, 2.0]);
        assert_eq!((map.normalised.values.as_slice(), map.image), ([1.0, 0.5].as_slice(), Some(image)));
        let broken = Map::of_frame("input".into(), [1, 1], vec![1.0, f32::NAN, 2.0], None, Score::Logit);
        assert_eq!(broken.blank, Some(Blank::NotFinite));
        let nothing = Map::of_frame("input".into(), [1, 1], vec![0.0; 3], None, Score::Logit);
        assert_eq!(nothing.blank, Some(Blank::NoGradient));
    }
}
