//! Max-sensitivity: Yeh et al. 2019, <https://arxiv.org/abs/1901.09392>, definition 3.1: how far a map goes when the image changes by less than
//! can be seen. `max |M(x + d) - M(x)| / |M(x)|` (Euclidean) over `d` with numbers drawn evenly from `-r` to `r`, as captum's default; the map
//! as it was computed.

use burn::tensor::{Tensor, TensorData};

use super::source::Source;
use super::{COMPARE, Measured, Metric, OWN_WAY, SEED};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::measurement::{Better, Reading};
use crate::methods::noise::Noise;
use crate::observation::Observation;
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
    let (seen, samples) = (run.observation()?, run.int(&SAMPLES));
    let own = one.source.signed(run, seen).await?;
    let mut most = 0.0_f64;
    for sample in 0..samples {
        let changed = nudged(one, sample).await?;
        let map = match one.source {
            Source::Reference(_) => one.source.signed(run, &changed).await?,
            Source::Map { place, .. } => {
                let maps = run.measured_of(&changed, one.index * samples + sample, one.count * samples).await?;
                Source::Map { map: &maps[place], place }.signed(run, &changed).await?
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

/// The image, seen with a little noise.
async fn nudged(one: &Measured<'_>, sample: usize) -> Result<Observation> {
    let (run, seen) = (&one.run, one.run.observation()?);
    let values = run.read(seen.input()).await?;
    let range =
        values.iter().copied().fold(f32::NEG_INFINITY, f32::max) - values.iter().copied().fold(f32::INFINITY, f32::min);
    let radius = run.float(&RADIUS) as f32 * range;
    let mut noise = Noise::of_step(run.int(&SEED) as u64, sample);
    let changed: Vec<f32> = values.iter().map(|value| value + radius * (2.0 * noise.uniform() - 1.0)).collect();
    let input = Tensor::from_data(TensorData::new(changed, seen.input().dims()), &seen.input().device());
    seen.again(seen.model().clone(), input).await
}
