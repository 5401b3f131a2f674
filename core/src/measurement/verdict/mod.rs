//! Sentences that say what the measurements of a map come to. A sentence is a [`Fault`] so that a page says it in its own language, and
//! nothing is wrong.

mod randomizing;
mod removing;
mod showing;

pub use randomizing::randomizing;
pub use removing::removing;
pub use showing::showing;

use super::{Curve, Measurement, Unit};
use crate::error::Fault;
use crate::fault;

/// Share of the score below which two curves are not called different. Evidence has curves of ten steps, so that the place at which a
/// score falls or comes back is known to half a step: a twentieth of the axis, and as much of the area under it.
/// It is what such curves can show, and no test of significance: with another seed, random numbers alone move the area of insertion by 7 % of
/// the score (standard deviation of eight seeds, SqueezeNet and the examples' cat).
const SAME: f64 = 0.05;

/// Sentence that stands last in a verdict, and says what it does not mean.
pub fn limits() -> Fault {
    fault!(
        "verdict-limits",
        "None of this says that the network is right, or that it sees what a person sees there: images with parts \
         taken away are unlike any that it was trained on."
    )
}

/// Sentence of a metric whose number speaks for itself: none.
pub fn nothing(_: &Measurement) -> Option<Fault> {
    None
}

/// Size of the score that a curve is about, by which differences are judged: the larger of its ends, one of which is the whole image's.
fn scale(curve: &Curve) -> Option<f64> {
    let [first, last] = [curve.points.first()?, curve.points.last()?].map(|(_, y)| f64::from(y.abs()));
    Some(first.max(last).max(f64::MIN_POSITIVE))
}

/// What the score is that of.
fn subject(unit: Unit) -> Fault {
    match unit {
        Unit::Probability => fault!("verdict-class", "the class"),
        Unit::Number => fault!("verdict-score", "the score"),
    }
}

/// A score as people read it.
fn number(unit: Unit, score: f32) -> String {
    match unit {
        Unit::Probability => format!("{:.0} %", 100.0 * score),
        Unit::Number => format!("{score:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Better, Reading, Reference};
    use super::*;

    /// Measurement of a map by a curve through `points`, and of each baseline by one of its own.
    pub(super) fn measured(
        better: Better,
        unit: Unit,
        points: &[(f32, f32)],
        baselines: &[(Reference, &[(f32, f32)])],
    ) -> Measurement {
        let reading = |points: &[(f32, f32)]| {
            let curve = Curve::new("pixels", "score", unit, points.to_vec());
            Reading { value: Some(curve.area()), curve: Some(curve) }
        };
        let (metric, layer) = ("metric".into(), "conv".into());
        let baselines = baselines.iter().map(|(reference, points)| (*reference, reading(points))).collect();
        Measurement { metric, layer, blank: None, better, reading: reading(points), baselines }
    }

    #[test]
    fn probabilities_are_told_in_per_cent_and_other_scores_are_not() {
        assert_eq!((number(Unit::Probability, 0.576), number(Unit::Number, 0.576)), ("58 %".into(), "0.58".into()));
        assert_eq!(
            (subject(Unit::Probability).to_string(), subject(Unit::Number).to_string()),
            ("the class".into(), "the score".into())
        );
    }
}
