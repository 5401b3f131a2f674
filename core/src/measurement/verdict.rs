//! Sentences that say what the measurements of a map come to.

use super::{Measurement, Reading, Reference};
use crate::error::Fault;
use crate::fault;

/// Share of the pixels that the verdict speaks of.
const TENTH: f32 = 0.1;
/// Share of the score below which two falls are called the same.
const SAME: f32 = 0.05;
/// Rank correlations above which a map has kept its ranks, and below which it has lost them. A correlation of .5 explains a quarter of the
/// variance of the ranks.
const KEPT: f64 = 0.8;
const LOST: f64 = 0.5;

/// Sentence that stands last in a verdict, and says what it does not mean; a sentence is a [`Fault`] so that a page says it in its own
/// language, and nothing is wrong.
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

/// Scores at the start of a curve and where a tenth of the pixels has been dealt with.
fn ends(reading: &Reading) -> Option<[f32; 2]> {
    let curve = reading.curve.as_ref()?;
    Some([curve.points.first()?.1, curve.at(TENTH)?])
}

/// Sentence about a deletion curve beside that of random numbers, of a tenth of the pixels.
pub fn removing(deletion: &Measurement) -> Option<Fault> {
    let [before, after] = ends(&deletion.reading)?;
    let [_, random] = ends(deletion.reference(Reference::Random)?)?;
    let scale = before.abs().max(f32::MIN_POSITIVE);
    let lowers = after < before;
    let (better, worse) = ((random - after) / scale > SAME, (after - random) / scale > SAME);
    let [before, hot, cold] = [before, after, random].map(|score| number(deletion, score));
    Some(if !lowers && !worse {
        fault!(
            "verdict-deletion-none",
            "Removing the hottest tenth does not lower the class (from {before} to {after}), a random tenth takes it to {random}: so small a part does not carry it.",
            before,
            after = hot,
            random = cold
        )
    } else if better {
        fault!(
            "verdict-deletion-better",
            "Removing the hottest tenth changes the class from {before} to {after}, removing a random tenth to {random}: what the map calls hot matters more than chance.",
            before,
            after = hot,
            random = cold
        )
    } else if worse {
        fault!(
            "verdict-deletion-worse",
            "Removing the hottest tenth changes the class from {before} to {after}, removing a random tenth to {random}: what the map calls hot matters less than chance.",
            before,
            after = hot,
            random = cold
        )
    } else {
        fault!(
            "verdict-deletion-same",
            "Removing the hottest tenth changes the class from {before} to {after}, and so does a random tenth ({random}): here the map ranks no better than chance.",
            before,
            after = hot,
            random = cold
        )
    })
}

/// Sentence about an insertion curve beside those of the baselines.
pub fn showing(insertion: &Measurement) -> Option<Fault> {
    let value = insertion.reading.value?;
    let mut beaten: Vec<Reference> = vec![];
    let mut others: Vec<Reference> = vec![];
    for (baseline, reading) in &insertion.baselines {
        let beats = insertion.better.beats(value, reading.value?)?;
        if beats { &mut beaten } else { &mut others }.push(*baseline);
    }
    let area = format!("{value:.2}");
    match &others[..] {
        [] if beaten.is_empty() => None,
        [] => Some(fault!(
            "verdict-insertion-all",
            "Showing the hottest parts first brings the class back sooner (area {area}) than random parts, the middle or the image's edges do.",
            area
        )),
        [Reference::Random] => Some(fault!(
            "verdict-insertion-random",
            "Showing the hottest parts first brings the class back no sooner (area {area}) than random parts do.",
            area
        )),
        [Reference::Center] => Some(fault!(
            "verdict-insertion-center",
            "Showing the hottest parts first brings the class back no sooner (area {area}) than the middle of the image does.",
            area
        )),
        [Reference::Edges] => Some(fault!(
            "verdict-insertion-edges",
            "Showing the hottest parts first brings the class back no sooner (area {area}) than the image's edges do.",
            area
        )),
        several => Some(fault!(
            "verdict-insertion-several",
            "Showing the hottest parts first brings the class back no sooner (area {area}) than {count} of three maps that know nothing of the network.",
            area,
            count = several.len()
        )),
    }
}

/// Sentence about a curve of likeness while weights become random.
pub fn randomizing(randomization: &Measurement) -> Option<Fault> {
    let last = f64::from(randomization.reading.curve.as_ref()?.points.last()?.1);
    let similarity = format!("{last:.2}");
    Some(if last >= KEPT {
        fault!(
            "verdict-weights-ignored",
            "With random weights the map stays nearly the same (similarity {similarity}): it shows the image rather than what the network learned.",
            similarity
        )
    } else if last > LOST {
        fault!(
            "verdict-weights-partly",
            "With random weights a part of the map stays (similarity {similarity}): it depends on what the network learned, but not on that alone.",
            similarity
        )
    } else {
        fault!(
            "verdict-weights-followed",
            "The map follows the weights: with random ones it is another (similarity {similarity}).",
            similarity
        )
    })
}

/// A score as people read it: a probability in per cent.
fn number(measurement: &Measurement, score: f32) -> String {
    let probability = measurement.reading.curve.as_ref().is_some_and(|curve| curve.y == "probability");
    if probability { format!("{:.0} %", 100.0 * score) } else { format!("{score:.2}") }
}

#[cfg(test)]
mod tests {
    use super::super::{Better, Curve};
    use super::*;

    fn reading(points: &[(f32, f32)]) -> Reading {
        let curve = Curve::new("pixels taken away", "probability", points.to_vec());
        Reading { value: Some(curve.area()), curve: Some(curve) }
    }

    fn measured(metric: &str, better: Better, own: Reading, baselines: Vec<(Reference, Reading)>) -> Measurement {
        let (metric, layer) = (metric.into(), "conv".into());
        Measurement { metric, layer, blank: None, better, reading: own, baselines }
    }

    fn deletion(after: f32, random: f32) -> Measurement {
        let to = |after: f32| reading(&[(0.0, 0.58), (0.1, after), (1.0, 0.0)]);
        measured("deletion", Better::Lower, to(after), vec![(Reference::Random, to(random))])
    }

    #[test]
    fn removing_a_tenth_is_told_beside_chance() {
        let said = |after, random| removing(&deletion(after, random)).expect("a sentence").to_string();
        let better = said(0.11, 0.49);
        assert!(
            better.contains("from 58 % to 11 %, removing a random tenth to 49 %")
                && better.contains("more than chance")
        );
        assert!(said(0.49, 0.11).contains("less than chance"));
        assert!(said(0.62, 0.69).contains("does not lower the class (from 58 % to 62 %)"));
        assert!(said(0.49, 0.50).contains("no better than chance"));
        // Nothing comes of nothing.
        let blank = Measurement { reading: Reading::default(), ..deletion(0.1, 0.4) };
        assert_eq!(removing(&blank), None);
        assert_eq!(removing(&Measurement { baselines: vec![], ..deletion(0.1, 0.4) }), None);
    }

    #[test]
    fn showing_is_told_beside_each_baseline() {
        let said = |values: [f64; 3]| {
            let baselines = Reference::ALL.iter().copied().zip(values.map(Reading::from)).collect();
            let one = measured("insertion", Better::Higher, 0.5.into(), baselines);
            showing(&one).expect("a sentence").code().to_owned()
        };
        assert_eq!(said([0.1, 0.2, 0.3]), "verdict-insertion-all");
        assert_eq!(said([0.6, 0.2, 0.3]), "verdict-insertion-random");
        assert_eq!(said([0.1, 0.5, 0.3]), "verdict-insertion-center");
        assert_eq!(said([0.1, 0.2, 0.9]), "verdict-insertion-edges");
        assert_eq!(said([0.1, 0.9, 0.9]), "verdict-insertion-several");
    }

    #[test]
    fn random_weights_are_told_by_what_is_left() {
        let said = |last: f32| {
            let own = reading(&[(0.0, 1.0), (1.0, last)]);
            let one = measured("randomization", Better::Lower, own, vec![]);
            randomizing(&one).expect("a sentence").code().to_owned()
        };
        assert_eq!(
            [said(0.9), said(0.6), said(0.1), said(-0.9)].map(|code| code.replace("verdict-weights-", "")),
            ["ignored", "partly", "followed", "followed"]
        );
    }
}
