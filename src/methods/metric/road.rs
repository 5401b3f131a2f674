//! ROAD: Rong et al. 2022, <https://arxiv.org/abs/2202.00449>, section 5, combined as in pytorch-grad-cam: the mean over the percentiles 10 to
//! 90 of `(LeRF - MoRF) / 2`, where `MoRF` is the class's score with the most relevant pixels filled in from their neighbours
//! ([`imputation`](super::imputation)), and `LeRF` that with as many of the least relevant.
//!
//! Pixels at or above the percentile of the map go (NumPy's linear interpolation), so all of those that are equal go together. Noise is in
//! standard deviations of the input's numbers, which are 1 or so where pytorch-grad-cam adds it.

use burn::tensor::{Tensor, TensorData};

use super::imputation::Imputation;
use super::{COMPARE, Measured, Metric, OWN_WAY, SCORE, SEED};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::explain::percentile;
use crate::measurement::{Better, Curve, Reading, Unit};
use crate::methods::noise::Noise;
use crate::param::{Param, Value};

const PERCENTILES: Param =
    Param::int("percentiles", "Percentiles", "How many of them, evenly spread: 9 are 10, 20 to 90", 1, 99, 9)
        .quick(Value::Int(3));
const NOISE: Param = Param::float(
    "noise",
    "Noise",
    "Added to filled-in pixels, in standard deviations of the network's input",
    0.0,
    1.0,
    0.01,
);

/// ROAD.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "road",
        title: "ROAD",
        family: Metric,
        paper: ("Rong et al. 2022", "https://arxiv.org/abs/2202.00449"),
        shows: "How much more the class's score falls when the pixels that a map ranks highest are filled in from their neighbours than when \
                the lowest are: above 0, the map ranks better than its reverse.",
        limits: "Pixels that are filled in still say where the hole was, if less than grey ones; and a smooth hole is no object that is gone.",
        asks: Asks::MAP,
        gives: Gives::Curve,
        params: [PERCENTILES, NOISE, SCORE, COMPARE, SEED],
        conventions: OWN_WAY,
    },
    better: Better::Higher,
    baselines: true,
    evidence: None,
    read: |one| Box::pin(road(one)),
};

async fn road(one: &Measured<'_>) -> Result<Reading> {
    let (run, shown) = (&one.run, one.shown().await?);
    let [_, channels, height, width] = run.input()?.dims();
    let values = run.read(run.input()?).await?;
    let noise = run.float(&NOISE) as f32 * deviation(&values);
    let mut source = Noise::of_channel(run.seed(&SEED), 1);
    let turned: Vec<f32> = shown.iter().map(|value| 1.0 - value).collect();
    let count = run.int(&PERCENTILES);
    let mut points = vec![];
    for step in 1..=count {
        // From the smallest holes to the largest.
        let share = step as f64 / (count + 1) as f64;
        let mut inputs = Vec::with_capacity(2 * values.len());
        for map in [&turned, &shown] {
            let threshold = percentile(map, 1.0 - share);
            let missing: Vec<bool> = map.iter().map(|&value| value >= threshold).collect();
            let equations = Imputation::new(&missing, [height, width]);
            for plane in values.chunks_exact(height * width) {
                let mut plane = plane.to_vec();
                equations.fill(&mut plane);
                let added = source.normal(missing.len());
                let gone = |(value, (missing, added)): (f32, (&bool, f32))| {
                    if *missing { value + noise * added } else { value }
                };
                inputs.extend(plane.into_iter().zip(missing.iter().zip(added)).map(gone));
            }
        }
        let data = TensorData::new(inputs, [2, channels, height, width]);
        let scores = run.scores(Tensor::from_data(data, &run.input()?.device())).await?;
        points.push((share as f32, (scores[0] - scores[1]) / 2.0));
        one.progress(step, count).await?;
    }
    let mean = points.iter().map(|(_, y)| f64::from(*y)).sum::<f64>() / count as f64;
    let y = format!("half the difference in {}", run.score().name());
    Ok(Reading { value: Some(mean), curve: Some(Curve::new("pixels filled in", &y, Unit::Number, points)) })
}

fn deviation(values: &[f32]) -> f32 {
    let count = values.len() as f64;
    let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
    let variance = values.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
    variance.sqrt() as f32
}
