//! Measures of how far a map can be trusted: each reads a number, or a curve, of another method's map and of maps that know nothing of
//! the network, by the same code.

mod fill;
mod imputation;
mod known;
mod similarity;
mod source;
mod step;
#[cfg(test)]
mod tests;
mod weights;
mod window;

use std::pin::Pin;

use super::{Evidence, Explain, Work};
use crate::artifact::Artifact;
use crate::card::{Card, Variant};
use crate::error::Result;
use crate::explain::{AttributionMap, Convention, Score};
use crate::measurement::{Better, Compared, Measurement, Reading, Reference};
use crate::observation::Observation;
use crate::param::Param;
use crate::request::Checked;
use crate::run::{Heard, Run};
use known::Known;
use source::Source;

super::family! {
    deletion,
    insertion,
    average_drop,
    increase_in_confidence,
    road,
    infidelity,
    sensitivity_max,
    completeness,
    sparseness,
    pointing_game,
    energy_inside,
    randomization,
    efficient_randomization,
}

/// Which number of the class is read. The papers' is the probability.
const SCORE: Param =
    Param::choice("score", "Score", "Which number of the class is read", Score::PAIRS, Score::Probability.name());
const COMPARE: Param = Param::choice(
    "compare",
    "Compare with",
    "Which maps that know nothing of the network are measured too",
    Compared::PAIRS,
    Compared::All.name(),
);
const SEED: Param = Param::seed("seed", "Seed", "Where random numbers come from");
/// Way of a metric that has only one.
const OWN_WAY: &[Variant] = &[Variant::new("paper", "as in the paper")];

/// What a metric reads of a map.
type Reads<'a> = Pin<Box<dyn Future<Output = Result<Reading>> + 'a>>;

/// Metric: everything but what it reads of one map is the same for all.
pub(super) struct Metric {
    /// What it says of itself.
    card: Card,
    /// Which of two readings is the better.
    better: Better,
    /// Whether it has something to say of maps that know nothing of the network.
    baselines: bool,
    /// Its part in the evidence whether a map can be believed.
    evidence: Option<Evidence>,
    /// What it reads of one map, boxed: `|one| Box::pin(name(one))`.
    read: for<'a> fn(&'a Measured<'a>) -> Reads<'a>,
}

impl Explain for Metric {
    fn card(&self) -> &Card {
        &self.card
    }

    fn evidence(&self) -> Option<&Evidence> {
        self.evidence.as_ref()
    }

    fn run<'a>(&'a self, run: Run<'a>) -> Work<'a> {
        Box::pin(self.measure(run))
    }
}

impl Metric {
    async fn measure(&self, run: Run<'_>) -> Result<()> {
        let convention = Convention { score: run.choice(&SCORE), ..run.request().convention };
        let request = Checked { convention, ..run.request().clone() };
        let run = run.with(&request);
        let maps = run.measured().await?;
        let compared = if self.baselines { run.choice::<Compared>(&COMPARE).references() } else { &[] };
        let count = compared.len() + maps.len();
        let (mut baselines, known) = (vec![], &Known::default());
        for (index, &baseline) in compared.iter().enumerate() {
            let source = Source::Reference(baseline);
            let reading = (self.read)(&Measured { run, source, index, count, known }).await?;
            run.progress(index + 1, count).await?;
            baselines.push((baseline, reading));
        }
        for (place, map) in maps.iter().enumerate() {
            let index = compared.len() + place;
            let source = Source::Map(map);
            let reading = match map.blank {
                Some(_) => Reading::default(),
                None => (self.read)(&Measured { run, source, index, count, known }).await?,
            };
            run.progress(index + 1, count).await?;
            run.emit(Artifact::Measurement(self.of(map, reading, baselines.clone()))).await?;
        }
        Ok(())
    }

    fn of(&self, map: &AttributionMap, reading: Reading, baselines: Vec<(Reference, Reading)>) -> Measurement {
        let (metric, layer) = (self.card.id.to_string(), map.layer.clone());
        Measurement { metric, layer, blank: map.blank, better: self.better, reading, baselines }
    }
}

/// A map that is read, one of several.
struct Measured<'a> {
    run: Run<'a>,
    source: Source<'a>,
    index: usize,
    count: usize,
    known: &'a Known,
}

impl Measured<'_> {
    /// The map at the size of the network's input `[H, W]`, 0 to 1, row-major.
    async fn shown(&self) -> Result<Vec<f32>> {
        self.source.shown(&self.run).await
    }

    /// The map of the same request for a changed image or network, the `step`th of `steps` such.
    async fn again(
        &self,
        map: &AttributionMap,
        seen: &Observation,
        step: usize,
        steps: usize,
    ) -> Result<AttributionMap> {
        self.run.measured_again(map, seen, self.index * steps + step, self.count * steps).await
    }

    /// Tells how far this map is: the way out when the work is cancelled.
    async fn progress(&self, done: usize, total: usize) -> Result<()> {
        self.run.tell(Heard::Progress { done, total }.within(self.index, self.count)).await
    }
}
