//! Insertion: Petsiuk, Das and Saenko 2018, <https://arxiv.org/abs/1806.07421>, section 4.1.
//!
//! The way back of [deletion](super::deletion): pixels of the image come into one that shows nothing, in the order of a map, and the area
//! under the curve of the score is large where the map ranks well. The authors begin with the image blurred, since an empty one with a
//! few pixels in it has edges of its own.

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

const BASELINE: Param = baseline("blur");
const TORCH_CAM: &[(Text, Value)] =
    &[(Cow::Borrowed("steps"), Value::Int(20)), (Cow::Borrowed("baseline"), Value::Text(Cow::Borrowed("zero")))];
const XPLIQUE: &[(Text, Value)] =
    &[(Cow::Borrowed("steps"), Value::Int(10)), (Cow::Borrowed("baseline"), Value::Text(Cow::Borrowed("zero")))];

const CONVENTIONS: &[Variant] = &[
    Variant::new(
        "rise",
        "as in the paper's program: 224 steps from the image blurred by 11 pixels, standard deviation 5",
    ),
    Variant::with("torch_cam", "as in torch-cam: 20 steps from 0", TORCH_CAM),
    Variant::with("xplique", "as in xplique: 10 steps from 0", XPLIQUE),
];

/// Insertion curve.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "insertion",
        title: "Insertion curve",
        family: Metric,
        paper: ("Petsiuk et al. 2018", "https://arxiv.org/abs/1806.07421"),
        shows: "How soon the class's score comes back as the pixels that a map ranks highest are put into a blurred image: the sooner, \
                the better the map ranks them.",
        limits: "A few sharp parts in a blurred image are unlike anything the network was trained on, and a map of the middle of the \
                 image often does as well.",
        asks: Asks::MAP,
        gives: Gives::Curve,
        params: [STEPS, ORDER, BASELINE, BLUR, SIGMA, SCORE, COMPARE, SEED],
        conventions: CONVENTIONS,
    },
    better: Better::Higher,
    baselines: true,
    evidence: Some(Evidence { steps: Some(10), runs_again: false, says: verdict::showing }),
    read: |one| Box::pin(insertion(one)),
};

async fn insertion(one: &Measured<'_>) -> Result<Reading> {
    let start = filled(&one.run, &BASELINE)?;
    stepped(one, start, one.run.input()?, "pixels shown").await
}
