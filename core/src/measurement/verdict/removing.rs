//! Sentences about curves of a score while pixels are taken away.

use super::{SAME, number, scale, subject};
use crate::error::Fault;
use crate::fault;
use crate::measurement::{Measurement, Reading, Reference};

/// Share of the pixels that the verdict speaks of.
const TENTH: f32 = 0.1;

/// Score where a tenth of the pixels has been taken away.
fn left(reading: &Reading) -> Option<f32> {
    reading.curve.as_ref()?.at(TENTH)
}

/// Sentence about a curve of removal beside those of the baselines, of a tenth of the pixels: it names the baseline that takes most of the
/// score away, where that is more than the map does.
pub fn removing(one: &Measurement) -> Option<Fault> {
    let curve = one.reading.curve.as_ref()?;
    let (before, after, scale) = (curve.points.first()?.1, left(&one.reading)?, scale(curve)?);
    let clearly_less = |less: f32, more: f32| f64::from(more - less) / scale > SAME;
    let others = one.baselines.iter().filter_map(|(reference, reading)| Some((*reference, left(reading)?)));
    let random = one.reference(Reference::Random).and_then(left)?;
    let strongest = others.filter(|(_, other)| clearly_less(*other, after)).min_by(|(_, a), (_, b)| a.total_cmp(b));
    let (told, cause) = (|score| number(curve.unit, score), subject(curve.unit));
    let [from, to, random_to] = [before, after, random].map(told);
    Some(match strongest {
        Some((Reference::Random, _)) => fault!(
            "verdict-deletion-worse",
            "Removing the hottest tenth changes {cause} from {before} to {after}, removing a random tenth to {random}: what the map calls hot matters less than chance.",
            cause = cause,
            before = from,
            after = to,
            random = random_to
        ),
        Some((Reference::Center, other)) => fault!(
            "verdict-deletion-center",
            "Removing the hottest tenth changes {cause} from {before} to {after}, removing the tenth in the middle of the image to {other}: what the map calls hot matters less than the middle.",
            cause = cause,
            before = from,
            after = to,
            other = told(other)
        ),
        Some((Reference::Edges, other)) => fault!(
            "verdict-deletion-edges",
            "Removing the hottest tenth changes {cause} from {before} to {after}, removing the tenth with the strongest edges to {other}: what the map calls hot matters less than the image's edges.",
            cause = cause,
            before = from,
            after = to,
            other = told(other)
        ),
        None if after >= before => fault!(
            "verdict-deletion-none",
            "Removing the hottest tenth does not lower {cause} (from {before} to {after}), a random tenth takes it to {random}: so small a part does not carry it.",
            cause = cause,
            before = from,
            after = to,
            random = random_to
        ),
        None if clearly_less(after, random) => fault!(
            "verdict-deletion-better",
            "Removing the hottest tenth changes {cause} from {before} to {after}, removing a random tenth to {random}: what the map calls hot matters more than chance.",
            cause = cause,
            before = from,
            after = to,
            random = random_to
        ),
        None => fault!(
            "verdict-deletion-same",
            "Removing the hottest tenth changes {cause} from {before} to {after}, and so does a random tenth ({random}): here the map ranks no better than chance.",
            cause = cause,
            before = from,
            after = to,
            random = random_to
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::measured;
    use super::*;
    use crate::measurement::{Better, Unit};

    fn deletion(unit: Unit, after: f32, [random, center, edges]: [f32; 3]) -> Measurement {
        let to = |after: f32| [(0.0, 0.58), (0.1, after), (1.0, 0.0)];
        let [random, center, edges] = [random, center, edges].map(to);
        let baselines: [(Reference, &[(f32, f32)]); 3] =
            [(Reference::Random, &random), (Reference::Center, &center), (Reference::Edges, &edges)];
        measured(Better::Lower, unit, &to(after), &baselines)
    }

    fn said(after: f32, others: [f32; 3]) -> String {
        removing(&deletion(Unit::Probability, after, others)).expect("a sentence").to_string()
    }

    #[test]
    fn removing_a_tenth_is_told_beside_chance() {
        let better = said(0.11, [0.49, 0.3, 0.4]);
        assert!(better.contains("the class from 58 % to 11 %, removing a random tenth to 49 %"), "{better}");
        assert!(better.contains("more than chance"));
        assert!(said(0.49, [0.11, 0.49, 0.49]).contains("less than chance"));
        assert!(said(0.62, [0.69, 0.7, 0.7]).contains("does not lower the class (from 58 % to 62 %)"));
        // 0.028 of 0.58 is less than a twentieth, 0.03 is more.
        assert!(said(0.47, [0.498, 0.5, 0.5]).contains("no better than chance"));
        assert!(said(0.47, [0.5, 0.5, 0.5]).contains("more than chance"));
    }

    #[test]
    fn the_baseline_that_takes_most_away_is_named() {
        let center = said(0.3, [0.49, 0.12, 0.2]);
        assert!(
            center.contains("in the middle of the image to 12 %") && center.contains("less than the middle"),
            "{center}"
        );
        assert!(said(0.3, [0.49, 0.29, 0.2]).contains("the strongest edges to 20 %"));
        assert!(said(0.3, [0.05, 0.12, 0.2]).contains("a random tenth to 5 %"));
        assert!(said(0.3, [0.49, 0.28, 0.29]).contains("more than chance"), "so little more is the same");
    }

    #[test]
    fn a_score_that_is_no_probability_has_no_per_cent() {
        let said = removing(&deletion(Unit::Number, 0.11, [0.49; 3])).expect("a sentence").to_string();
        assert!(said.contains("changes the score from 0.58 to 0.11, removing a random tenth to 0.49"), "{said}");
    }

    #[test]
    fn nothing_comes_of_nothing() {
        let one = deletion(Unit::Number, 0.1, [0.4; 3]);
        assert_eq!(removing(&Measurement { reading: Reading::default(), ..one.clone() }), None);
        assert_eq!(removing(&Measurement { baselines: vec![], ..one }), None);
    }
}
