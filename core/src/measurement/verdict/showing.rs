//! Sentences about curves of a score while pixels are shown.

use super::{SAME, scale};
use crate::error::Fault;
use crate::fault;
use crate::measurement::{Measurement, Reference};

/// Sentence about the area under a curve of insertion beside those of the baselines: which of them the map does not beat, and whether they
/// are clearly better.
pub fn showing(one: &Measurement) -> Option<Fault> {
    let (value, scale) = (one.reading.value?, scale(one.reading.curve.as_ref()?)?);
    let (mut ahead, mut near) = (vec![], vec![]);
    for (reference, reading) in &one.baselines {
        let margin = (value - reading.value?) / scale;
        if margin.abs() <= SAME {
            near.push(*reference);
        } else if !one.better.beats(value, reading.value?)? {
            ahead.push(*reference);
        }
    }
    let (area, count) = (format!("{value:.2}"), one.baselines.len());
    if count == 0 {
        return None;
    }
    Some(match (&ahead[..], &near[..]) {
        ([], []) => fault!(
            "verdict-insertion-all",
            "Showing the hottest parts first brings the score back sooner (area {area}) than showing first random parts, the middle of the image or its edges.",
            area
        ),
        ([], near) => fault!(
            "verdict-insertion-near",
            "Showing the hottest parts first brings the score back (area {area}) with no clear difference from showing first {cause}.",
            cause = named(near, count),
            area
        ),
        (ahead, _) => fault!(
            "verdict-insertion-behind",
            "Showing the hottest parts first brings the score back later (area {area}) than showing first {cause}.",
            cause = named(ahead, count),
            area
        ),
    })
}

/// What those maps call hot, of so many that know nothing of the network.
fn named(references: &[Reference], of: usize) -> Fault {
    match references {
        [Reference::Random] => fault!("verdict-random", "random parts"),
        [Reference::Center] => fault!("verdict-center", "the middle of the image"),
        [Reference::Edges] => fault!("verdict-edges", "the image's edges"),
        several => fault!(
            "verdict-several",
            "what {count} of {all} maps call hot that know nothing of the network",
            count = several.len(),
            all = of
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::measured;
    use super::*;
    use crate::measurement::{Better, Unit};

    /// The code of what is said, and that of its cause: of areas under two thirds of the way at a height, and 1 at the end.
    fn said(own: f32, others: [f32; 3]) -> String {
        let curve = |height: f32| [(0.0, height), (0.999, height), (1.0, 1.0)];
        let others = others.map(curve);
        let baselines: Vec<(Reference, &[(f32, f32)])> =
            Reference::ALL.iter().copied().zip(others.iter().map(|points| &points[..])).collect();
        let said = showing(&measured(Better::Higher, Unit::Probability, &curve(own), &baselines)).expect("a sentence");
        let cause = said.cause().map(|cause| cause.code().replace("verdict-", " ")).unwrap_or_default();
        format!("{}{cause}", said.code().replace("verdict-insertion-", ""))
    }

    #[test]
    fn showing_is_told_beside_each_baseline() {
        assert_eq!(said(0.5, [0.1, 0.2, 0.3]), "all");
        assert_eq!(said(0.5, [0.6, 0.2, 0.3]), "behind random");
        assert_eq!(said(0.5, [0.1, 0.6, 0.3]), "behind center");
        assert_eq!(said(0.5, [0.1, 0.2, 0.9]), "behind edges");
        assert_eq!(said(0.5, [0.1, 0.9, 0.9]), "behind several");
        let nothing = measured(Better::Higher, Unit::Number, &[(0.0, 0.0), (1.0, 1.0)], &[]);
        assert_eq!(showing(&nothing), None);
    }

    #[test]
    fn a_margin_below_a_twentieth_is_no_clear_difference() {
        assert_eq!(said(0.5, [0.46, 0.2, 0.3]), "near random");
        assert_eq!(said(0.5, [0.44, 0.2, 0.3]), "all");
        assert_eq!(said(0.5, [0.1, 0.54, 0.48]), "near several");
        assert_eq!(said(0.5, [0.1, 0.56, 0.48]), "behind center", "what is clear is said");
    }
}
