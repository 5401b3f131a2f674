//! Which patterns make a filter fire: gradient ascent from noise, in the space of the input.
//!
//! Erhan et al. 2009, "Visualizing higher-layer features of a deep network"; Simonyan et al. 2013,
//! <https://arxiv.org/abs/1312.6034>, section 2. The objective is the mean of a channel over all positions. Two
//! conventions differ in everything else: [`Convention::KerasNotebook`] and [`Convention::Lucid`]. To compare them, compare the
//! objectives of the pictures as they are drawn ([`Pattern::drawn`]), which is what a person sees: the notebook's numbers before
//! drawing leave the range of colours and grow the objective by contrast alone. Compare them after 40 steps or more: lucid starts
//! fainter, and is mostly behind after the notebook's 20.

mod ascent;
mod canvas;
mod fourier;
mod lucid;
mod noise;
mod pixels;
mod warp;

use serde::{Deserialize, Serialize};

pub use ascent::{Ascent, Ascents, Step};

use crate::error::{Error, Result};
use crate::model::Model;
use crate::nn::{NodeId, Op};
use crate::picture::Picture;
use crate::preprocess::Channels;
use crate::render::{self, Colours};

/// The smallest and the largest side of a picture, in pixels. lucid's transform is made with matrices of `(2S)^2` numbers.
pub const SIZES: std::ops::RangeInclusive<usize> = 8..=1024;

/// Whose way of climbing it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_family = "wasm"), derive(clap::ValueEnum), clap(rename_all = "snake_case"))]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    /// That of the notebook of convnet-interpretability-keras, with its quirks: it starts at grey with noise, from which the mean that
    /// the network was trained without is not subtracted; the loss is the mean of the layer after its activation function; a filter
    /// whose loss is not above 0 is dropped, at the start or on the way; filters are ranked by the loss before the last of 20 steps;
    /// the best `n * n` of them make the sheet, 5 black pixels apart; and pictures are shown with blue as red, since `BGR` is never turned
    /// round. It looks at a layer's first 100 filters; here those that are asked for.
    KerasNotebook,
    /// That of lucid: spectra, uncorrelated colours, moved pictures, Adam; filters that do not fire helped to.
    #[default]
    Lucid,
}

impl Convention {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KerasNotebook => "keras_notebook",
            Self::Lucid => "lucid",
        }
    }

    /// How many steps it takes by default: the notebook's 20; of lucid's 512 an eighth, for the sake of machines without a GPU. By then
    /// the objective is about half of what 512 steps reach (medians 0.45 to 0.50 in three layers of SqueezeNet).
    pub const fn steps(self) -> usize {
        match self {
            Self::KerasNotebook => 20,
            Self::Lucid => 64,
        }
    }

    /// Which colours its pictures are shown in if nothing else is asked for.
    pub const fn colours(self) -> Colours {
        match self {
            Self::KerasNotebook => Colours::AsStored,
            Self::Lucid => Colours::True,
        }
    }

    /// A filter's picture `[3, size, size]`, as [`Pattern::image`] holds it, for people, in the convention's own colours.
    /// `channels` is the network's order.
    pub fn draw(self, image: &[f32], size: usize, channels: Channels) -> Picture {
        self.draw_in(self.colours(), image, size, channels)
    }

    /// The same in other colours.
    pub fn draw_in(self, colours: Colours, image: &[f32], size: usize, channels: Channels) -> Picture {
        match self {
            Self::KerasNotebook => render::deprocess(image, size, size, channels, colours),
            Self::Lucid => {
                let mut planes: Vec<&[f32]> = image.chunks_exact(size * size).collect();
                // lucid's pictures are red, green and blue, whatever the network's order.
                if channels == Channels::Bgr && colours == Colours::AsStored {
                    planes.reverse();
                }
                let bytes: Vec<f32> = planes.concat().iter().map(|value| (value * 255.0).round()).collect();
                render::as_it_is(&bytes, size, size, Channels::Rgb, colours)
            }
        }
    }
}

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
        return Err(Error::Request(format!("the layer {name} has no filter {channel}; it has 0 to {}", there - 1)));
    }
    if !SIZES.contains(&ask.size) {
        return Err(Error::Request(format!(
            "pictures of {0} x {0} pixels are not made; choose a size from {1} to {2}",
            ask.size,
            SIZES.start(),
            SIZES.end()
        )));
    }
    if ask.steps == 0 {
        return Err(Error::Request("a picture is moved once at least; ask for 1 step or more".into()));
    }
    Ascents::new(model, ask)
}

/// Whether a layer takes pictures of one size only: it lies behind a flattening.
fn is_bound(model: &Model, layer: NodeId) -> bool {
    let graph = model.network.graph();
    let mut behind = vec![false; layer + 1];
    for id in 0..=layer {
        let flat = matches!(graph.nodes()[id].op, Op::Flatten);
        behind[id] = flat || graph.inputs(id).iter().flatten().any(|&input| behind[input]);
    }
    behind[layer]
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor, TensorData};

    use super::noise::Noise;

    /// Normally distributed numbers.
    pub(super) fn noise(seed: u64, shape: [usize; 4], device: &Device) -> Tensor<4> {
        let values = Noise::of_channel(seed, 0).normal(shape.iter().product());
        Tensor::from_data(TensorData::new(values, shape), device)
    }

    /// The numbers of a tensor.
    pub(super) fn read(tensor: Tensor<4>) -> Vec<f32> {
        tensor.into_data().try_into_vec::<f32>().unwrap()
    }

    /// The sum of the products.
    pub(super) fn inner(one: Tensor<4>, other: Tensor<4>) -> f64 {
        read(one).iter().zip(read(other)).map(|(one, other)| f64::from(*one) * f64::from(other)).sum()
    }
}
