//! Findings of a survey about one image.

use std::collections::BTreeMap;

use crate::explain::{AttributionMap, Diagnosis};
use crate::export::sha256;
use crate::image::Plane;
use crate::predictions::Class;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use half::f16;
use serde::{Deserialize, Serialize};

/// Cells of a kept map along each side.
pub const SIDE: usize = 16;
/// Cells along each side that count as the border: an eighth of the side.
const BORDER: usize = SIDE / 8;
/// Cells along a side of the centre, which is half of each side.
const CENTRE: std::ops::Range<usize> = SIDE / 4..SIDE - SIDE / 4;

/// An image, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its name in the survey.
    pub path: String,
    /// SHA-256 of the file; empty where it could not be read.
    pub sha256: String,
    /// Its label.
    pub truth: Option<String>,
    /// The class of the model that the label means.
    pub truth_index: Option<usize>,
    /// Findings; none where there is an error.
    pub found: Option<Found>,
    /// What the model says that it is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<Found>,
    /// Why nothing was found.
    pub error: Option<String>,
}

/// What the model and the method say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Likeliest class, by index.
    pub predicted: usize,
    /// Its name.
    pub name: String,
    /// Its probability, where outputs are such.
    pub probability: Option<f32>,
    /// Its logit.
    pub logit: f32,
    /// How much likelier it is than the next.
    pub margin: Option<f32>,
    /// Place of the map's largest number, in shares of the width and the height of what the network sees.
    pub peak: Option<[f32; 2]>,
    /// Share of the map's heat in the middle half of both sides.
    pub centre: Option<f32>,
    /// Share of the map's heat in the outer eighth of any side.
    pub border: Option<f32>,
    /// Why the map shows nothing.
    pub blank: Option<String>,
    /// Values of metrics of the map, by their names; none where one is no number. In float32, which JSON gives back to the last bit.
    pub metrics: BTreeMap<String, Option<f32>>,
    /// The map, `[16, 16]`, 0 to 1, as little-endian float16 in base64.
    pub map: String,
}

impl Row {
    /// Whether the likeliest class is the right one; none where that is not known.
    pub fn is_right(&self) -> Option<bool> {
        Some(self.found.as_ref()?.predicted == self.truth_index?)
    }

    /// The probability of the likeliest class.
    pub fn probability(&self) -> Option<f32> {
        self.found.as_ref()?.probability
    }
}

impl Found {
    /// What classes, the likeliest first, and a map say; none without classes.
    pub fn new(classes: &[Class], map: &AttributionMap, metrics: BTreeMap<String, Option<f32>>) -> Option<Self> {
        let Class { index, name, probability, logit } = classes.first()?;
        let margin = match (probability, classes.get(1).and_then(|next| next.probability)) {
            (Some(first), Some(next)) => Some(first - next),
            _ => None,
        };
        let small = small(&map.normalised);
        let total: f32 = small.iter().sum();
        let share = |inside: &dyn Fn(usize, usize) -> bool| {
            let heat = small.iter().enumerate().filter(|(at, _)| inside(at / SIDE, at % SIDE)).map(|(_, heat)| heat);
            (total > 0.0).then(|| heat.sum::<f32>() / total)
        };
        let edge = |at: usize| !(BORDER..SIDE - BORDER).contains(&at);
        let bytes: Vec<u8> = small.iter().flat_map(|&heat| f16::from_f32(heat).to_le_bytes()).collect();
        Some(Self {
            predicted: *index,
            name: name.clone(),
            probability: *probability,
            logit: *logit,
            margin,
            peak: peak(&map.normalised),
            centre: share(&|row, column| CENTRE.contains(&row) && CENTRE.contains(&column)),
            border: share(&|row, column| edge(row) || edge(column)),
            blank: map.blank.map(|blank| Diagnosis::Blank(blank).name().to_owned()),
            metrics,
            map: BASE64_STANDARD.encode(bytes),
        })
    }

    /// Bytes of the kept map. Empty where they cannot be read, which [`Found::is_whole`] tells.
    fn bytes(&self) -> Vec<u8> {
        BASE64_STANDARD.decode(&self.map).unwrap_or_default()
    }

    /// Whether the map has all its numbers.
    pub fn is_whole(&self) -> bool {
        self.bytes().len() == SIDE * SIDE * size_of::<f16>()
    }

    /// The map's numbers, `[16, 16]`, row by row.
    pub fn heat(&self) -> Vec<f16> {
        self.bytes().as_chunks().0.iter().map(|&bytes| f16::from_le_bytes(bytes)).collect()
    }

    /// The same in float32.
    pub fn numbers(&self) -> Vec<f32> {
        self.heat().into_iter().map(f32::from).collect()
    }

    /// SHA-256 of the map as it lies in the array of all maps.
    pub fn map_sha256(&self) -> String {
        sha256(&self.bytes())
    }
}

/// The middle of the largest number, the first of equals, in shares of the sides; none where all is 0.
fn peak(map: &Plane) -> Option<[f32; 2]> {
    let most = Some(map.max()).filter(|most| *most > 0.0)?;
    let at = map.values.iter().position(|value| *value == most)?;
    let middle = |place: usize, side: usize| (place as f32 + 0.5) / side as f32;
    Some([middle(at % map.width, map.width), middle(at / map.width, map.height)])
}

/// A map at 16 x 16: means of the numbers whose middles lie in a cell, or bilinear between them where there are fewer.
fn small(map: &Plane) -> Vec<f32> {
    if map.width < SIDE || map.height < SIDE {
        return map.resize(SIDE, SIDE).values;
    }
    let mut sums = vec![(0.0_f32, 0_u32); SIDE * SIDE];
    for (at, value) in map.values.iter().enumerate() {
        let cell = |place: usize, side: usize| (2 * place + 1) * SIDE / (2 * side);
        let (sum, count) = &mut sums[cell(at / map.width, map.height) * SIDE + cell(at % map.width, map.width)];
        (*sum, *count) = (*sum + value, *count + 1);
    }
    sums.into_iter().map(|(sum, count)| sum / count as f32).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use crate::explain::{Evidence, Score};

    use super::*;

    fn found(width: usize, height: usize, hot: impl Fn(usize, usize) -> f32) -> Found {
        let values = (0..width * height).map(|at| hot(at / width, at % width)).collect();
        let map = AttributionMap::new("conv".into(), [width, height], values, Evidence::Features, Score::Logit);
        let class = |index, probability, logit| Class { index, name: index.to_string(), probability, logit };
        let classes = [class(7, Some(0.75), 2.0), class(1, Some(0.125), 0.5)];
        Found::new(&classes, &map, BTreeMap::new()).expect("a share")
    }

    /// A row of a label and findings, whose names are by their indices.
    pub(in crate::survey) fn row(truth: usize, predicted: usize, probability: f32) -> Row {
        let found = Found {
            predicted,
            name: format!("class {predicted}"),
            probability: Some(probability),
            logit: 0.0,
            margin: None,
            peak: None,
            centre: None,
            border: None,
            blank: None,
            metrics: BTreeMap::new(),
            map: String::new(),
        };
        let truth_name = Some(format!("class {truth}"));
        Row {
            sha256: probability.to_string(),
            truth: truth_name,
            truth_index: Some(truth),
            found: Some(found),
            ..Row::default()
        }
    }

    #[test]
    fn heat_is_placed_by_regions() {
        // One hot cell of 13 x 13 in a corner, one in the middle.
        let corner = found(13, 13, |row, column| f32::from(u8::from((row, column) == (0, 12))));
        assert_eq!((corner.predicted, corner.margin, corner.centre), (7, Some(0.625), Some(0.0)));
        assert_eq!(corner.border, Some(1.0));
        assert_eq!(corner.peak, Some([12.5 / 13.0, 0.5 / 13.0]));
        let middle = found(13, 13, |row, column| f32::from(u8::from((row, column) == (6, 6))));
        assert_eq!((middle.border, middle.centre), (Some(0.0), Some(1.0)));
        let even = found(224, 100, |_, _| 1.0);
        assert!(
            (even.centre.expect("a share") - 0.25).abs() < 1e-3
                && (even.border.expect("a share") - 0.4375).abs() < 1e-3,
            "{even:?}"
        );
        assert_eq!(even.heat(), vec![f16::ONE; SIDE * SIDE]);
        assert!(even.is_whole() && !Found { map: "AAAA".into(), ..even.clone() }.is_whole());
        let nothing = found(4, 4, |_, _| 0.0);
        assert_eq!((nothing.peak, nothing.centre, nothing.blank.as_deref()), (None, None, Some("dead-layer")));
    }
}
