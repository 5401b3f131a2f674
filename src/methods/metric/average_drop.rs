//! Average drop: Chattopadhyay et al. 2017, <https://arxiv.org/abs/1710.11063>, section 4.1.
//!
//! `max(0, Y - O) / Y` for the class's score `Y` of the image and `O` of the image times the map, 0 to 1; the paper's is the mean of many
//! images, in per cent. The network's input is what is multiplied, as in torch-cam and pytorch-grad-cam.

use super::{COMPARE, Measured, Metric, OWN_WAY, SCORE, SEED};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::measurement::{Better, Reading, verdict};
use crate::methods::Evidence;

/// Average drop.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "average_drop",
        title: "Average drop",
        family: Metric,
        paper: ("Chattopadhyay et al. 2017", "https://arxiv.org/abs/1710.11063"),
        shows: "Which share of the class's score is lost when only what the map calls hot is shown: the less, the better.",
        limits: "A map that is hot everywhere loses nothing, so it says little without a measure of how small the hot part is.",
        asks: Asks::MAP,
        gives: Gives::Number,
        params: [SCORE, COMPARE, SEED],
        conventions: OWN_WAY,
    },
    better: Better::Lower,
    baselines: true,
    evidence: Some(Evidence { steps: None, runs_again: false, says: verdict::nothing }),
    read: |one| Box::pin(drop(one)),
};

async fn drop(one: &Measured<'_>) -> Result<Reading> {
    let [whole, hot] = scores(one).await?;
    // A score that is not positive has no shares.
    Ok(if whole > 0.0 { ((whole - hot).max(0.0) / whole).into() } else { Reading::default() })
}

/// The class's scores of the image, and of the image times the map.
pub(super) async fn scores(one: &Measured<'_>) -> Result<[f64; 2]> {
    let (whole, shown) = (one.run.score_of_image()?, one.shown().await?);
    Ok([whole, one.run.scores_under(&[shown]).await?[0]].map(f64::from))
}
