//! How the maps of several layers become one.

use serde::{Deserialize, Serialize};

use super::{AttributionMap, Blank, Diagnosis};
use crate::image::Plane;
use crate::named::named;

/// Rule by which the maps of several layers become one. Each is rectified and divided by its own maximum, so that no layer outweighs
/// another by its scale, brought to one size (bilinear, pixels by their centres), and then taken place by place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fusion {
    /// The largest number: that of torch-cam, and of LayerCAM's paper (Jiang et al. 2021,
    /// <https://doi.org/10.1109/TIP.2021.3089943>), but for the hyperbolic tangent by which that brightens.
    #[default]
    Maximum,
    /// The mean: that of pytorch-grad-cam.
    Mean,
    /// The product: that of RefineCAM (Domeniconi et al. 2026, <https://arxiv.org/abs/2605.14641>).
    Product,
}

named!(Fusion {
    Maximum = "fused", "The largest number of all layers' maps at each place: what any layer shows";
    Mean = "fused_mean", "The mean of all layers' maps at each place";
    Product = "fused_product", "The product of all layers' maps at each place: what every layer shows";
});

impl Fusion {
    /// One map of several, of the largest height and width among them; that of none is empty. Its layer is called as the rule is,
    /// and its numbers are 0 to 1, without sign.
    pub fn fuse(self, maps: &[AttributionMap]) -> AttributionMap {
        let side = |length: fn(&Plane) -> usize| maps.iter().map(|map| length(&map.normalised)).max().unwrap_or(0);
        self.fuse_at([side(|plane| plane.width), side(|plane| plane.height)], maps)
    }

    /// The same of a size that is given.
    pub fn fuse_at(self, [width, height]: [usize; 2], maps: &[AttributionMap]) -> AttributionMap {
        let mut enlarged = maps.iter().map(|map| map.normalised.resize(width, height).values);
        let first = enlarged.next().unwrap_or_default();
        let put: fn(f32, f32) -> f32 = match self {
            Self::Maximum => f32::max,
            Self::Mean => |one, other| one + other,
            Self::Product => |one, other| one * other,
        };
        let mut values =
            enlarged.fold(first, |fused, map| fused.into_iter().zip(map).map(|(a, b)| put(a, b)).collect());
        if self == Self::Mean {
            values.iter_mut().for_each(|value| *value /= maps.len() as f32);
        }
        let signed = Plane::new(width, height, values);
        let raw_maximum = signed.max().max(0.0);
        // What is true of one layer is not said of all.
        let shared = maps.first().and_then(|map| map.blank).filter(|_| maps.iter().all(|map| map.blank.is_some()));
        let nothing = || shared.unwrap_or(Blank::NothingInCommon);
        let blank = (raw_maximum == 0.0).then(nothing);
        let scale = if blank.is_some() { 1.0 } else { raw_maximum };
        let normalised = Plane::new(width, height, signed.values.iter().map(|value| value / scale).collect());
        let diagnoses = Diagnosis::of_numbers(&signed, blank).into_iter().collect();
        AttributionMap { layer: self.name().into(), normalised, signed, raw_maximum, blank, image: None, diagnoses }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{Evidence, Score};

    fn map(size: [usize; 2], values: &[f32]) -> AttributionMap {
        AttributionMap::new("layer".into(), size, values.to_vec(), Evidence::Weights(&[1.0]), Score::Logit)
    }

    #[test]
    fn rules_are_taken_place_by_place() {
        let maps = [map([2, 1], &[2.0, 1.0]), map([2, 1], &[-1.0, 4.0]), map([2, 1], &[1.0, 10.0])];
        let fused = |fusion: Fusion| fusion.fuse(&maps);
        assert_eq!(fused(Fusion::Maximum).signed.values, [1.0, 1.0]);
        let mean = fused(Fusion::Mean);
        assert!((mean.signed.values[0] - 1.1 / 3.0).abs() < 1e-6 && (mean.raw_maximum - 2.5 / 3.0).abs() < 1e-6);
        assert_eq!((mean.normalised.max(), mean.layer.as_str(), mean.blank), (1.0, "fused_mean", None));
        let product = fused(Fusion::Product);
        assert_eq!(
            (product.signed.values.as_slice(), product.normalised.values.as_slice()),
            ([0.0, 0.5].as_slice(), [0.0, 1.0].as_slice())
        );
    }

    #[test]
    fn the_product_is_torch_cams() {
        // oracles.md, case 12: [[0, 1], [2, 3]] with [[3, 2], [1, 0]].
        let fused = Fusion::Product.fuse(&[map([2, 2], &[0.0, 1.0, 2.0, 3.0]), map([2, 2], &[3.0, 2.0, 1.0, 0.0])]);
        let expected = [0.0, 2.0 / 9.0, 2.0 / 9.0, 0.0];
        assert!(
            fused.signed.values.iter().zip(expected).all(|(value, right)| (value - right).abs() < 1e-7),
            "{fused:?}"
        );
        assert_eq!(fused.normalised.values, [0.0, 1.0, 1.0, 0.0]);
    }

    #[test]
    fn maps_are_enlarged_to_the_largest_of_each_side() {
        // 1 x 2 and 3 x 1 come to 3 x 2; a map of one number is that number everywhere.
        let fused =
            Fusion::Maximum.fuse(&[map([2, 1], &[0.5, 1.0]), map([1, 3], &[0.0, 0.6, 1.0]), map([1, 1], &[-1.0])]);
        assert_eq!([fused.signed.width, fused.signed.height], [2, 3]);
        assert_eq!(fused.signed.values, [0.5, 1.0, 0.6, 1.0, 1.0, 1.0]);
        // Half-pixel centres: 2 to 4 lies at -1/4, 1/4, 3/4, 5/4.
        let halves = Fusion::Mean.fuse(&[map([2, 1], &[0.0, 1.0]), map([4, 1], &[1.0, 0.0, 0.0, 0.0])]);
        assert_eq!(halves.signed.values, [0.5, 0.125, 0.375, 0.5]);
    }

    #[test]
    fn a_fused_map_that_is_blank_says_why() {
        let (left, right) = (map([2, 1], &[1.0, 0.0]), map([2, 1], &[0.0, 1.0]));
        let nothing = Fusion::Product.fuse(&[left.clone(), right]);
        assert_eq!(
            (nothing.blank, nothing.normalised.values.as_slice()),
            (Some(Blank::NothingInCommon), [0.0; 2].as_slice())
        );
        let against = map([2, 1], &[-1.0, -2.0]);
        let one_against = Fusion::Product.fuse(&[left.clone(), against.clone()]);
        assert_eq!(one_against.blank, Some(Blank::NothingInCommon));
        assert_eq!(Fusion::Maximum.fuse(&[left, against.clone()]).blank, None);
        assert_eq!(Fusion::Mean.fuse(&[against]).blank, Some(Blank::AllNegative));
    }
}
