//! Sentences about what a trial has shown.

use super::Trial;
use crate::error::Fault;
use crate::fault;

/// Width of the interval from which on the images are said to prove little.
const WIDE: f64 = 0.1;

/// Sentences about how often a taught head is right.
pub fn verdict(trial: &Trial) -> Vec<Fault> {
    let percent = |share: f64| format!("{:.0}", 100.0 * share);
    let (count, of, share) = (trial.right.count, trial.right.of, percent(trial.right.share()));
    let [low, high] = trial.right.interval;
    let (least, most) = (percent(low), percent(high));
    let right = match trial.left_out {
        1 => fault!(
            "teach-right",
            "{count} of {of} images are right, each when it is left out: {share} %, and of all such images {least} to {most} % as a rule (95 % interval)",
            count,
            of,
            share,
            least,
            most
        ),
        left_out => fault!(
            "teach-right-parts",
            "{count} of {of} images are right, {left_out} at a time left out: {share} %, and of all such images {least} to {most} % as a rule (95 % interval)",
            count,
            of,
            left_out,
            share,
            least,
            most
        ),
    };
    let little = fault!(
        "teach-little",
        "{of} images prove little: try it on others, taken elsewhere, before you rely on it",
        of
    );
    std::iter::once(right).chain((high - low > WIDE).then_some(little)).collect()
}
