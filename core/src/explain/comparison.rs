//! Two maps side by side: on one scale, with what differs and how alike they are.

use super::AttributionMap;
use super::statistics::correlation;
use crate::image::Plane;

/// Comparison of two maps. All planes have one size: the larger of the maps' heights and widths.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Both maps, 0 to 1: on one shared scale, or each by its own largest number.
    pub planes: [Plane; 2],
    /// The second less the first, divided by its largest magnitude: -1 (only the first) to 1 (only the second). `None` where
    /// they are the same.
    pub difference: Option<Plane>,
    /// The largest magnitude of the difference, where both maps are 0 to 1.
    pub largest: f32,
    /// Pearson's correlation, -1 to 1; `None` where a map is the same everywhere.
    pub correlation: Option<f32>,
}

impl Comparison {
    /// Compares what two maps show, rectified. A shared scale divides both by the larger of their largest numbers, so that a
    /// weak map stays weak: it has a meaning where both are in the same units, that is of one model, method and convention.
    pub fn of(maps: [&AttributionMap; 2], shared: bool) -> Self {
        let width = maps[0].normalised.width.max(maps[1].normalised.width);
        let height = maps[0].normalised.height.max(maps[1].normalised.height);
        let raw = maps.map(|map| if map.blank.is_some() { 0.0 } else { map.raw_maximum });
        let most = raw[0].max(raw[1]);
        let planes = [0, 1].map(|index| {
            let mut plane = maps[index].normalised.resize(width, height);
            let scale = if shared && most > 0.0 { raw[index] / most } else { 1.0 };
            plane.values.iter_mut().for_each(|value| *value *= scale);
            plane
        });
        let pairs = || planes[0].values.iter().zip(&planes[1].values);
        let differences: Vec<f32> = pairs().map(|(first, second)| second - first).collect();
        let largest = differences.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        let difference = (largest > 0.0)
            .then(|| Plane::new(width, height, differences.iter().map(|value| value / largest).collect()));
        let correlation = correlation(&planes[0].values, &planes[1].values).map(|one| one as f32);
        Self { planes, difference, largest, correlation }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(width: usize, normalised: &[f32], raw_maximum: f32) -> AttributionMap {
        let normalised = Plane::new(width, normalised.len() / width, normalised.to_vec());
        AttributionMap {
            diagnoses: vec![],
            layer: "layer".into(),
            signed: normalised.clone(),
            normalised,
            raw_maximum,
            blank: None,
            image: None,
        }
    }

    #[test]
    fn a_shared_scale_keeps_a_weak_map_weak() {
        let (strong, weak) = (map(2, &[1.0, 0.0], 4.0), map(2, &[0.0, 1.0], 1.0));
        let shared = Comparison::of([&strong, &weak], true);
        assert_eq!(shared.planes.map(|plane| plane.values), [vec![1.0, 0.0], vec![0.0, 0.25]]);
        assert_eq!(shared.difference.map(|plane| plane.values), Some(vec![-1.0, 0.25]));
        let own = Comparison::of([&strong, &weak], false);
        assert_eq!(own.planes[1].values, [0.0, 1.0]);
        assert_eq!((own.largest, own.correlation), (1.0, Some(-1.0)));
        // Correlation does not depend on the scale.
        assert_eq!(shared.correlation, Some(-1.0));
    }

    #[test]
    fn maps_of_other_sizes_meet_at_the_larger_one() {
        let (coarse, fine) = (map(1, &[1.0], 1.0), map(2, &[1.0, 0.5, 0.0, 0.0], 1.0));
        let Comparison { planes, correlation, .. } = Comparison::of([&coarse, &fine], true);
        assert_eq!(planes.map(|plane| (plane.width, plane.height)), [(2, 2), (2, 2)]);
        assert_eq!(correlation, None);
    }

    #[test]
    fn a_map_is_no_different_from_itself_and_a_blank_one_is_dark() {
        let one = map(2, &[1.0, 0.2, 0.0, 0.4], 3.0);
        let same = Comparison::of([&one, &one], true);
        assert_eq!((same.difference, same.largest), (None, 0.0));
        assert!(same.correlation.is_some_and(|correlation| (correlation - 1.0).abs() < 1e-6));
        let blank = AttributionMap { blank: Some(super::super::Blank::DeadLayer), ..map(2, &[0.0; 4], 0.0) };
        let Comparison { planes, correlation, .. } = Comparison::of([&one, &blank], true);
        assert_eq!((planes[1].max(), correlation), (0.0, None));
    }
}
