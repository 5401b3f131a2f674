//! Efficient randomisation of weights: Hedström et al. 2024, <https://arxiv.org/abs/2405.02383>, section 4.2: `(H(r) - H(m)) / H(m)` for the map `m` of the
//! trained network, the map `r` of one whose weights are all random, and the entropy `H` of a map's numbers in a histogram of 100 bins. No
//! likeness is measured, and no order of layers chosen: random weights should make a map more complex.

use super::source::Source;
use super::weights::{randomized, with_network};
use super::{Measured, Metric, OWN_WAY, SEED};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::measurement::{Better, Reading};
use crate::param::Param;

const BINS: Param = Param::int("bins", "Bins", "Of the histogram of a map's numbers", 2, 10_000, 100);

/// Efficient randomisation of weights.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "efficient_randomization",
        title: "Efficient randomisation of weights",
        family: Metric,
        paper: ("Hedström et al. 2024", "https://arxiv.org/abs/2405.02383"),
        shows: "By which share the map's entropy rises when all weights are random: above 0, the map of the trained network is the simpler one.",
        limits: "Entropy tells nothing of where the heat lies: two quite different maps may have the same.",
        asks: Asks::MAP,
        gives: Gives::Number,
        params: [BINS, SEED],
        conventions: OWN_WAY,
    },
    better: Better::Higher,
    baselines: false,
    evidence: None,
    read: |one| Box::pin(rise(one)),
};

async fn rise(one: &Measured<'_>) -> Result<Reading> {
    let (run, seen) = (&one.run, one.run.observation()?);
    let Source::Map(map) = one.source else { return Ok(Reading::default()) };
    let model = seen.model();
    let network = randomized(&model.network, &model.network.weighted(), run.seed(&SEED));
    let changed = seen.again(with_network(model, network), seen.input()).await?;
    let drawn = one.again(map, &changed, 0, 1).await?;
    let [trained, random] = [map, &drawn].map(|map| entropy(&map.signed.values, run.int(&BINS)));
    Ok(((random - trained) / trained).into())
}

/// The entropy, in nats, of numbers in a histogram of so many bins between the smallest and the largest.
pub(super) fn entropy(values: &[f32], bins: usize) -> f64 {
    let least = values.iter().copied().fold(f32::INFINITY, f32::min);
    let range = values.iter().copied().fold(f32::NEG_INFINITY, f32::max) - least;
    let mut counts = vec![0_usize; bins];
    for value in values {
        let share = if range > 0.0 { f64::from(value - least) / f64::from(range) } else { 0.0 };
        counts[((share * bins as f64) as usize).min(bins - 1)] += 1;
    }
    let part = |&count: &usize| {
        let share = count as f64 / values.len() as f64;
        if count > 0 { -share * share.ln() } else { 0.0 }
    };
    counts.iter().map(part).sum()
}
