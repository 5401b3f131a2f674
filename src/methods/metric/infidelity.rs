//! Infidelity: Yeh et al. 2019, <https://arxiv.org/abs/1901.09392>, definition 2.1, with the squares of section 4 that are removed.
//!
//! `mean_S (b sum_S M - (f(x) - f(x without S)))^2` over random squares `S` that are 0 at the network's input, for the map `M`, as it was
//! computed, as what each pixel adds to the score. The factor `b` fits the map's unit to the score's best: least squares, as captum's
//! `normalize=True`.

use std::borrow::Cow;

use super::{COMPARE, Measured, Metric, OWN_WAY, SCORE, SEED};
use crate::card;
use crate::card::{Asks, Gives, Text};
use crate::error::Result;
use crate::measurement::{Better, Reading};
use crate::methods::noise::Noise;
use crate::param::{Param, Value};

const SAMPLES: Param =
    Param::int("samples", "Samples", "How many changed images are tried", 1, 100_000, 100).quick(Value::Int(24));
const WINDOW: Param =
    Param::int("window", "Square", "Side of the square in pixels of the network's input", 1, 1024, 56);
const SCALES: &[(Text, Text)] = &[
    (Cow::Borrowed("best"), Cow::Borrowed("By what fits the score's changes best")),
    (Cow::Borrowed("own"), Cow::Borrowed("Not at all: the map is in the score's unit")),
];
const SCALE: Param = Param::choice("scale", "Scale", "How the map is brought to the score's unit", SCALES, "best");

/// Infidelity.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "infidelity",
        title: "Infidelity",
        family: Metric,
        paper: ("Yeh et al. 2019", "https://arxiv.org/abs/1901.09392"),
        shows: "How badly the heat in random squares tells what the class's score loses without them: 0 where it tells exactly.",
        limits: "It is in squares of the score's unit, so it compares maps of one class of one image only; parts that the network needs together \
                 add up to more than each is worth.",
        asks: Asks::MAP,
        gives: Gives::Number,
        params: [SAMPLES, WINDOW, SCALE, SCORE, COMPARE, SEED],
        conventions: OWN_WAY,
    },
    better: Better::Lower,
    baselines: true,
    evidence: None,
    read: |one| Box::pin(infidelity(one)),
};

async fn infidelity(one: &Measured<'_>) -> Result<Reading> {
    let run = &one.run;
    let map = one.source.signed(run, run.observation()?).await?;
    let [.., height, width] = run.input()?.dims();
    let squares = squares(run.int(&SEED) as u64, run.int(&SAMPLES), run.int(&WINDOW), [height, width]);
    let whole = f64::from(one.whole().await?);
    let mut pairs = vec![];
    for batch in squares.chunks(run.batch()) {
        let scores = run.scores_under(batch).await?;
        pairs.extend(batch.iter().zip(scores).map(|(kept, score)| (heat(&map, kept), whole - f64::from(score))));
        one.progress(pairs.len(), squares.len()).await?;
    }
    Ok(misfit(&pairs, run.request().values.choice(&SCALE) == "best").into())
}

/// Masks `[H, W]` that are 0 in a square at a random place, and 1 elsewhere.
pub(super) fn squares(seed: u64, count: usize, side: usize, [height, width]: [usize; 2]) -> Vec<Vec<f32>> {
    let (rows, columns) = (side.min(height), side.min(width));
    let mut noise = Noise::of_channel(seed, 2);
    let mut square = || {
        let (top, left) = (noise.below(height - rows + 1), noise.below(width - columns + 1));
        let inside = |index: usize| {
            (top..top + rows).contains(&(index / width)) && (left..left + columns).contains(&(index % width))
        };
        (0..height * width).map(|index| if inside(index) { 0.0 } else { 1.0 }).collect()
    };
    (0..count).map(|_| square()).collect()
}

/// The map's sum over what a mask leaves out.
fn heat(map: &[f32], kept: &[f32]) -> f64 {
    map.iter().zip(kept).map(|(value, kept)| f64::from(*value) * f64::from(1.0 - kept)).sum()
}

/// The mean square of what the map's sums, scaled best or not, miss the changes of the score by.
pub(super) fn misfit(pairs: &[(f64, f64)], best: bool) -> f64 {
    let sum = |term: fn(&(f64, f64)) -> f64| pairs.iter().map(term).sum::<f64>();
    let (squares, products) = (sum(|(heat, _)| heat * heat), sum(|(heat, loss)| heat * loss));
    let factor = if !best {
        1.0
    } else if squares > 0.0 {
        products / squares
    } else {
        0.0
    };
    pairs.iter().map(|(heat, loss)| (factor * heat - loss).powi(2)).sum::<f64>() / pairs.len() as f64
}
