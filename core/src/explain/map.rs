//! A map, read back, and why it may show nothing.

use serde::{Deserialize, Serialize};

use super::{Diagnosis, Reduction, Score};
use crate::image::Plane;

/// The largest difference of maps that are the same, as a share of their largest magnitudes.
const SAME: f32 = 1e-3;
/// Largest number of a sum, as a share of its parts, that the rounding of some thousand float32 numbers leaves (a unit in the last
/// place is 1.2e-7 of a number).
const ROUNDING: f32 = 1e-5;

/// Reason why a map shows nothing.
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
    /// No change of the image changed the score.
    NoEffect,
    /// Of several layers' maps, no place is in all.
    NothingInCommon,
    /// What speaks for the class and what speaks against it are the same at every place, and rounding is what is left.
    Cancelled,
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
            Self::NoEffect => "no change of the image changed the score of the class",
            Self::NothingInCommon => "no place is bright in the maps of all layers",
            Self::Cancelled => {
                "what speaks for the class and what speaks against it cancel at every place of this layer"
            }
        })
    }
}

/// One part of an answer, read back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttributionMap {
    /// The layer's name.
    pub layer: String,
    /// Rectified and divided by its maximum: 0 to 1, `[h, w]`. All zero where it is blank.
    pub normalised: Plane,
    /// Map as computed, with its sign, `[h, w]`.
    pub signed: Plane,
    /// The largest number of `signed`.
    pub raw_maximum: f32,
    /// Reason why the map shows nothing, if it does.
    pub blank: Option<Blank>,
    /// What is to be known about the map before it is believed.
    pub diagnoses: Vec<Diagnosis>,
    /// Image `[3, H, W]` of a method that answers in the space of the input, in the network's order of channels. The
    /// map is then the largest magnitude over the channels (Simonyan et al. 2013, <https://arxiv.org/abs/1312.6034>, section 3.1).
    pub image: Option<Vec<f32>>,
}

/// Material of a map besides features, which tells why it is blank.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Evidence<'a> {
    /// Gradients, or weights made of them: all of them are zero where no gradient reaches the layer.
    Weights(&'a [f32]),
    /// Magnitudes of the parts whose sum the map is, `[h, w]`: all of them are zero where none reaches the layer, and a map that is
    /// nothing beside them is their rounding.
    Parts(&'a [f32]),
    /// Feature maps alone.
    Features,
    /// Scores of changed images.
    Scores,
}

impl AttributionMap {
    /// The map of what a method gave, rectified and scaled: `values` `[1 or 3, height, width]`, row-major.
    pub fn new(
        layer: String,
        [width, height]: [usize; 2],
        values: Vec<f32>,
        evidence: Evidence<'_>,
        score: Score,
    ) -> Self {
        let size = width * height;
        if values.len() == size {
            return Self::of_plane(layer, Plane::new(width, height, values), evidence, score);
        }
        Self::reduced(layer, [width, height], values, Reduction::Colours, evidence, score)
    }

    /// Map of a result at the input, `values` `[3, height, width]`, row-major, its channels made one by `reduction`.
    pub fn reduced(
        layer: String,
        [width, height]: [usize; 2],
        values: Vec<f32>,
        reduction: Reduction,
        evidence: Evidence<'_>,
        score: Score,
    ) -> Self {
        let plane = Plane::new(width, height, reduction.plane(&values, width * height));
        let image = (reduction == Reduction::Colours).then_some(values);
        Self { image, ..Self::of_plane(layer, plane, evidence, score) }
    }

    /// The signed map divided by its largest magnitude: -1 (against the class) to 1 (for it), `[h, w]`. `None` where there is
    /// nothing to see: all is zero or rounding, or some number is not finite.
    pub fn signed_normalised(&self) -> Option<Plane> {
        let Plane { width, height, values } = &self.signed;
        let largest = self.signed.max().max(-self.signed.min());
        let seen = !matches!(self.blank, Some(Blank::NotFinite | Blank::Cancelled)) && largest > 0.0;
        seen.then(|| Plane::new(*width, *height, values.iter().map(|value| value / largest).collect()))
    }

    /// Whether another map is the same but for its scale, as one for another class should not be.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let shape = |map: &Self| (map.signed.width, map.signed.height);
        let same = |(one, other): (f32, f32)| (one - other).abs() < SAME;
        match (self.signed_normalised(), other.signed_normalised()) {
            (Some(one), Some(two)) if shape(self) == shape(other) && one.values.len() > 1 => {
                one.values.into_iter().zip(two.values).all(same)
            }
            _ => false,
        }
    }

    fn of_plane(layer: String, signed: Plane, evidence: Evidence<'_>, score: Score) -> Self {
        let raw_maximum = signed.max();
        let weights = match evidence {
            Evidence::Weights(weights) | Evidence::Parts(weights) => weights,
            Evidence::Features | Evidence::Scores => &[],
        };
        let zero = |values: &[f32]| values.iter().all(|&value| value == 0.0);
        let largest = |values: &[f32]| values.iter().fold(0_f32, |most, value| most.max(value.abs()));
        let finite = signed.values.iter().chain(weights).all(|value| value.is_finite());
        let blank = if !finite {
            Some(Blank::NotFinite)
        } else if matches!(evidence, Evidence::Parts(parts) if !zero(parts) && largest(&signed.values) <= ROUNDING * largest(parts))
        {
            Some(Blank::Cancelled)
        } else if raw_maximum > 0.0 {
            None
        } else if evidence == Evidence::Scores && zero(&signed.values) {
            Some(Blank::NoEffect)
        } else if matches!(evidence, Evidence::Weights(_) | Evidence::Parts(_)) && zero(weights) {
            Some(if score == Score::Probability { Blank::SaturatedSoftmax } else { Blank::NoGradient })
        } else if zero(&signed.values) {
            Some(Blank::DeadLayer)
        } else {
            Some(Blank::AllNegative)
        };
        let scale = |&value: &f32| if blank.is_some() { 0.0 } else { value.max(0.0) / raw_maximum };
        let normalised = Plane::new(signed.width, signed.height, signed.values.iter().map(scale).collect());
        let diagnoses = Diagnosis::of_numbers(&signed, blank).into_iter().collect();
        Self { layer, normalised, signed, raw_maximum, blank, diagnoses, image: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(values: &[f32], weights: &[f32], score: Score) -> AttributionMap {
        AttributionMap::new("layer".into(), [values.len(), 1], values.to_vec(), Evidence::Weights(weights), score)
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
    fn a_map_that_is_nothing_beside_its_parts_is_their_rounding() {
        let map = |values: [f32; 2], parts: [f32; 2]| {
            AttributionMap::new("layer".into(), [2, 1], values.to_vec(), Evidence::Parts(&parts), Score::Logit)
        };
        let noise = map([3e-9, -1e-9], [0.012, 0.001]);
        assert_eq!((noise.blank, noise.signed_normalised()), (Some(Blank::Cancelled), None));
        assert_eq!(noise.normalised.values, [0.0, 0.0]);
        assert_eq!(map([0.0, 0.0], [0.5, 0.0]).blank, Some(Blank::Cancelled));
        assert_eq!(map([0.0, 0.0], [0.0, 0.0]).blank, Some(Blank::NoGradient));
        // A small map of small parts is a map.
        assert_eq!(map([3e-9, -1e-9], [4e-9, 1e-9]).blank, None);
        assert_eq!(map([-3e-9, -1e-9], [4e-9, 1e-9]).blank, Some(Blank::AllNegative));
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
        let map = AttributionMap::new("input".into(), [2, 1], image.clone(), Evidence::Weights(&image), Score::Logit);
        assert_eq!(map.signed.values, [4.0, 2.0]);
        assert_eq!((map.normalised.values.as_slice(), map.image), ([1.0, 0.5].as_slice(), Some(image)));
        let broken = AttributionMap::new(
            "input".into(),
            [1, 1],
            vec![1.0, f32::NAN, 2.0],
            Evidence::Weights(&[1.0]),
            Score::Logit,
        );
        assert_eq!(broken.blank, Some(Blank::NotFinite));
        let nothing =
            AttributionMap::new("input".into(), [1, 1], vec![0.0; 3], Evidence::Weights(&[0.0; 3]), Score::Logit);
        assert_eq!(nothing.blank, Some(Blank::NoGradient));
    }

    #[test]
    fn maps_are_the_same_but_for_their_scale() {
        let one = map(&[-1.0, 2.0, 4.0], &[1.0], Score::Logit);
        assert!(one.is_same_as(&map(&[-10.0, 20.0, 40.0], &[1.0], Score::Logit)));
        for other in [&[1.0, -2.0, -4.0][..], &[-1.0, 2.02, 4.0], &[-1.0, 2.0], &[0.0, 0.0, 0.0]] {
            assert!(!one.is_same_as(&map(other, &[1.0], Score::Logit)), "{other:?}");
        }
        let nothing = map(&[0.0; 3], &[1.0], Score::Logit);
        assert!(!nothing.is_same_as(&nothing), "two blank maps show nothing alike");
        assert_eq!(nothing.diagnoses, [Diagnosis::Blank(Blank::DeadLayer)]);
        assert_eq!(
            (one.diagnoses.len(), map(&[2.0, 2.0], &[1.0], Score::Logit).diagnoses),
            (0, vec![Diagnosis::Uniform])
        );
    }

    #[test]
    fn a_map_without_weights_is_never_called_without_gradient() {
        let map = |values: [f32; 3]| {
            AttributionMap::new("input".into(), [3, 1], values.to_vec(), Evidence::Scores, Score::Logit)
        };
        assert_eq!(map([0.0; 3]).blank, Some(Blank::NoEffect));
        assert_eq!(map([0.0, -1.0, 0.0]).blank, Some(Blank::AllNegative));
        assert_eq!(map([0.0, -1.0, 2.0]).blank, None);
    }
}
