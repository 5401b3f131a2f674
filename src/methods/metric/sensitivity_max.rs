//! Max-sensitivity: Yeh et al. 2019, <https://arxiv.org/abs/1901.09392>, definition 3.1: how far a map `M` goes when the image `x` changes by
//! less than can be seen, `max |M(y) - M(x)|` over all `y` with `|y - x| <= r`.
//!
//! The map is taken as it was computed, and the maximum over a few random `y`, as the authors estimate it. As in captum, and
//! unlike in the paper, it is divided by `|M(x)|` (Euclidean), since maps of different methods have different units; and the ball is that of the
//! largest change of a number, from which `y` is drawn evenly. captum's radius is in the input's unit, ours a share of its range.

use super::source::{Source, reference_map};
use super::{COMPARE, Measured, Metric, OWN_WAY, SEED};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::measurement::{Better, Reading};
use crate::methods::nearby::Nearby;
use crate::methods::noise::Noise;
use crate::param::{Param, Value};

const SAMPLES: Param =
    Param::int("samples", "Samples", "How many changed images are tried", 1, 100_000, 10).quick(Value::Int(3));
const RADIUS: Param = Param::float(
    "radius",
    "Radius",
    "How much each number of the network's input may change, as a share of their range",
    0.0001,
    1.0,
    0.02,
);

/// Max-sensitivity.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "sensitivity_max",
        title: "Max-sensitivity",
        family: Metric,
        paper: ("Yeh et al. 2019", "https://arxiv.org/abs/1901.09392"),
        shows: "How much the map changes at most when the image changes by a little noise: the less, the steadier.",
        limits: "A map that is always the same is the steadiest of all, as random numbers and the Gaussian are here.",
        asks: Asks::MAP,
        gives: Gives::Number,
        params: [SAMPLES, RADIUS, COMPARE, SEED],
        conventions: OWN_WAY,
    },
    better: Better::Lower,
    baselines: true,
    evidence: None,
    read: |one| Box::pin(sensitivity(one)),
};

async fn sensitivity(one: &Measured<'_>) -> Result<Reading> {
    let run = &one.run;
    if matches!(one.source, Source::Reference(reference) if !reference.depends_on_image()) {
        return Ok(0.0.into());
    }
    let (nearby, samples) = (Nearby::of(*run).await?, run.int(&SAMPLES));
    let own = one.source.signed(run).await?;
    let mut most = 0.0_f64;
    for sample in 0..samples {
        let mut noise = Noise::of_step(run.seed(&SEED), sample);
        let drawn = (0..nearby.len()).map(|_| 2.0 * noise.uniform() - 1.0).collect();
        let input = nearby.inputs(run.float(&RADIUS), &[drawn])?;
        let map = match one.source {
            Source::Reference(reference) => reference_map(reference, run, input).await?,
            Source::Map(map) => {
                let seen = run.observation()?;
                let changed = seen.again(seen.model().clone(), input).await?;
                Source::Map(&one.again(map, &changed, sample, samples).await?).signed(run).await?
            }
        };
        most = most.max(change(&own, &map));
        one.progress(sample + 1, samples).await?;
    }
    Ok(most.into())
}

/// How far a map has gone, as a share of what it was; of one that was 0 everywhere, how far.
pub(super) fn change(own: &[f32], changed: &[f32]) -> f64 {
    let squares = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>();
    let size = squares(&mut own.iter().map(|&value| f64::from(value)));
    let gone = squares(&mut own.iter().zip(changed).map(|(own, changed)| f64::from(*changed) - f64::from(*own)));
    (gone / if size > 0.0 { size } else { 1.0 }).sqrt()
}
