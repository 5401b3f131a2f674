//! A model in one packing of its weights, beside the same model in a finer one.

use serde::{Deserialize, Serialize};

use super::{AttributionMap, Comparison};
use crate::model::Manifest;
use crate::predictions::Class;

/// Classes that are compared: the likeliest.
const CLASSES: usize = 5;

/// What a model makes of an image with its weights stored in one way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InPacking {
    /// The model's id.
    pub id: String,
    /// Name of the way in which its weights are stored.
    pub stored: String,
    /// Bytes that are transferred.
    pub bytes: u64,
    /// The likeliest classes, the likeliest first; empty without a classifier.
    pub classes: Vec<Class>,
    /// The map of the layer that is looked at, if there is one.
    pub map: Option<AttributionMap>,
    /// Agreement with the finest packing; none of that itself.
    pub agreement: Option<Agreement>,
}

/// Agreement of what a model makes of an image with what it makes of it in the finest packing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Whether the likeliest class is the same; none without a classifier.
    pub same_class: Option<bool>,
    /// How many of the finest packing's likeliest classes are among these.
    pub shared_classes: usize,
    /// Each layer with Pearson's correlation of both maps; none where both are blank, and 0 where one is.
    pub layers: Vec<(String, Option<f32>)>,
}

impl Agreement {
    fn of([finest, other]: [&Answer; 2]) -> Self {
        let first = |answer: &Answer| answer.classes.first().map(|class| class.index);
        let is_among = |class: &&Class| other.likeliest().iter().any(|one| one.index == class.index);
        let layer = |map: &AttributionMap| {
            let found = other.maps.iter().find(|found| found.layer == map.layer)?;
            let correlation = match [map, found].map(|one| one.blank.is_some()) {
                [true, true] => None,
                [false, false] => Comparison::of([map, found], false).correlation,
                _ => Some(0.0),
            };
            Some((map.layer.clone(), correlation))
        };
        Self {
            same_class: first(finest).map(|class| Some(class) == first(other)),
            shared_classes: finest.likeliest().iter().filter(is_among).count(),
            layers: finest.maps.iter().filter_map(layer).collect(),
        }
    }

    /// Median of the correlations over all layers that have one.
    pub fn median(&self) -> Option<f32> {
        let mut known: Vec<f32> = self.layers.iter().filter_map(|(_, correlation)| *correlation).collect();
        known.sort_by(f32::total_cmp);
        let middle = known.len().checked_sub(1)? / 2;
        Some((known[middle] + known[known.len() / 2]) / 2.0)
    }

    /// The layer whose maps are least alike, with their correlation.
    pub fn least(&self) -> Option<(&str, f32)> {
        let known = self.layers.iter().filter_map(|(layer, correlation)| Some((layer.as_str(), (*correlation)?)));
        known.min_by(|one, other| one.1.total_cmp(&other.1))
    }
}

/// Answer of a model in one packing about an image.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The model's id.
    pub id: String,
    /// Name of the way in which its weights are stored.
    pub stored: String,
    /// Bytes that are transferred.
    pub bytes: u64,
    /// Bytes of all numbers before shards are compressed: the more, the finer.
    pub fineness: u64,
    /// All classes, the likeliest first; empty without a classifier.
    pub classes: Vec<Class>,
    /// The maps, one a layer.
    pub maps: Vec<AttributionMap>,
}

impl Answer {
    /// The answer of the model of that id.
    pub fn new(id: String, manifest: &Manifest, classes: Vec<Class>, maps: Vec<AttributionMap>) -> Self {
        let (stored, bytes, fineness) = (manifest.stored().into(), manifest.total_bytes(), manifest.fineness());
        Self { id, stored, bytes, fineness, classes, maps }
    }

    fn likeliest(&self) -> &[Class] {
        &self.classes[..CLASSES.min(self.classes.len())]
    }
}

impl InPacking {
    /// Compares answers about one image with that of the finest packing, the finest first, each with its map of a layer, or of the
    /// input.
    pub fn compare(mut answers: Vec<Answer>, layer: &str) -> Vec<Self> {
        answers.sort_by_key(|answer| std::cmp::Reverse(answer.fineness));
        let one = |(index, answer): (usize, &Answer)| Self {
            id: answer.id.clone(),
            stored: answer.stored.clone(),
            bytes: answer.bytes,
            classes: answer.likeliest().to_vec(),
            map: answer.maps.iter().find(|map| map.layer == layer).or(answer.maps.first()).cloned(),
            agreement: (index > 0).then(|| Agreement::of([&answers[0], answer])),
        };
        answers.iter().enumerate().map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Evidence, Score};
    use super::*;

    fn map(layer: &str, values: [f32; 3]) -> AttributionMap {
        AttributionMap::new(layer.into(), [3, 1], values.to_vec(), Evidence::Features, Score::Logit)
    }

    fn answer(stored: &str, fineness: u64, order: &[usize], maps: Vec<AttributionMap>) -> Answer {
        let class = |&index: &usize| Class { index, name: index.to_string(), probability: Some(0.1), logit: 0.0 };
        let classes = order.iter().map(class).collect();
        Answer { id: format!("net-{stored}"), stored: stored.into(), bytes: fineness / 2, fineness, classes, maps }
    }

    #[test]
    fn all_are_compared_with_the_finest() {
        let blank = [0.0; 3];
        let coarse = vec![map("a", [0.0, 1.0, 0.0]), map("b", blank), map("c", blank), map("d", [3.0, 2.0, 1.0])];
        let fine =
            vec![map("a", [0.0, 1.0, 2.0]), map("b", blank), map("c", [0.0, 1.0, 0.0]), map("d", [6.0, 4.0, 2.0])];
        let answers =
            vec![answer("int8", 10, &[2, 1, 0, 3, 4, 6], coarse), answer("f32", 40, &[1, 2, 0, 3, 5, 4], fine)];
        let compared = InPacking::compare(answers, "d");
        let [finest, other] = &compared[..] else { panic!("{compared:?}") };
        assert_eq!((finest.stored.as_str(), finest.bytes, finest.classes.len()), ("f32", 20, 5));
        assert_eq!((&finest.agreement, finest.map.as_ref().map(|map| map.raw_maximum)), (&None, Some(6.0)));
        let agreement = other.agreement.as_ref().unwrap();
        assert_eq!((agreement.same_class, agreement.shared_classes), (Some(false), 4));
        // By hand: of (0, 1/2, 1) and (0, 1, 0) the deviations' products add up to 0.
        let expected = [("a", Some(0.0)), ("b", None), ("c", Some(0.0)), ("d", Some(1.0))];
        assert_eq!(agreement.layers, expected.map(|(layer, one)| (layer.to_owned(), one)));
        assert_eq!((agreement.median(), agreement.least()), (Some(0.0), Some(("a", 0.0))));
        let even = Agreement {
            layers: expected[..1].iter().chain(&expected[3..]).map(|&(l, c)| (l.into(), c)).collect(),
            ..agreement.clone()
        };
        assert_eq!(even.median(), Some(0.5));
    }

    #[test]
    fn a_network_without_classifier_or_maps_says_nothing_of_them() {
        let answers = vec![answer("f16", 2, &[], vec![]), answer("int8", 1, &[], vec![])];
        let compared = InPacking::compare(answers, "a");
        let agreement = compared[1].agreement.as_ref().unwrap();
        assert_eq!((agreement.same_class, agreement.median(), agreement.least()), (None, None, None));
        assert_eq!(compared[0].map, None);
    }
}
