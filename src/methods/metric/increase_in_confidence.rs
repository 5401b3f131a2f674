//! Increase in confidence: Chattopadhyay et al. 2017, <https://arxiv.org/abs/1710.11063>, section 4.1.
//!
//! 1 where the class's score of the image times the map is larger than that of the image, else 0; the paper's is the mean of many images,
//! in per cent.

use super::average_drop::scores;
use super::{COMPARE, Measured, Metric, OWN_WAY, SCORE, SEED};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::measurement::{Better, Reading};

/// Increase in confidence.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "increase_in_confidence",
        title: "Increase in confidence",
        family: Metric,
        paper: ("Chattopadhyay et al. 2017", "https://arxiv.org/abs/1710.11063"),
        shows: "Whether the network is surer of the class when only what the map calls hot is shown: 1 where it is, 0 where it is not.",
        limits: "It is a yes or a no for each image, and of use only as the mean of many; an image darkened by a map is unlike any that the \
                 network was trained on.",
        asks: Asks::MAP,
        gives: Gives::Number,
        params: [SCORE, COMPARE, SEED],
        conventions: OWN_WAY,
    },
    better: Better::Higher,
    baselines: true,
    evidence: None,
    read: |one| Box::pin(increase(one)),
};

async fn increase(one: &Measured<'_>) -> Result<Reading> {
    let [whole, hot] = scores(one).await?;
    Ok((if hot > whole { 1.0 } else { 0.0 }).into())
}
