//! Randomisation of weights: Adebayo et al. 2018, <https://arxiv.org/abs/1810.03292>, section 3.1, from the classes down: a map that shows what the
//! network learned becomes another as layers lose what they learned.
//!
//! Layers are taken in stages, evenly; at each, the likeness of the map to that of the trained network is read. With more than one sample each
//! map is the mean of as many images with a little noise (Hedström et al. 2024, <https://arxiv.org/abs/2405.02383>, section 4.1: "smooth"), so
//! that the noise of the maps themselves is not taken for a difference.

use super::similarity::alike;
use super::source::Source;
use super::step::reached;
use super::weights::{randomized, with_network};
use super::{Measured, Metric, OWN_WAY, SEED};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::explain::AttributionMap;
use crate::image::Plane;
use crate::measurement::{Better, Curve, Randomization, Reading, Similarity, Unit, verdict};
use crate::methods::Evidence;
use crate::methods::nearby::Nearby;
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
    let Source::Map(map) = one.source else { return Ok(Reading::default()) };
    let model = seen.model();
    let (mode, by) = (run.choice::<Randomization>(&MODE), run.choice::<Similarity>(&SIMILARITY));
    let layers: Vec<NodeId> = model.network.weighted().into_iter().rev().collect();
    let steps = run.int(&STEPS).min(layers.len());
    let smooth = Smooth { one, map, by, nearby: Nearby::of(*run).await?, steps: steps + 1 };
    let trained = smooth.map_of(None, 0).await?;
    let (mut points, mut network) = (vec![(0.0, 1.0)], model.network.clone());
    for step in 1..=steps {
        let [before, now] = [step - 1, step].map(|step| reached(layers.len(), step, steps));
        let from = match mode {
            // What is random already stays so, and is not drawn again.
            Randomization::Cascading => &network,
            Randomization::Independent => &model.network,
        };
        network = randomized(from, &layers[before..now], run.seed(&SEED));
        let changed = seen.again(with_network(model, network.clone()), seen.input()).await?;
        let plane = smooth.map_of(Some(&changed), step).await?;
        points.push((now as f32 / layers.len() as f32, alike(&trained, &plane, by) as f32));
        one.progress(step + 1, steps + 1).await?;
    }
    let mean = points[1..].iter().map(|(_, y)| f64::from(*y)).sum::<f64>() / steps as f64;
    let curve = Curve::new(mode.axis(), by.axis(), Unit::Number, points);
    Ok(Reading { value: Some(mean), curve: Some(curve) })
}

/// A map as the mean of those of as many images with a little noise as there are samples; of one sample, the map itself.
struct Smooth<'a> {
    one: &'a Measured<'a>,
    map: &'a AttributionMap,
    by: Similarity,
    nearby: Nearby<'a>,
    /// Number of networks, the trained one among them.
    steps: usize,
}

impl Smooth<'_> {
    /// The map of the trained network, or of a changed one, which is that of a step.
    async fn map_of(&self, changed: Option<&Observation>, step: usize) -> Result<Plane> {
        let Self { one, map, .. } = self;
        let (run, samples) = (&one.run, one.run.int(&SAMPLES));
        let seen = match changed {
            None if samples == 1 => return Ok(self.plane(map).clone()),
            None => run.observation()?,
            Some(changed) => changed,
        };
        if samples == 1 {
            return Ok(self.plane(&one.again(map, seen, step, self.steps).await?).clone());
        }
        let mut sum = vec![0.0; map.signed.values.len()];
        for sample in 0..samples {
            let noise = Noise::of_step(run.seed(&SEED), sample).normal(self.nearby.len());
            let input = self.nearby.inputs(run.float(&NOISE), &[noise])?;
            let noisy = seen.again(seen.model().clone(), input).await?;
            let again = one.again(map, &noisy, step * samples + sample, self.steps * samples).await?;
            sum.iter_mut().zip(&self.plane(&again).values).for_each(|(sum, value)| *sum += value / samples as f32);
        }
        Ok(Plane::new(map.signed.width, map.signed.height, sum))
    }

    /// What likeness is measured of: by ranks the map as it was computed, else as it is shown.
    fn plane<'b>(&self, map: &'b AttributionMap) -> &'b Plane {
        match self.by {
            Similarity::Spearman => &map.signed,
            Similarity::Ssim => &map.normalised,
        }
    }
}
