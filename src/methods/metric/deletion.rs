//! Deletion: Petsiuk, Das and Saenko 2018, <https://arxiv.org/abs/1806.07421>, section 4.1.
//!
//! Pixels are taken away in the order of a map, those with the largest numbers first, and the score of the class is read at every
//! step; the area under the curve is small where the map ranks well. Areas of different programs do not compare, since they step and
//! fill differently: hence the conventions. Here the pixels are shared out evenly over the steps; torch-cam rounds a step up to whole
//! pixels, so that its last one may be smaller.

use std::borrow::Cow;

use super::fill::{BLUR, SIGMA, baseline, filled};
use super::step::{ORDER, STEPS, stepped};
use super::{COMPARE, Measured, Metric, SCORE, SEED};
use crate::card;
use crate::card::{Asks, Gives, Text, Variant};
use crate::error::Result;
use crate::measurement::{Better, Reading, verdict};
use crate::methods::Evidence;
use crate::param::{Param, Value};

const BASELINE: Param = baseline("zero");

const TORCH_CAM: &[(Text, Value)] = &[(Cow::Borrowed("steps"), Value::Int(20))];
const XPLIQUE: &[(Text, Value)] = &[(Cow::Borrowed("steps"), Value::Int(10))];
const CONVENTIONS: &[Variant] = &[
    Variant::new("rise", "as in the paper's program: 224 steps, pixels become 0 at the network's input"),
    Variant::with("torch_cam", "as in torch-cam: 20 steps to 0", TORCH_CAM),
    Variant::with("xplique", "as in xplique: 10 steps to 0", XPLIQUE),
];

/// Deletion curve.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "deletion",
        title: "Deletion curve",
        family: Metric,
        paper: ("Petsiuk et al. 2018", "https://arxiv.org/abs/1806.07421"),
        shows: "How fast the class's score falls as the pixels that a map ranks highest are taken away: the faster, the better the \
                map ranks them.",
        limits: "Images with pixels taken away are unlike any the network was trained on, so the fall is partly due to that.",
        asks: Asks::MAP,
        gives: Gives::Curve,
        params: [STEPS, ORDER, BASELINE, BLUR, SIGMA, SCORE, COMPARE, SEED],
        conventions: CONVENTIONS,
    },
    better: Better::Lower,
    baselines: true,
    evidence: Some(Evidence { steps: Some(10), runs_again: false, says: verdict::removing }),
    read: |one| Box::pin(deletion(one)),
};

async fn deletion(one: &Measured<'_>) -> Result<Reading> {
    let end = filled(&one.run, &BASELINE)?;
    stepped(one, one.run.input()?, end, "pixels taken away").await
}
