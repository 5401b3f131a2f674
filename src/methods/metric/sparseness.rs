//! Sparseness: Chalasani et al. 2020, <https://arxiv.org/abs/1810.06583>, section 6: the Gini index of a map's numbers (Hurley and Rickard
//! 2009, <https://arxiv.org/abs/0811.4706>, table 1).
//!
//! `G = 1 - 2 sum_k v_(k) / |v|_1 (N - k + 1/2) / N` for the numbers `v_(1) <= .. <= v_(N)`.

use super::{COMPARE, Measured, Metric, OWN_WAY, SEED};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::measurement::{Better, Reading};

/// Sparseness.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "sparseness",
        title: "Sparseness",
        family: Metric,
        paper: ("Chalasani et al. 2020", "https://arxiv.org/abs/1810.06583"),
        shows: "How much of the heat lies in how few places: 0 where it is even, near 1 where one pixel holds it all (the Gini index).",
        limits: "A map that says little in few places may still say it in the wrong ones; this describes maps, and judges none.",
        asks: Asks::MAP,
        gives: Gives::Number,
        params: [COMPARE, SEED],
        conventions: OWN_WAY,
    },
    better: Better::Neither,
    baselines: true,
    evidence: None,
    read: |one| Box::pin(sparseness(one)),
};

async fn sparseness(one: &Measured<'_>) -> Result<Reading> {
    Ok(gini(one.shown().await?).into())
}

/// The Gini index of numbers that are not negative; no number where all are 0.
pub(super) fn gini(mut values: Vec<f32>) -> f64 {
    values.sort_by(f32::total_cmp);
    let (count, sum) = (values.len() as f64, values.iter().map(|&value| f64::from(value)).sum::<f64>());
    let part = |(index, value): (usize, &f32)| f64::from(*value) / sum * (count - index as f64 - 0.5) / count;
    1.0 - 2.0 * values.iter().enumerate().map(part).sum::<f64>()
}
