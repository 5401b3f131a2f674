//! Measures of how two models' answers differ.

use std::path::{Path, PathBuf};

use convscope::explain::correlation;
use serde::Serialize;

use super::{Answer, LayerAnswer};

/// Report of how far a candidate's answers are from the reference's.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) model: String,
    pub(crate) candidate: PathBuf,
    /// Bytes of the candidate's shards.
    pub(crate) bytes: u64,
    /// Number of images that were looked at.
    #[serde(rename = "pictures")]
    pub(crate) images: usize,
    /// Agreement of the classes; none where there is no classifier.
    pub(crate) classes: Option<Classes>,
    pub(crate) maps: Maps,
    pub(crate) channel_sums: Sums,
}

/// The classes of all images.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Classes {
    /// The share of images whose likeliest class is the same.
    pub(crate) top1_agreement: f64,
    /// The share of the reference's five likeliest classes (all, if there are fewer) that are among the candidate's.
    pub(crate) top5_overlap: f64,
    /// The largest error of a logit.
    pub(crate) logit_max: f64,
    /// The root mean square of the errors.
    pub(crate) logit_rms: f64,
    /// The largest error and the root mean square, divided by the root mean square of the reference's logits.
    pub(crate) logit_max_relative: f64,
    pub(crate) logit_rms_relative: f64,
}

/// Pearson's correlation of the maps of all images and layers.
#[derive(Debug, Serialize)]
pub(crate) struct Maps {
    /// The method that made them, of the reference's likeliest class, or `channel_sum`.
    pub(crate) kind: &'static str,
    /// Number of pairs; one of which only one is blank counts as 0.
    pub(crate) compared: usize,
    /// Pairs that are left out: there is nothing in either.
    pub(crate) both_blank: usize,
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) least_layer: String,
    #[serde(rename = "least_picture")]
    pub(crate) least_image: PathBuf,
    pub(crate) layers: Vec<LayerMaps>,
}

impl Maps {
    /// The layer whose maps are least alike, by the median over the images.
    pub(crate) fn worst(&self) -> Option<&LayerMaps> {
        self.layers.iter().min_by(|one, other| one.median.total_cmp(&other.median))
    }
}

/// Correlations of the maps of one layer.
#[derive(Debug, Serialize)]
pub(crate) struct LayerMaps {
    pub(crate) layer: String,
    pub(crate) median: f64,
    pub(crate) least: f64,
}

/// Errors of the channels' sums: of each image and layer the root mean square error over that of the reference's sums.
#[derive(Debug, Serialize)]
pub(crate) struct Sums {
    pub(crate) median: f64,
    pub(crate) largest: f64,
}

/// Compares answers about the same images, in the same order; there is one at least.
pub(super) fn report(model: &str, candidate: &Path, bytes: u64, expected: &[Answer], actual: &[Answer]) -> Report {
    let has_classes = expected.iter().all(|answer| !answer.logits.is_empty());
    let logits: Vec<[&[f32]; 2]> =
        expected.iter().zip(actual).map(|(expected, actual)| [&expected.logits[..], &actual.logits]).collect();
    Report {
        model: model.into(),
        candidate: candidate.into(),
        bytes,
        images: expected.len(),
        classes: has_classes.then(|| classes(&logits)),
        maps: maps(if has_classes { super::maps_by() } else { "channel_sum" }, expected, actual),
        channel_sums: sums(expected, actual),
    }
}

fn classes(logits: &[[&[f32]; 2]]) -> Classes {
    let share = |of: &dyn Fn(&[&[f32]; 2]) -> f64| logits.iter().map(of).sum::<f64>() / logits.len() as f64;
    let same = |[expected, actual]: &[&[f32]; 2]| f64::from(u8::from(best(expected, 1) == best(actual, 1)));
    let overlap = |[expected, actual]: &[&[f32]; 2]| {
        let (expected, actual) = (best(expected, 5), best(actual, 5));
        expected.iter().filter(|class| actual.contains(class)).count() as f64 / expected.len() as f64
    };
    let pairs = || logits.iter().flat_map(|[expected, actual]| expected.iter().zip(*actual));
    let errors = || pairs().map(|(expected, actual)| f64::from(actual - expected));
    let (logit_max, logit_rms) = (errors().map(f64::abs).fold(0.0, f64::max), rms(errors()));
    let scale = rms(pairs().map(|(expected, _)| f64::from(*expected)));
    Classes {
        top1_agreement: share(&same),
        top5_overlap: share(&overlap),
        logit_max,
        logit_rms,
        logit_max_relative: logit_max / scale,
        logit_rms_relative: logit_rms / scale,
    }
}

/// The classes of the largest logits, largest first.
fn best(logits: &[f32], count: usize) -> Vec<usize> {
    let mut classes: Vec<usize> = (0..logits.len()).collect();
    classes.sort_by(|&one, &other| logits[other].total_cmp(&logits[one]).then(one.cmp(&other)));
    classes.truncate(count);
    classes
}

fn maps(kind: &'static str, expected: &[Answer], actual: &[Answer]) -> Maps {
    let layer_names = expected.first().into_iter().flat_map(|answer| &answer.layers).map(|layer| layer.layer.clone());
    let (mut all, mut both_blank, mut layers) = (vec![], 0, vec![]);
    for (index, layer) in layer_names.enumerate() {
        let mut of_layer = vec![];
        for (expected, actual) in expected.iter().zip(actual) {
            match likeness(&expected.layers[index].map.values, &actual.layers[index].map.values) {
                Some(correlation) => {
                    of_layer.push(correlation);
                    all.push((correlation, layer.clone(), expected.image.clone()));
                }
                None => both_blank += 1,
            }
        }
        if !of_layer.is_empty() {
            layers.push(LayerMaps { layer, least: least(&of_layer), median: median(of_layer) });
        }
    }
    let worst = all.iter().min_by(|one, other| one.0.total_cmp(&other.0)).cloned();
    let (least, least_layer, least_image) = worst.unwrap_or((1.0, String::new(), PathBuf::new()));
    let compared = all.len();
    let median = median(all.into_iter().map(|(correlation, ..)| correlation).collect());
    Maps { kind, compared, both_blank, median, least, least_layer, least_image, layers }
}

fn sums(expected: &[Answer], actual: &[Answer]) -> Sums {
    let error = |(expected, actual): (&LayerAnswer, &LayerAnswer)| {
        let scale = rms(expected.sums.iter().copied());
        let error = rms(expected.sums.iter().zip(&actual.sums).map(|(expected, actual)| actual - expected));
        if error == 0.0 { 0.0 } else { error / scale }
    };
    let layers = expected.iter().zip(actual).flat_map(|(expected, actual)| expected.layers.iter().zip(&actual.layers));
    let errors: Vec<f64> = layers.map(error).collect();
    Sums { largest: errors.iter().copied().fold(0.0, f64::max), median: median(errors) }
}

/// Root mean square.
fn rms(numbers: impl Iterator<Item = f64>) -> f64 {
    let (count, squares) = numbers.fold((0_usize, 0.0), |(count, sum), number| (count + 1, sum + number * number));
    if count == 0 { 0.0 } else { (squares / count as f64).sqrt() }
}

/// The middle number; between two of them their mean; 1 of none, as there is no difference.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match numbers.len() {
        0 => 1.0,
        length if length % 2 == 1 => numbers[middle],
        _ => (numbers[middle - 1] + numbers[middle]) / 2.0,
    }
}

fn least(numbers: &[f64]) -> f64 {
    numbers.iter().copied().fold(f64::INFINITY, f64::min)
}

/// Pearson's correlation; 0 if one of them has no contrast, `None` if neither has.
fn likeness(one: &[f32], other: &[f32]) -> Option<f64> {
    let varies = |values: &[f32]| values.windows(2).any(|pair| pair[0] != pair[1]);
    (varies(one) || varies(other)).then(|| correlation(one, other).unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use convscope::image::Plane;

    use super::*;

    #[test]
    fn maps_without_contrast_are_alike_or_not() {
        let found = likeness(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 5.0]).unwrap();
        assert!((found - 0.8315218406202999).abs() < 1e-9, "np.corrcoef: {found}");
        assert_eq!(likeness(&[0.0, 0.0], &[0.0, 1.0]), Some(0.0));
        assert_eq!(likeness(&[0.0, 0.0], &[2.0, 2.0]), None);
    }

    #[test]
    fn classes_are_counted_and_errors_measured() {
        let expected: [&[f32]; 2] = [&[3.0, 0.0, 0.0, 0.0, 0.0, -1.0], &[0.0, 4.0, 0.0, 0.0, 0.0, 0.0]];
        let actual: [&[f32]; 2] = [&[3.0, 0.0, 0.0, 0.0, 0.0, 2.0], &[5.0, 4.0, 0.0, 0.0, 0.0, 0.0]];
        let classes = classes(&[[expected[0], actual[0]], [expected[1], actual[1]]]);
        assert_eq!((classes.top1_agreement, classes.logit_max), (0.5, 5.0));
        // Of the first image's five one is pushed out by class 5; of the second's none.
        assert!((classes.top5_overlap - 0.9).abs() < 1e-9);
        assert!((classes.logit_rms - (34.0_f64 / 12.0).sqrt()).abs() < 1e-9);
        assert!((classes.logit_rms_relative - (34.0_f64 / 26.0).sqrt()).abs() < 1e-9);
    }

    #[test]
    fn the_worst_map_is_named_and_blank_pairs_are_left_out() {
        let answer = |image: &str, maps: [[f32; 2]; 2]| Answer {
            image: image.into(),
            logits: vec![1.0, 0.0],
            class: Some(0),
            layers: ["early", "late"]
                .into_iter()
                .zip(maps)
                .map(|(layer, map)| LayerAnswer {
                    layer: layer.into(),
                    map: Plane::new(2, 1, map.to_vec()),
                    sums: vec![2.0, 0.0],
                })
                .collect(),
        };
        let expected = [answer("a", [[0.0, 1.0], [0.0, 0.0]]), answer("b", [[0.0, 1.0], [1.0, 0.0]])];
        let actual = [answer("a", [[0.0, 0.5], [0.0, 0.0]]), answer("b", [[0.0, 1.0], [0.0, 1.0]])];
        let maps = report("m", Path::new("c"), 9, &expected, &actual).maps;
        assert_eq!((maps.compared, maps.both_blank, maps.median), (3, 1, 1.0));
        assert_eq!((maps.least_layer.as_str(), maps.least_image.as_path()), ("late", Path::new("b")));
        assert!((maps.least + 1.0).abs() < 1e-9);
        assert_eq!(maps.layers.len(), 2);
    }
}
