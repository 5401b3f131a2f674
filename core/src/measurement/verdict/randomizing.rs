//! Sentences about curves of likeness while weights become random.

use crate::error::Fault;
use crate::fault;
use crate::measurement::Measurement;

/// Rank correlations above which a map has kept its ranks, and below which it has lost them. A correlation of .5 explains a quarter of the
/// variance of the ranks.
const KEPT: f64 = 0.8;
const LOST: f64 = 0.5;

/// Sentence about a curve of rank correlation while weights become random. It is judged by the last point, where all are, and tells the
/// mean of all steps beside it, the number that stands under the curve.
pub fn randomizing(one: &Measurement) -> Option<Fault> {
    let last = f64::from(one.reading.curve.as_ref()?.points.last()?.1);
    let [similarity, mean] = [last, one.reading.value?].map(|value| format!("{value:.3}"));
    Some(if last >= KEPT {
        fault!(
            "verdict-weights-ignored",
            "With random weights the map stays nearly the same (rank correlation {similarity} at last, {mean} on the mean): it shows the image rather than what the network learned.",
            similarity,
            mean
        )
    } else if last > LOST {
        fault!(
            "verdict-weights-partly",
            "With random weights a part of the map stays (rank correlation {similarity} at last, {mean} on the mean): it depends on what the network learned, but not on that alone.",
            similarity,
            mean
        )
    } else {
        fault!(
            "verdict-weights-followed",
            "The map follows the weights: with random ones it is another (rank correlation {similarity} at last, {mean} on the mean).",
            similarity,
            mean
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::measured;
    use super::*;
    use crate::measurement::{Better, Reading, Unit};

    #[test]
    fn random_weights_are_told_by_what_is_left() {
        let said = |last: f32| {
            let own = measured(Better::Lower, Unit::Number, &[(0.0, 1.0), (0.5, 0.9), (1.0, last)], &[]);
            // The metric's number is the mean of its steps, which a verdict does not make up anew.
            let reading = Reading { value: Some(0.3217), ..own.reading.clone() };
            randomizing(&Measurement { reading, ..own }).expect("a sentence")
        };
        let codes = [0.9, 0.6, 0.1, -0.9].map(|last| said(last).code().replace("verdict-weights-", ""));
        assert_eq!(codes, ["ignored", "partly", "followed", "followed"]);
        assert!(said(0.1234).to_string().contains("rank correlation 0.123 at last, 0.322 on the mean"));
    }
}
