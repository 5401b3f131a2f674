//! What is asked, and what is found.

use serde::{Deserialize, Serialize};

use super::{Ascents, Convention};
use crate::error::{Error, Result};
use crate::fault;
use crate::model::Model;
use crate::nn::{NodeId, Op};

/// The smallest and the largest side of a picture, in pixels. lucid's transform is made with matrices of `(2S)^2` numbers.
pub const SIZES: std::ops::RangeInclusive<usize> = 8..=1024;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterAsk {
    /// The layer.
    pub layer: NodeId,
    /// Its channels.
    pub channels: Vec<usize>,
    /// The side of the pictures, in pixels.
    pub size: usize,
    /// How often each picture is moved.
    pub steps: usize,
    /// Where the noise comes from: the same seed, the same picture, whatever other channels are asked for.
    pub seed: u64,
    /// Whose way of doing it.
    pub convention: Convention,
}

/// What was found for a filter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pattern {
    /// The filter's channel.
    pub channel: usize,
    /// The objective of the noise that the climb started from.
    pub first: f32,
    /// The objective of the picture.
    pub last: f32,
    /// The objective of the picture as it is drawn, in 8 bits and true colours, seen by the network like any picture file. This
    /// is what to compare conventions by: the notebook's pictures leave the range of colours, and grow the objective by
    /// contrast that no file can hold.
    pub drawn: f32,
    /// What filters are ranked by: the objective of the picture, or of [`Convention::KerasNotebook`] that before the last step,
    /// which the notebook calls the loss.
    pub rank: f32,
    /// The picture `[3, S, S]`: in the network's order of channels and unscaled, or of [`Convention::Lucid`] in red, green and blue
    /// from 0 to 1. Empty where the notebook drops the filter.
    pub image: Vec<f32>,
}

impl Pattern {
    /// Whether the filter did not fire at the start.
    pub fn dead_at_start(&self) -> bool {
        self.first.is_nan() || self.first <= 0.0
    }

    /// Whether the filter does not fire at the end, so that there is nothing to see. The notebook drops it.
    pub fn dead(&self) -> bool {
        self.rank.is_nan() || self.rank <= 0.0
    }
}

/// A stage of the work on filters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Climbed {
    /// A batch has been moved `step` times.
    Step {
        /// The filters of the batch.
        channels: Vec<usize>,
        /// How often they have been moved.
        step: usize,
        /// The objective of each: at the first and the last step that of the picture, at the others, of [`Convention::Lucid`],
        /// that of the moved picture.
        objectives: Vec<f32>,
        /// The picture of each, as in [`Pattern::image`], at the steps at which they are wanted.
        images: Option<Vec<Vec<f32>>>,
    },
    /// Some filters are done: a batch, or those that the notebook drops.
    Done(Vec<Pattern>),
}

/// Starts the climbs, batch after batch of filters.
///
/// # Errors
/// [`Error::Request`] where the layer has no such channel or does not take pictures of that size.
pub fn climb<'a>(model: &'a Model, ask: &FilterAsk) -> Result<Ascents<'a>> {
    let graph = model.network.graph();
    let name = &graph.nodes()[ask.layer].name;
    let there = graph.shape(ask.layer)[0];
    if let Some(channel) = ask.channels.iter().find(|&&channel| channel >= there) {
        return Err(Error::Request(fault!(
            "filter-unknown",
            "the layer {layer} has no filter {filter}; it has 0 to {last}",
            layer = name,
            filter = channel,
            last = there - 1
        )));
    }
    if !SIZES.contains(&ask.size) {
        return Err(Error::Request(fault!(
            "filter-size",
            "pictures of {size} x {size} pixels are not made; choose a size from {least} to {most}",
            size = ask.size,
            least = SIZES.start(),
            most = SIZES.end()
        )));
    }
    if ask.steps == 0 {
        return Err(Error::Request(fault!("filter-steps", "a picture is moved once at least; ask for 1 step or more")));
    }
    Ascents::new(model, ask)
}

/// Whether a layer takes pictures of one size only: it lies behind a flattening.
pub(super) fn is_bound(model: &Model, layer: NodeId) -> bool {
    let graph = model.network.graph();
    let mut behind = vec![false; layer + 1];
    for id in 0..=layer {
        let flat = matches!(graph.nodes()[id].op, Op::Flatten);
        behind[id] = flat || graph.inputs(id).iter().flatten().any(|&input| behind[input]);
    }
    behind[layer]
}
