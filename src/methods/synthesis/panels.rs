//! Panels of optimizations: units batch by batch, with progress, previews and what was found before the end.

use super::objective::Unit;
use super::optimization::{Optimization, Studio};
use crate::artifact::{Artifact, Drawing, Measure, Optimized, Panel};
use crate::error::Result;
use crate::image::Image;
use crate::observation::finite;
use crate::render::{Colours, stitch};
use crate::run::Run;

/// Number of previews of a growing image, at most.
const PREVIEWS: usize = 16;

/// Making of panels, one a unit.
pub(super) struct Panels<'a> {
    run: Run<'a>,
    studio: &'a Studio<'a>,
    name: &'a str,
    colours: Colours,
    /// Number of the best that are shown, if not all are.
    best: Option<usize>,
    /// Steps of all units together.
    total: usize,
    done: usize,
    found: Vec<(f32, Panel)>,
}

impl<'a> Panels<'a> {
    /// The making of all panels, or of the `best` so many.
    pub(super) fn new(run: Run<'a>, studio: &'a Studio<'a>, colours: Colours, best: Option<usize>) -> Self {
        let name = run.name(studio.goal().layer);
        Self { run, studio, name, colours, best, total: 0, done: 0, found: vec![] }
    }

    /// Emits the panels of the units.
    ///
    /// # Errors
    /// [`Error::Cancelled`](crate::Error::Cancelled), [`Error::Device`](crate::Error::Device), and
    /// [`Error::Weights`](crate::Error::Weights) where a number is none.
    pub(super) async fn make(mut self, units: Vec<Unit>) -> Result<()> {
        self.total = units.len() * (self.studio.goal().steps + 1);
        let whole = self.all(units).await;
        for (_, panel) in self.found {
            let heard = self.run.emit(Artifact::Panel(panel)).await;
            // The best of what was done before the end are told too.
            if whole.is_ok() {
                heard?;
            }
        }
        whole
    }

    async fn all(&mut self, units: Vec<Unit>) -> Result<()> {
        let live = if self.studio.goal().preset.drops_dead { self.drop_dead(units).await? } else { units };
        for batch in live.chunks(self.studio.batch()) {
            self.optimize(self.studio.optimization(batch), batch).await?;
        }
        Ok(())
    }

    /// Gives up units that do not fire at the start, as the notebook does: the others are optimized in full batches.
    async fn drop_dead(&mut self, units: Vec<Unit>) -> Result<Vec<Unit>> {
        let mut live = vec![];
        for batch in units.chunks(self.studio.batch()) {
            let starts = self.run.read(self.studio.start(batch)).await?;
            for (unit, first) in batch.iter().zip(self.means(starts)?) {
                let optimized = Optimized { first, last: first, drawn: first, rank: first };
                if optimized.dead() {
                    self.done += self.studio.goal().steps + 1;
                    self.give(unit, optimized, vec![]).await?;
                } else {
                    live.push(unit.clone());
                }
            }
            self.run.progress(self.done, self.total).await?;
        }
        Ok(live)
    }

    /// Goes through the steps of a batch.
    async fn optimize(&mut self, optimization: Optimization<'_>, batch: &[Unit]) -> Result<()> {
        let steps = self.studio.goal().steps;
        let mut objectives: Vec<Vec<f32>> = vec![];
        let previews = self.run.is_watched() && self.best.is_none();
        for step in optimization {
            objectives.push(self.means(self.run.read(step.objectives).await?)?);
            self.done += batch.len();
            if let Some(drawn) = step.drawn {
                let drawn = self.means(self.run.read(drawn).await?)?;
                let images = finite(self.name, self.run.read(step.images).await?)?;
                let before = if self.studio.goal().preset.ranks_before_last { steps - 1 } else { steps };
                for (row, image) in images.chunks_exact(images.len() / batch.len()).enumerate() {
                    let (first, last, rank) = (objectives[0][row], objectives[steps][row], objectives[before][row]);
                    let optimized = Optimized { first, last, drawn: drawn[row], rank };
                    self.give(&batch[row], optimized, image.to_vec()).await?;
                }
            } else if previews && step.number % steps.div_ceil(PREVIEWS) == 0 {
                let images = finite(self.name, self.run.read(step.images).await?)?;
                for (row, image) in images.chunks_exact(images.len() / batch.len()).enumerate() {
                    let measure = Measure::Objective(objectives[step.number][row]);
                    self.run.emit(Artifact::Panel(self.panel(&batch[row], measure, true, image.to_vec())?)).await?;
                }
            }
            self.run.progress(self.done, self.total).await?;
        }
        Ok(())
    }

    /// For each unit the mean objective of its images.
    fn means(&self, objectives: Vec<f32>) -> Result<Vec<f32>> {
        let images = self.studio.goal().images;
        let mean = |objectives: &[f32]| objectives.iter().sum::<f32>() / images as f32;
        Ok(finite(self.name, objectives)?.chunks_exact(images).map(mean).collect())
    }

    /// Emits a unit that is done, or keeps it, best first, where only the best are wanted.
    async fn give(&mut self, unit: &Unit, optimized: Optimized, values: Vec<f32>) -> Result<()> {
        let panel = self.panel(unit, Measure::Optimized(optimized), !optimized.dead(), values)?;
        match self.best {
            None => self.run.emit(Artifact::Panel(panel)).await,
            Some(count) => {
                let place = self.found.partition_point(|(rank, _)| rank.total_cmp(&optimized.rank).is_ge());
                self.found.insert(place, (optimized.rank, panel));
                self.found.truncate(count);
                Ok(())
            }
        }
    }

    /// The panel of a unit's images `[images, 3, S, S]`, in about as many rows as columns.
    fn panel(&self, unit: &Unit, measure: Measure, seen: bool, values: Vec<f32>) -> Result<Panel> {
        let order = self.run.model().manifest.preprocessing.channels;
        let (size, preset) = (self.studio.goal().size, self.studio.goal().preset);
        let drawn: Vec<Image> = values
            .chunks_exact(3 * size * size)
            .filter(|_| seen)
            .map(|image| preset.draw(self.colours, image, size, order))
            .collect();
        let drawing = match &drawn[..] {
            [] => None,
            [one] => Some(Drawing::from(one)),
            several => {
                let columns = (1..).find(|columns| columns * columns >= several.len()).unwrap_or(1);
                Some(Drawing::from(&stitch(several, columns, 0)?))
            }
        };
        Ok(Panel { layer: self.name.into(), channel: unit.channel, measure, drawing, values })
    }
}
