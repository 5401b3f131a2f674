//! Filter patterns: what makes single channels of a layer fire most, from noise.
//!
//! Two conventions differ in everything: the Keras notebook's and lucid's ([`Synthesis`](crate::explain::Synthesis)). To compare
//! them, compare the objectives of the images as they are drawn ([`Optimized::drawn`]), and after 40 steps or more: lucid starts
//! fainter, and is mostly behind after the notebook's 20.

use std::borrow::Cow;

use super::optimization::{Goal, Optimization, Studio};
use crate::artifact::{Artifact, Drawing, Measure, Optimized, Panel};
use crate::card;
use crate::card::{Asks, Gives, Variant};
use crate::error::Result;
use crate::explain::Channels;
use crate::methods::Method;
use crate::observation::finite;
use crate::param::{Param, Value};
use crate::render::Colours;
use crate::run::Run;

const FILTERS: Param = Param::channels(
    "filters",
    "Filters",
    "Filters by number, as in 0..63 or 3,7; first64; all; or of all those that fire most, as in top64",
    "first64",
)
.quick(Value::Text(Cow::Borrowed("first6")));
/// lucid's transform is made with matrices of `(2S)^2` numbers, which bounds the size.
const SIZE: Param = Param::int("size", "Pixels", "Side of the images in pixels", 8, 1024, 128).quick(Value::Int(64));
/// Of lucid's 512 steps an eighth, for the sake of machines without a GPU: by then the objective is about half of what 512 steps reach
/// (medians 0.45 to 0.50 in three layers of SqueezeNet).
const STEPS: Param =
    Param::int("steps", "Steps", "How often each image is moved", 1, 1_000_000, 64).quick(Value::Int(32));
const SEED: Param = Param::seed("seed", "Seed", "Where the noise that the images start from comes from");
const COLOURS: Param = Param::choice(
    "colours",
    "Colours",
    "Red as red, or the network's first channel as red",
    Colours::PAIRS,
    Colours::True.name(),
);

/// How often a growing image is shown on its way.
const PREVIEWS: usize = 16;

/// Filter patterns.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "filters",
        title: "Filter patterns",
        family: Synthesis,
        paper: ("Olah et al. 2017", "https://distill.pub/2017/feature-visualization"),
        shows: "Images made to excite single channels of a layer most, starting from noise: what each filter looks for.",
        limits: "The strongest stimulus is not the usual one: what a filter responds to in photographs can look quite different.",
        asks: Asks::NETWORK,
        gives: Gives::Panels,
        params: [FILTERS, SIZE, STEPS, SEED, COLOURS],
        conventions: &[
            Variant::new("lucid", "as lucid has it: spectra, uncorrelated colours, moved images, Adam"),
            Variant::with(
                "keras_notebook",
                "as in the notebook of convnet-interpretability-keras, with its quirks",
                &[
                    (Cow::Borrowed("steps"), Value::Int(20)),
                    (Cow::Borrowed("colours"), Value::Text(Cow::Borrowed(Colours::AsStored.name()))),
                ],
            ),
        ],
        command: "filters",
    },
    run: |run| Box::pin(filters(run)),
};

async fn filters(run: Run<'_>) -> Result<()> {
    let layer = run.layer()?;
    let wanted = run.channels(&FILTERS);
    let channels = run.channels_of(layer, &wanted)?;
    let (size, steps, seed) = (run.int(&SIZE), run.int(&STEPS), run.int(&SEED) as u64);
    let preset = run.request().convention.synthesis;
    let studio = Studio::new(run.model(), Goal { layer, size, steps, seed, preset })?;
    let best = if let Channels::Top(count) = wanted { Some(count) } else { None };
    let work = Work { run, name: run.name(layer), size, total: channels.len() * (steps + 1), best };
    let (mut done, mut found) = (0, vec![]);
    let whole = work.all(&studio, channels, steps, &mut done, &mut found).await;
    for (_, panel) in found {
        let heard = run.emit(Artifact::Panel(panel)).await;
        // The best of what was done before the end are told too.
        if whole.is_ok() {
            heard?;
        }
    }
    whole
}

/// What all batches share.
struct Work<'a> {
    run: Run<'a>,
    name: &'a str,
    size: usize,
    /// Steps of all filters together.
    total: usize,
    /// How many are shown of all, if it is not all.
    best: Option<usize>,
}

impl Work<'_> {
    /// Goes through all channels.
    async fn all(
        &self,
        studio: &Studio<'_>,
        channels: Vec<usize>,
        steps: usize,
        done: &mut usize,
        found: &mut Vec<(f32, Panel)>,
    ) -> Result<()> {
        let mut live = channels;
        if self.run.request().convention.synthesis.drops_dead {
            live = self.drop_dead(studio, live, steps, done, found).await?;
        }
        for batch in live.chunks(studio.batch()) {
            self.optimize(studio.optimization(batch.to_vec()), batch, steps, done, found).await?;
        }
        Ok(())
    }

    /// Gives up filters that do not fire at the start, as the notebook does: the others are optimized in full batches.
    async fn drop_dead(
        &self,
        studio: &Studio<'_>,
        channels: Vec<usize>,
        steps: usize,
        done: &mut usize,
        found: &mut Vec<(f32, Panel)>,
    ) -> Result<Vec<usize>> {
        let mut live = vec![];
        for batch in channels.chunks(studio.batch()) {
            let starts = finite(self.name, self.run.read(studio.start(batch)).await?)?;
            for (&channel, first) in batch.iter().zip(starts) {
                let optimized = Optimized { first, last: first, drawn: first, rank: first };
                if optimized.dead() {
                    *done += steps + 1;
                    self.give(channel, optimized, vec![], found).await?;
                } else {
                    live.push(channel);
                }
            }
            self.run.progress(*done, self.total).await?;
        }
        Ok(live)
    }

    /// Goes through the steps of a batch.
    async fn optimize(
        &self,
        optimization: Optimization<'_>,
        batch: &[usize],
        steps: usize,
        done: &mut usize,
        found: &mut Vec<(f32, Panel)>,
    ) -> Result<()> {
        let mut objectives: Vec<Vec<f32>> = vec![];
        let previews = self.run.previews() && self.best.is_none();
        for step in optimization {
            objectives.push(finite(self.name, self.run.read(step.objectives).await?)?);
            *done += batch.len();
            let images = async || finite(self.name, self.run.read(step.images.clone()).await?);
            if let Some(drawn) = step.drawn {
                let (images, drawn) = (images().await?, finite(self.name, self.run.read(drawn).await?)?);
                let before = if self.run.request().convention.synthesis.ranks_before_last { steps - 1 } else { steps };
                for (row, image) in images.chunks_exact(3 * self.size * self.size).enumerate() {
                    let (first, last, rank) = (objectives[0][row], objectives[steps][row], objectives[before][row]);
                    let optimized = Optimized { first, last, drawn: drawn[row], rank };
                    self.give(batch[row], optimized, image.to_vec(), found).await?;
                }
            } else if previews && step.number % steps.div_ceil(PREVIEWS) == 0 {
                for (row, image) in images().await?.chunks_exact(3 * self.size * self.size).enumerate() {
                    let measure = Measure::Objective(objectives[step.number][row]);
                    self.run.emit(Artifact::Panel(self.panel(batch[row], measure, true, image.to_vec()))).await?;
                }
            }
            self.run.progress(*done, self.total).await?;
        }
        Ok(())
    }

    /// Emits a filter that is done, or keeps it, best first, where only the best are wanted.
    async fn give(
        &self,
        channel: usize,
        optimized: Optimized,
        values: Vec<f32>,
        found: &mut Vec<(f32, Panel)>,
    ) -> Result<()> {
        let panel = self.panel(channel, Measure::Optimized(optimized), !optimized.dead(), values);
        match self.best {
            None => self.run.emit(Artifact::Panel(panel)).await,
            Some(count) => {
                let place = found.partition_point(|(rank, _)| rank.total_cmp(&optimized.rank).is_ge());
                found.insert(place, (optimized.rank, panel));
                found.truncate(count);
                Ok(())
            }
        }
    }

    fn panel(&self, channel: usize, measure: Measure, seen: bool, values: Vec<f32>) -> Panel {
        let order = self.run.model().manifest.preprocessing.channels;
        let preset = self.run.request().convention.synthesis;
        let draw = || Drawing::from(&preset.draw(self.run.choice(&COLOURS), &values, self.size, order));
        let drawing = seen.then(draw);
        Panel { layer: self.name.into(), channel, measure, drawing, values }
    }
}
