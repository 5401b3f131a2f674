//! Pointing game: Zhang et al. 2016, <https://arxiv.org/abs/1608.00507>, section 5.1.
//!
//! A hit, 1, where the hottest pixel lies in the box around an object or at most 15 pixels away from it, else 0. Of equally hot ones the
//! first counts, row by row, as NumPy's `argmax` has it; the paper says nothing of them. Pixels are those of the network's input.

use super::window::{BOX, Window};
use super::{COMPARE, Measured, Metric, OWN_WAY, SEED};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::measurement::{Better, Reading};
use crate::param::Param;

const TOLERANCE: Param = Param::float(
    "tolerance",
    "Tolerance",
    "How far from the box is still a hit, in pixels of the network's input",
    0.0,
    1000.0,
    15.0,
);

/// Pointing game.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "pointing_game",
        title: "Pointing game",
        family: Metric,
        paper: ("Zhang et al. 2016", "https://arxiv.org/abs/1608.00507"),
        shows: "Whether the hottest pixel lies in a box around the object, or near it: 1 where it does, 0 where it does not.",
        limits: "It asks where a person sees the object, not what the network uses: one that looks at the surroundings is explained rightly \
                 by a map that misses. Of equally hot pixels the first counts, row by row.",
        asks: Asks::MAP,
        gives: Gives::Number,
        params: [BOX, TOLERANCE, COMPARE, SEED],
        conventions: OWN_WAY,
    },
    better: Better::Higher,
    baselines: true,
    evidence: None,
    read: |one| Box::pin(hit(one)),
};

async fn hit(one: &Measured<'_>) -> Result<Reading> {
    let (window, shown) = (Window::of(&one.run)?, one.shown().await?);
    let [.., width] = one.run.input()?.dims();
    let hottest = hottest(&shown);
    let near = window.distance(hottest / width, hottest % width) <= one.run.float(&TOLERANCE);
    Ok((if near { 1.0 } else { 0.0 }).into())
}

/// The place of the largest number; of equals, the first.
pub(super) fn hottest(values: &[f32]) -> usize {
    let larger = |most: usize, place: usize| if values[place] > values[most] { place } else { most };
    (0..values.len()).reduce(larger).unwrap_or_default()
}
