//! Account of a survey: how often the model is right, how far its probabilities can be believed, and what stands out.

use std::collections::{BTreeMap, HashMap};

use super::boxes::{BOX_HEAT, BOX_HIT};
use super::row::{Found, Row};
use crate::share::Share;

/// Parts of the probabilities' range, each of one width, that calibration is measured in: as many as Guo et al. 2017
/// (<https://arxiv.org/abs/1706.04599>) show.
const BINS: usize = 10;

/// Images whose likeliest class has a probability in one part of the range.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// Number of the images.
    pub count: usize,
    /// Mean probability.
    pub probability: f64,
    /// Share of the images whose likeliest class is the right one.
    pub right: f64,
}

/// Share of the images with a label that are right, with its interval; none where no label is known.
pub fn accuracy(rows: &[Row]) -> Option<Share> {
    let known: Vec<bool> = rows.iter().filter_map(Row::is_right).collect();
    Share::of(known.iter().filter(|right| **right).count(), known.len())
}

/// How far probabilities can be believed.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The parts that hold images, by rising probability.
    pub bins: Vec<Bin>,
    /// Expected calibration error: the mean distance between probability and share of right ones, by the number of images.
    pub error: f64,
}

impl Calibration {
    /// That of images whose class is known; none where there are none.
    pub fn of(rows: &[Row]) -> Option<Self> {
        let mut bins = [Bin::default(); BINS];
        for (probability, right) in rows.iter().filter_map(|row| Some((row.probability()?, row.is_right()?))) {
            let bin = &mut bins[((probability * BINS as f32) as usize).min(BINS - 1)];
            bin.count += 1;
            bin.probability += f64::from(probability);
            bin.right += f64::from(u8::from(right));
        }
        let mean = |bin: Bin| {
            let count = bin.count as f64;
            Bin { probability: bin.probability / count, right: bin.right / count, ..bin }
        };
        let bins: Vec<Bin> = bins.into_iter().filter(|bin| bin.count > 0).map(mean).collect();
        let all: usize = bins.iter().map(|bin| bin.count).sum();
        let away = |bin: &Bin| bin.count as f64 / all as f64 * (bin.probability - bin.right).abs();
        let error = bins.iter().map(away).sum();
        (all > 0).then_some(Self { bins, error })
    }
}

/// How many images of a label were taken for a class, and for which, the most frequent first.
pub fn confusions(rows: &[Row]) -> Vec<([&str; 2], Vec<usize>)> {
    let mut pairs: BTreeMap<[&str; 2], Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        if let (Some(truth), Some(found), Some(false)) = (&row.truth, &row.found, row.is_right()) {
            pairs.entry([truth, &found.name]).or_default().push(at);
        }
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by_key(|(_, images)| std::cmp::Reverse(images.len()));
    pairs
}

/// Images for which `wanted` holds, those of the highest probability first.
pub fn surest(rows: &[Row], wanted: impl Fn(&Row) -> bool) -> Vec<&Row> {
    let mut found: Vec<&Row> = rows.iter().filter(|row| row.found.is_some() && wanted(row)).collect();
    found.sort_by(|one, other| other.probability().unwrap_or(0.0).total_cmp(&one.probability().unwrap_or(0.0)));
    found
}

/// Images that are the same file, byte for byte, in groups.
pub fn duplicates(rows: &[Row]) -> Vec<Vec<&Row>> {
    let mut groups: HashMap<&str, Vec<&Row>> = HashMap::new();
    for row in rows.iter().filter(|row| !row.sha256.is_empty()) {
        groups.entry(&row.sha256).or_default().push(row);
    }
    let mut groups: Vec<_> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_by(|one, other| one[0].path.cmp(&other[0].path));
    groups
}

/// How much of the heat lies in the boxes that people have drawn around objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Boxed<'a> {
    /// Images of which the hottest pixel lies in a box or near it.
    pub hits: Share,
    /// Share of a map's heat that lies in its boxes, on the mean.
    pub heat: f64,
    /// The images, each with that share, the least first.
    pub images: Vec<(&'a Row, f32)>,
}

impl<'a> Boxed<'a> {
    /// That of all images with boxes and a map; none where there are none.
    pub fn of(rows: &'a [Row]) -> Option<Self> {
        let number = |row: &Row, name: &str| row.found.as_ref()?.metrics.get(name).copied().flatten();
        let mut images: Vec<(&Row, f32)> = rows.iter().filter_map(|row| Some((row, number(row, BOX_HEAT)?))).collect();
        let hits = images.iter().filter(|(row, _)| number(row, BOX_HIT) == Some(1.0)).count();
        let hits = Share::of(hits, images.len())?;
        let heat = images.iter().map(|(_, heat)| f64::from(*heat)).sum::<f64>() / images.len() as f64;
        images.sort_by(|one, other| one.1.total_cmp(&other.1));
        Some(Self { hits, heat, images })
    }
}

/// Images that the model takes for one class.
#[derive(Clone, Debug, PartialEq)]
pub struct OfClass<'a> {
    /// Name of the class.
    pub name: &'a str,
    /// Mean of their maps, `[16, 16]`.
    pub mean: Vec<f32>,
    /// The images with maps, the one whose map is most like the mean first, each with the correlation of both.
    pub images: Vec<(&'a Row, f64)>,
}

/// The images of each class that the model finds, the most frequent class first.
pub fn classes(rows: &[Row]) -> Vec<OfClass<'_>> {
    let mut classes: BTreeMap<usize, Vec<(&Row, &Found)>> = BTreeMap::new();
    for row in rows {
        if let Some(found) = row.found.as_ref().filter(|found| found.blank.is_none()) {
            classes.entry(found.predicted).or_default().push((row, found));
        }
    }
    let mut classes: Vec<OfClass<'_>> = classes
        .into_values()
        .map(|images| {
            let maps: Vec<Vec<f32>> = images.iter().map(|(_, found)| found.numbers()).collect();
            let mean: Vec<f32> =
                (0..maps[0].len()).map(|at| maps.iter().map(|map| map[at]).sum::<f32>() / maps.len() as f32).collect();
            let alike = |map: &[f32]| crate::explain::correlation(map, &mean).unwrap_or(0.0);
            let mut images: Vec<(&Row, f64)> =
                images.iter().zip(&maps).map(|((row, _), map)| (*row, alike(map))).collect();
            images.sort_by(|one, other| other.1.total_cmp(&one.1));
            let name = images[0].0.found.as_ref().map_or("", |found| &found.name);
            OfClass { name, mean, images }
        })
        .collect();
    classes.sort_by_key(|class| std::cmp::Reverse(class.images.len()));
    classes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::row::tests::row;

    #[test]
    fn calibration_compares_probabilities_with_what_is_right() {
        // Two of 0.9 and one of them right; one of 0.25, wrong: (2 * 0.4 + 0.25) / 3.
        let rows = [row(1, 1, 0.9), row(1, 2, 0.9), row(3, 1, 0.25)];
        let found = Calibration::of(&rows).expect("known");
        assert!((found.error - 0.35).abs() < 1e-6, "{found:?}");
        assert_eq!(found.bins.iter().map(|bin| (bin.count, bin.right)).collect::<Vec<_>>(), [(1, 0.0), (2, 0.5)]);
        assert_eq!(Calibration::of(&[Row::default()]), None);
    }

    #[test]
    fn what_stands_out_comes_first() {
        let rows = [row(1, 2, 0.5), row(1, 2, 0.75), row(3, 1, 0.875), row(1, 1, 1.0), row(1, 2, 0.5)];
        let pairs = confusions(&rows);
        assert_eq!(pairs[0], (["class 1", "class 2"], vec![0, 1, 4]));
        assert_eq!(pairs.len(), 2);
        let wrong: Vec<f32> =
            surest(&rows, |row| row.is_right() == Some(false)).iter().filter_map(|row| row.probability()).collect();
        assert_eq!(wrong, [0.875, 0.75, 0.5, 0.5]);
        let same = duplicates(&rows);
        assert_eq!((same.len(), same[0].len()), (1, 2));
        let classes = classes(&rows);
        assert_eq!(
            classes.iter().map(|class| (class.name, class.images.len())).collect::<Vec<_>>(),
            [("class 2", 3), ("class 1", 2)]
        );
    }
    #[test]
    fn heat_in_boxes_is_told_of_images_that_have_some() {
        let boxed = |heat: Option<f32>, hit: f32| {
            let mut row = row(1, 1, 0.5);
            let metrics = &mut row.found.as_mut().expect("findings").metrics;
            metrics.extend([(BOX_HEAT.to_owned(), heat), (BOX_HIT.to_owned(), heat.map(|_| hit))]);
            row
        };
        let rows = [boxed(Some(0.75), 1.0), row(1, 1, 0.5), boxed(Some(0.25), 0.0), boxed(None, 0.0), Row::default()];
        let found = Boxed::of(&rows).expect("boxes");
        assert_eq!((found.hits.count, found.hits.of, found.heat), (1, 2, 0.5));
        assert_eq!(found.images.iter().map(|(_, heat)| *heat).collect::<Vec<_>>(), [0.25, 0.75]);
        assert_eq!(Boxed::of(&rows[1..2]), None);
    }
}
