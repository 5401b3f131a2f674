//! Energy-based pointing game: Wang et al. 2019, <https://arxiv.org/abs/1910.01279>, section 4.3: the share of a map's heat that lies in the
//! box around an object. A pixel is in the box where its middle is.

use super::window::{BOX, Window};
use super::{COMPARE, Measured, Metric, OWN_WAY, SEED};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::measurement::{Better, Reading};

/// Share of the heat in a box.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "energy_inside",
        title: "Heat inside the box",
        family: Metric,
        paper: ("Wang et al. 2019", "https://arxiv.org/abs/1910.01279"),
        shows: "Which share of all heat lies in a box around the object.",
        limits: "It asks where a person sees the object, not what the network uses; a large box holds much of any map, as the baselines show.",
        asks: Asks::MAP,
        gives: Gives::Number,
        params: [BOX, COMPARE, SEED],
        conventions: OWN_WAY,
    },
    better: Better::Higher,
    baselines: true,
    evidence: None,
    read: |one| Box::pin(inside(one)),
};

async fn inside(one: &Measured<'_>) -> Result<Reading> {
    let (window, shown) = (Window::of(&one.run)?, one.shown().await?);
    let [.., width] = one.run.input()?.dims();
    let (mut inside, mut all) = (0.0, 0.0);
    for (index, value) in shown.into_iter().enumerate() {
        all += f64::from(value);
        if window.distance(index / width, index % width) == 0.0 {
            inside += f64::from(value);
        }
    }
    Ok((inside / all).into())
}
