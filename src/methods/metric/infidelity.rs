//! Infidelity: Yeh et al. 2019, <https://arxiv.org/abs/1901.09392>, definition 2.1, with the squares of section 4 that are removed.
//!
//! `mean_S (b sum_S M - (f(x) - f(x without S)))^2` over random squares `S` that are 0 at the network's input, for the map `M`, as it was
//! computed, as what each pixel adds to the score. The factor `b` fits the map's unit to the score's best: least squares, as captum's
//! `normalize=True`.

use std::ops::Range;

use super::{COMPARE, Measured, Metric, OWN_WAY, SCORE, SEED};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::measurement::{Better, Reading};
use crate::methods::noise::Noise;
use crate::named;
use crate::param::{Param, Value};

const SAMPLES: Param =
    Param::int("samples", "Samples", "How many changed images are tried", 1, 100_000, 100).quick(Value::Int(24));
const WINDOW: Param =
    Param::int("window", "Square", "Side of the square in pixels of the network's input", 1, 1024, 56);
const SCALE: Param =
    Param::choice("scale", "Scale", "How the map is brought to the score's unit", Scale::PAIRS, Scale::Best.name());

/// How the map is brought to the score's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// By the factor of least squares.
    Best,
    /// Not at all.
    Own,
}

named!(Scale {
    Best = "best", "By what fits the score's changes best";
    Own = "own", "Not at all: the map is in the score's unit";
});

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
    let map = one.source.signed(run).await?;
    let [.., height, width] = run.input()?.dims();
    let squares = squares(run.seed(&SEED), run.int(&SAMPLES), run.int(&WINDOW), [height, width]);
    let losses = match one.known.losses.get() {
        Some(losses) => losses,
        None => {
            let losses = losses(one, &squares).await?;
            one.known.losses.get_or_init(|| losses)
        }
    };
    let pairs: Vec<(f64, f64)> =
        squares.iter().zip(losses).map(|(square, loss)| (square.heat(&map, width), *loss)).collect();
    Ok(misfit(&pairs, run.choice(&SCALE)).into())
}

/// What the score loses without each square; masks are made as they are needed.
async fn losses(one: &Measured<'_>, squares: &[Square]) -> Result<Vec<f64>> {
    let (run, whole) = (&one.run, f64::from(one.run.score_of_image()?));
    let [.., height, width] = run.input()?.dims();
    let mut losses = Vec::with_capacity(squares.len());
    for batch in squares.chunks(run.batch()) {
        let masks: Vec<Vec<f32>> = batch.iter().map(|square| square.mask([height, width])).collect();
        losses.extend(run.scores_under(&masks).await?.into_iter().map(|score| whole - f64::from(score)));
        one.progress(losses.len(), squares.len()).await?;
    }
    Ok(losses)
}

/// Square of pixels, cut to the size of the input.
pub(super) struct Square {
    rows: Range<usize>,
    columns: Range<usize>,
}

impl Square {
    /// Mask `[H, W]`, row-major, that is 0 inside and 1 elsewhere.
    pub(super) fn mask(&self, [height, width]: [usize; 2]) -> Vec<f32> {
        let mut mask = vec![1.0; height * width];
        self.rows.clone().for_each(|row| mask[row * width..][self.columns.clone()].fill(0.0));
        mask
    }

    /// Sum of a map `[H, W]` inside.
    fn heat(&self, map: &[f32], width: usize) -> f64 {
        let row = |row: usize| &map[row * width..][self.columns.clone()];
        self.rows.clone().flat_map(row).map(|&value| f64::from(value)).sum()
    }
}

/// Squares at random places of a plane `[height, width]`, each whole.
pub(super) fn squares(seed: u64, count: usize, side: usize, [height, width]: [usize; 2]) -> Vec<Square> {
    let [rows, columns] = [side.min(height), side.min(width)];
    let mut noise = Noise::of_channel(seed, 2);
    let mut square = || {
        let (top, left) = (noise.below(height - rows + 1), noise.below(width - columns + 1));
        Square { rows: top..top + rows, columns: left..left + columns }
    };
    (0..count).map(|_| square()).collect()
}

/// The mean square of what the map's sums, scaled best or not, miss the changes of the score by.
pub(super) fn misfit(pairs: &[(f64, f64)], scale: Scale) -> f64 {
    let sum = |term: fn(&(f64, f64)) -> f64| pairs.iter().map(term).sum::<f64>();
    let (squares, products) = (sum(|(heat, _)| heat * heat), sum(|(heat, loss)| heat * loss));
    let factor = match scale {
        Scale::Own => 1.0,
        Scale::Best if squares > 0.0 => products / squares,
        Scale::Best => 0.0,
    };
    pairs.iter().map(|(heat, loss)| (factor * heat - loss).powi(2)).sum::<f64>() / pairs.len() as f64
}
