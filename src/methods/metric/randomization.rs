//! Randomisation of weights: Adebayo et al. 2018, <https://arxiv.org/abs/1810.03292>, section 3.1, from the classes down: a map that shows what the
//! network learned becomes another as layers lose what they learned.
//!
//! Layers are taken in stages, evenly; at each, the likeness of the map to that of the trained network is read. With more than one sample each
//! map is the mean of as many images with a little noise (Hedström et al. 2024, <https://arxiv.org/abs/2405.02383>, section 4.1: "smooth"), so
//! that the noise of the maps themselves is not taken for a difference.

use burn::tensor::{Tensor, TensorData};

use super::similarity::alike;
use super::source::Source;
use super::weights::{randomized, with_network};
use super::{Measured, Metric, OWN_WAY, SEED};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::explain::AttributionMap;
use crate::image::Plane;
use crate::measurement::{Better, Curve, Randomization, Reading, Similarity, verdict};
use crate::methods::Evidence;
use crate::methods::noise::Noise;
use crate::nn::NodeId;
use crate::observation::Observation;
use crate::param::{Param, Value};

/// All layers of most networks one by one.
const STEPS: Param =
    Param::int("steps", "Steps", "In how many steps the layers with weights get random ones", 1, 10_000, 1000)
        .quick(Value::Int(5));
const MODE: Param = Param::choice(
    "randomize",
    "Randomise",
    "Which layers have random weights at each step",
    Randomization::PAIRS,
    Randomization::Cascading.name(),
);
const SIMILARITY: Param = Param::choice(
    "similarity",
    "Similarity",
    "How likeness is measured",
    Similarity::PAIRS,
    Similarity::Spearman.name(),
);
const SAMPLES: Param = Param::int(
    "samples",
    "Samples",
    "Images with a little noise that each map is the mean of; 1 is the image itself",
    1,
    10_000,
    1,
);
const NOISE: Param = Param::float(
    "noise",
    "Noise",
    "Standard deviation of that noise, as a share of the range of the network's input",
    0.0,
    1.0,
    0.1,
);

/// Randomisation of weights.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "randomization",
        title: "Randomisation of weights",
        family: Metric,
        paper: ("Adebayo et al. 2018", "https://arxiv.org/abs/1810.03292"),
        shows: "How alike the map stays as the network's layers get random weights, from the classes down: a map of what the network learned \
                becomes another.",
        limits: "A map that changes with the weights may still be wrong; and one in which the image shines through stays alike to a degree.",
        asks: Asks::MAP,
        gives: Gives::Curve,
        params: [STEPS, MODE, SIMILARITY, SAMPLES, NOISE, SEED],
        conventions: OWN_WAY,
    },
    better: Better::Lower,
    baselines: false,
    evidence: Some(Evidence { steps: Some(4), runs_again: true, says: verdict::randomizing }),
    read: |one| Box::pin(randomization(one)),
};

async fn randomization(one: &Measured<'_>) -> Result<Reading> {
    let (run, seen) = (&one.run, one.run.observation()?);
    let model = seen.model();
    let (by, seed) = (run.choice(&SIMILARITY), run.int(&SEED) as u64);
    let layers: Vec<NodeId> = model.network.weighted().into_iter().rev().collect();
    let steps = run.int(&STEPS).min(layers.len());
    let trained = shown(one, None, 0, steps + 1, by).await?;
    let mut points = vec![(0.0, 1.0)];
    for step in 1..=steps {
        let (before, now) = (layers.len() * (step - 1) / steps, layers.len() * step / steps);
        let these = match run.choice(&MODE) {
            Randomization::Cascading => &layers[..now],
            Randomization::Independent => &layers[before..now],
        };
        let network = randomized(&model.network, these, seed);
        let changed = seen.again(with_network(model, network), seen.input()).await?;
        let map = shown(one, Some(&changed), step, steps + 1, by).await?;
        points.push((now as f32 / layers.len() as f32, alike(&trained, &map, by) as f32));
        one.progress(step + 1, steps + 1).await?;
    }
    let mean = points[1..].iter().map(|(_, y)| f64::from(*y)).sum::<f64>() / steps as f64;
    let y = format!("{} similarity", by.name());
    Ok(Reading { value: Some(mean), curve: Some(Curve::new("layers with random weights", &y, points)) })
}

/// The map of the trained network, or of a changed one: by ranks as it was computed, else as it is shown.
async fn shown(
    one: &Measured<'_>,
    changed: Option<&Observation>,
    index: usize,
    count: usize,
    by: Similarity,
) -> Result<Plane> {
    let run = &one.run;
    let Source::Map { map, place } = one.source else { return Ok(Plane::new(0, 0, vec![])) };
    let plane = |map: &AttributionMap| match by {
        Similarity::Spearman => map.signed.clone(),
        Similarity::Ssim => map.normalised.clone(),
    };
    let samples = run.int(&SAMPLES);
    if samples == 1 {
        let Some(changed) = changed else { return Ok(plane(map)) };
        let maps = run.measured_of(changed, one.index * count + index, one.count * count).await?;
        return Ok(plane(&maps[place]));
    }
    let seen = match changed {
        Some(changed) => changed,
        None => run.observation()?,
    };
    let mut sum = vec![0.0; map.signed.values.len()];
    for sample in 0..samples {
        let noisy = noisy(one, seen, sample).await?;
        let parts = (one.index * count + index) * samples + sample;
        let maps = run.measured_of(&noisy, parts, one.count * count * samples).await?;
        sum.iter_mut().zip(&plane(&maps[place]).values).for_each(|(sum, value)| *sum += value / samples as f32);
    }
    Ok(Plane::new(map.signed.width, map.signed.height, sum))
}

/// What was seen, with a little noise.
async fn noisy(one: &Measured<'_>, seen: &Observation, sample: usize) -> Result<Observation> {
    let run = &one.run;
    let values = run.read(seen.input()).await?;
    let range =
        values.iter().copied().fold(f32::NEG_INFINITY, f32::max) - values.iter().copied().fold(f32::INFINITY, f32::min);
    let deviation = run.float(&NOISE) as f32 * range;
    let noise = Noise::of_step(run.int(&SEED) as u64, sample).normal(values.len());
    let values: Vec<f32> = values.iter().zip(noise).map(|(value, noise)| value + deviation * noise).collect();
    let input = Tensor::from_data(TensorData::new(values, seen.input().dims()), &seen.input().device());
    seen.again(seen.model().clone(), input).await
}
