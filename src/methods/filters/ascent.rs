//! The climb: batches of filters, each an iterator of steps. Whoever pulls the steps can stop.

use burn::tensor::{Tensor, TensorData};

use super::canvas::Canvas;
use super::lucid::Lucid;
use super::pixels::Pixels;
use super::{Convention, FilterAsk, is_bound, warp};
use crate::error::Result;
use crate::model::Model;
use crate::nn::{Graph, Network, NodeId, ReluRule};

/// For how many steps lucid helps filters that do not fire (`redirected_relu_grad.py`).
const HELPED: usize = 16;
/// No batch is larger: more does not make a CPU faster.
const MAX_BATCH: u64 = 16;
/// About what a batch's activations may take, in bytes, with their gradients...
const BATCH_BYTES: u64 = 256 << 20;
/// ...and the largest of them: what WebGPU guarantees for a binding.
const BINDING_BYTES: u64 = 128 << 20;

/// A layer at some input size, and the question to it.
#[derive(Clone, Debug)]
struct Target {
    network: Network,
    layer: NodeId,
}

impl Target {
    fn new(model: &Model, layer: NodeId, size: usize) -> Result<Self> {
        let network = model.network.at_size(layer, [size, size])?;
        let layer = network.graph().nodes().len() - 1;
        Ok(Self { network, layer })
    }

    /// What the objectives' gradient is at the layer, `[N, C, h, w]`: one over the positions at each picture's own channel.
    fn seed(&self, channels: &[usize]) -> Tensor<4> {
        let [there, height, width] = self.network.graph().shape(self.layer);
        let mut seed = vec![0_f32; channels.len() * there];
        for (row, channel) in channels.iter().enumerate() {
            seed[row * there + channel] = 1.0 / (height * width) as f32;
        }
        let seed = TensorData::new(seed, [channels.len(), there, 1, 1]);
        Tensor::<4>::from_data(seed, self.network.device()).expand([channels.len(), there, height, width])
    }

    /// The objectives `[N, 1, 1, 1]` of inputs.
    fn objectives(&self, inputs: Tensor<4>, seed: Tensor<4>) -> Tensor<4> {
        let trace = self.network.forward(inputs, &[]);
        (self.network.output(&trace, self.layer) * seed).sum_dims(&[1, 2, 3])
    }

    /// The objectives of inputs and their gradients there.
    fn gradients(&self, inputs: Tensor<4>, seed: Tensor<4>, rule: ReluRule) -> [Tensor<4>; 2] {
        let trace = self.network.forward(inputs, &[]);
        let objectives = (self.network.output(&trace, self.layer) * seed.clone()).sum_dims(&[1, 2, 3]);
        let arrived = self.network.pullback(&trace, self.layer, seed, rule, &[None]).into_iter().next().flatten();
        [objectives, arrived.unwrap_or_else(|| unreachable!("every node reads the input in the end"))]
    }
}

/// How many pictures fit into a batch.
fn batch_size(graph: &Graph) -> usize {
    // In 64 bits, which a browser's usize has not.
    let bytes = |id| 4 * graph.shape(id).iter().map(|&side| side as u64).product::<u64>();
    let sizes = || (0..graph.nodes().len()).map(bytes);
    let (all, largest) = (sizes().sum::<u64>().max(1), sizes().max().unwrap_or(1).max(1));
    (BATCH_BYTES / (2 * all)).min(BINDING_BYTES / largest).clamp(1, MAX_BATCH) as usize
}

/// The batches, one after the other.
#[derive(Debug)]
pub struct Ascents<'a> {
    model: &'a Model,
    ask: FilterAsk,
    batch: usize,
    done: usize,
    plain: Target,
    shown: Target,
}

impl<'a> Ascents<'a> {
    pub(super) fn new(model: &'a Model, ask: &FilterAsk) -> Result<Self> {
        // A layer that takes one size only is shown the pictures without the grey around them.
        let window = match ask.convention {
            Convention::Lucid if !is_bound(model, ask.layer) => warp::window(ask.size),
            _ => ask.size,
        };
        let plain = Target::new(model, ask.layer, ask.size)?;
        let shown = Target::new(model, ask.layer, window)?;
        let batch = batch_size(shown.network.graph());
        Ok(Self { model, ask: ask.clone(), batch, done: 0, plain, shown })
    }

    /// Makes batches of at most so many filters; by default they are as large as memory allows.
    #[must_use]
    pub fn of_at_most(self, filters: usize) -> Self {
        Self { batch: self.batch.min(filters).max(1), ..self }
    }

    /// Climbs for these of the filters only.
    #[must_use]
    pub fn only(mut self, channels: Vec<usize>) -> Self {
        self.ask.channels = channels;
        self
    }

    /// The filters and their objectives `[N, 1, 1, 1]` before any climb, batch after batch: much less work than a climb.
    pub fn starts(&self) -> impl Iterator<Item = (Vec<usize>, Tensor<4>)> {
        let start = |channels: &[usize]| {
            let canvas = self.canvas(channels);
            (channels.to_vec(), self.plain.objectives(canvas.plain(), self.plain.seed(channels)))
        };
        self.ask.channels.chunks(self.batch).map(start)
    }

    fn canvas(&self, channels: &[usize]) -> Box<dyn Canvas> {
        let FilterAsk { size, seed, convention, .. } = self.ask;
        let (preprocessing, device) = (&self.model.manifest.preprocessing, self.model.network.device());
        let window = self.shown.network.graph().shape_of(None)[1];
        match convention {
            Convention::KerasNotebook => Box::new(Pixels::new(channels, size, seed, preprocessing, device)),
            Convention::Lucid => Box::new(Lucid::new(channels, [size, window], seed, preprocessing, device)),
        }
    }
}

impl Iterator for Ascents<'_> {
    type Item = Ascent;

    fn next(&mut self) -> Option<Ascent> {
        let channels = self.ask.channels[self.done..].iter().copied().take(self.batch).collect::<Vec<usize>>();
        if channels.is_empty() {
            return None;
        }
        self.done += channels.len();
        let canvas = self.canvas(&channels);
        let FilterAsk { steps, convention, .. } = self.ask;
        let (plain, shown) = (self.plain.clone(), self.shown.clone());
        Some(Ascent { channels, convention, steps, step: 0, plain, shown, canvas })
    }
}

/// The climb of a batch of filters: yields its steps, from 0 to the number of steps that was asked for.
pub struct Ascent {
    channels: Vec<usize>,
    convention: Convention,
    steps: usize,
    step: usize,
    plain: Target,
    shown: Target,
    canvas: Box<dyn Canvas>,
}

/// Where a batch of filters is, still on the device.
#[derive(Clone, Debug)]
pub struct Step {
    /// How often the pictures have been moved.
    pub number: usize,
    /// The filters' objectives `[N, 1, 1, 1]`: at the first and the last step those of the pictures, at the others, of
    /// [`Convention::Lucid`], those of the moved pictures.
    pub objectives: Tensor<4>,
    /// The pictures `[N, 3, S, S]`, as in [`Pattern::image`](super::Pattern::image).
    pub images: Tensor<4>,
    /// At the last step, the objectives `[N, 1, 1, 1]` of the pictures as they are drawn.
    pub drawn: Option<Tensor<4>>,
}

impl Ascent {
    /// The filters of the batch.
    pub fn channels(&self) -> &[usize] {
        &self.channels
    }
}

impl Iterator for Ascent {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let (number, last) = (self.step, self.steps);
        if number > last {
            return None;
        }
        self.step += 1;
        let images = self.canvas.pictures();
        let moved = self.convention == Convention::Lucid;
        let plain = (number == last || (number == 0 && moved))
            .then(|| self.plain.objectives(self.canvas.plain(), self.plain.seed(&self.channels)));
        if number == last {
            let drawn = Some(self.plain.objectives(self.canvas.drawn(), self.plain.seed(&self.channels)));
            return plain.map(|objectives| Step { number, objectives, images, drawn });
        }
        let rule = if moved && number < HELPED { ReluRule::Redirected } else { ReluRule::Gradient };
        let shown = self.canvas.shown(number);
        let [objectives, gradients] = self.shown.gradients(shown, self.shown.seed(&self.channels), rule);
        self.canvas.climb(gradients, objectives.clone());
        Some(Step { number, objectives: plain.unwrap_or(objectives), images, drawn: None })
    }
}
