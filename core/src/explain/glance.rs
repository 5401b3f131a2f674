//! A layer's map at one glance: how it goes together with the last layer's, how far it is spread, and how much of it lies in a box.

use super::AttributionMap;
use super::statistics::correlation;

/// Numbers of a layer's map, rectified.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glance {
    /// Pearson's correlation with the last layer's map, both enlarged to the larger of their widths and heights, -1 to 1; none where one of
    /// them is the same everywhere, or shows nothing.
    pub correlation: Option<f64>,
    /// Shannon's entropy of the heat, `-sum p ln p / ln n` over the `n` cells, 0 (all in one cell) to 1 (the same everywhere); none of a map
    /// of one cell.
    pub entropy: Option<f64>,
    /// Share of the heat that lies in the box, 0 to 1, cells on its border by the part of them that does.
    pub inside: Option<f64>,
}

impl Glance {
    /// The numbers of a map beside that of the last layer, and in a box with these edges, left, top, right and bottom, in shares of the
    /// map's sides; none of a map that shows nothing.
    pub fn of(map: &AttributionMap, last: Option<&AttributionMap>, edges: Option<[f64; 4]>) -> Option<Self> {
        let heat = &map.normalised;
        let total: f64 = heat.values.iter().map(|&value| f64::from(value)).sum();
        if map.blank.is_some() || total <= 0.0 || !total.is_finite() {
            return None;
        }
        let like = |last: &AttributionMap| {
            let other = &last.normalised;
            let (width, height) = (heat.width.max(other.width), heat.height.max(other.height));
            correlation(&heat.resize(width, height).values, &other.resize(width, height).values)
        };
        let term = |&value: &f32| {
            let share = f64::from(value) / total;
            if share > 0.0 { -share * share.ln() } else { 0.0 }
        };
        let cells = heat.values.len();
        let entropy = (cells > 1).then(|| heat.values.iter().map(term).sum::<f64>() / (cells as f64).ln());
        let inside = edges.map(|[left, top, right, bottom]| {
            let part = |low: f64, high: f64, at: usize, count: usize| {
                let (start, end) = (at as f64 / count as f64, (at + 1) as f64 / count as f64);
                (high.min(end) - low.max(start)).max(0.0) * count as f64
            };
            let cell = |(index, &value): (usize, &f32)| {
                let (column, row) = (index % heat.width, index / heat.width);
                f64::from(value) * part(left, right, column, heat.width) * part(top, bottom, row, heat.height)
            };
            heat.values.iter().enumerate().map(cell).sum::<f64>() / total
        });
        Some(Self { correlation: last.filter(|last| last.blank.is_none()).and_then(like), entropy, inside })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Evidence, Score};
    use super::*;

    fn map(width: usize, values: &[f32]) -> AttributionMap {
        let size = [width, values.len() / width];
        AttributionMap::new("layer".into(), size, values.to_vec(), Evidence::Features, Score::Logit)
    }

    fn near(found: Option<f64>, expected: f64) {
        assert!(found.is_some_and(|found| (found - expected).abs() < 1e-6), "{found:?} is not {expected}");
    }

    #[test]
    fn numbers_are_those_of_numpy_and_scipy() {
        let (one, other) = (map(2, &[1.0, 2.0, 4.0, 1.0]), map(2, &[0.0, 1.0, 2.0, 3.0]));
        let glance = Glance::of(&one, Some(&other), None).unwrap();
        // np.corrcoef([1, 2, 4, 1], [0, 1, 2, 3])[0, 1]
        near(glance.correlation, 0.182_574_185_835_055_36);
        // scipy.stats.entropy([1, 2, 4, 1]) / np.log(4)
        near(glance.entropy, 0.875);
        assert_eq!(glance.inside, None);
        near(Glance::of(&one, Some(&one), None).unwrap().correlation, 1.0);
    }

    #[test]
    fn maps_meet_at_the_larger_size() {
        let (small, large) = (map(2, &[0.0, 1.0]), map(4, &[0.0, 0.25, 0.75, 1.0]));
        near(Glance::of(&small, Some(&large), None).unwrap().correlation, 1.0);
        near(Glance::of(&large, Some(&small), None).unwrap().correlation, 1.0);
    }

    #[test]
    fn the_ends_of_the_scales_are_reached() {
        let spot = Glance::of(&map(2, &[0.0, 0.0, 3.0, 0.0]), None, Some([0.0, 0.5, 0.5, 1.0])).unwrap();
        assert_eq!((spot.correlation, spot.entropy, spot.inside), (None, Some(0.0), Some(1.0)));
        let even = Glance::of(&map(2, &[2.0; 4]), Some(&map(2, &[1.0, 0.0, 0.0, 0.0])), Some([0.25, 0.25, 0.75, 0.75]))
            .unwrap();
        near(even.entropy, 1.0);
        near(even.inside, 0.25);
        assert_eq!(even.correlation, None, "it is the same everywhere");
        // What speaks against the class is no heat.
        near(Glance::of(&map(2, &[1.0, -5.0]), None, Some([0.0, 0.0, 0.5, 1.0])).unwrap().inside, 1.0);
        assert_eq!(Glance::of(&map(1, &[1.0]), None, None).unwrap().entropy, None);
    }

    #[test]
    fn a_blank_map_has_no_numbers() {
        let blank = map(2, &[0.0, -1.0]);
        assert_eq!(Glance::of(&blank, None, None), None);
        assert_eq!(Glance::of(&map(2, &[1.0, 0.0]), Some(&blank), None).unwrap().correlation, None);
    }
}
