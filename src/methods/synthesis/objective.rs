//! Objectives: what of a network is excited.

use burn::tensor::{Tensor, TensorData};

use super::diversity::Diversity;
use crate::error::Result;
use crate::model::Model;
use crate::nn::{Network, NodeId, ReluRule};

/// Unit that an image is to excite: a weighted sum of a layer's channels, one of them or a direction among all.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unit {
    /// Channels with their weights.
    pub(super) weights: Vec<(usize, f32)>,
    /// The channel, of a unit that is one.
    pub(super) channel: Option<usize>,
}

impl Unit {
    /// A channel by itself.
    pub(super) fn channel(channel: usize) -> Self {
        Self { weights: vec![(channel, 1.0)], channel: Some(channel) }
    }
}

/// Position in a feature map at which a unit is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// Everywhere: the mean over all positions.
    Everywhere,
    /// At one position, by shares of the height and the width: `floor(share * side)`, so that 0.5 is lucid's centre.
    At([f64; 2]),
}

/// The objectives of a batch of images at some size: what each image's unit gives at a place.
#[derive(Clone, Debug)]
pub(super) struct Objective {
    network: Network,
    layer: NodeId,
    place: Place,
    diversity: Option<Diversity>,
}

impl Objective {
    /// The objective at a layer for images of `size` x `size`.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) naming the node that the size does not fit.
    pub(super) fn new(network: &Network, layer: NodeId, size: usize, place: Place) -> Result<Self> {
        let network = network.at_size(layer, [size, size])?;
        let layer = network.graph().nodes().len() - 1;
        Ok(Self { network, layer, place, diversity: None })
    }

    /// This objective with images of one unit pushed apart.
    pub(super) fn with(self, diversity: Option<Diversity>) -> Self {
        Self { diversity, ..self }
    }

    /// The network up to the layer.
    pub(super) fn network(&self) -> &Network {
        &self.network
    }

    /// The gradient of the objectives at the layer, `[N, C, h, w]`: each image's own weights where the unit is asked.
    fn seed(&self, units: &[Unit]) -> Tensor<4> {
        let [count, height, width] = self.network.graph().shape(self.layer);
        let share = match self.place {
            Place::Everywhere => 1.0 / (height * width) as f32,
            Place::At(_) => 1.0,
        };
        let mut seed = vec![0_f32; units.len() * count];
        for (row, unit) in units.iter().enumerate() {
            unit.weights.iter().for_each(|&(channel, weight)| seed[row * count + channel] += weight * share);
        }
        let seed = TensorData::new(seed, [units.len(), count, 1, 1]);
        let seed = Tensor::<4>::from_data(seed, self.network.device());
        match self.place {
            Place::Everywhere => seed.expand([units.len(), count, height, width]),
            Place::At(at) => {
                let [y, x] = [0, 1].map(|axis| {
                    let side = [height, width][axis];
                    ((at[axis] * side as f64) as usize).min(side - 1)
                });
                let mut mask = vec![0_f32; height * width];
                mask[y * width + x] = 1.0;
                seed * Tensor::from_data(TensorData::new(mask, [1, 1, height, width]), self.network.device())
            }
        }
    }

    /// The objectives `[N, 1, 1, 1]` of inputs.
    pub(super) fn value(&self, inputs: Tensor<4>, units: &[Unit]) -> Tensor<4> {
        let trace = self.network.forward(inputs, &[]);
        (self.network.output(&trace, self.layer) * self.seed(units)).sum_dims(&[1, 2, 3])
    }

    /// The objectives of inputs, and the gradients there of the objectives without what speaks against likeness.
    pub(super) fn gradient(&self, inputs: Tensor<4>, units: &[Unit], rule: ReluRule) -> [Tensor<4>; 2] {
        let (trace, mut seed) = (self.network.forward(inputs.clone(), &[]), self.seed(units));
        let features = self.network.output(&trace, self.layer);
        let objectives = (features.clone() * seed.clone()).sum_dims(&[1, 2, 3]);
        if let Some(diversity) = &self.diversity {
            seed = seed - diversity.gradient(features);
        }
        let arrived = self.network.pullback(&trace, self.layer, seed, rule, &[None]).into_iter().next().flatten();
        // Every node reads the input in the end; one that did not would have a gradient of zero there.
        [objectives, arrived.unwrap_or_else(|| inputs.zeros_like())]
    }
}

/// Whether a layer takes images of one size only: it lies behind a flattening.
pub(super) fn is_bound(model: &Model, layer: NodeId) -> bool {
    let graph = model.network.graph();
    let mut behind = vec![false; layer + 1];
    for id in 0..=layer {
        let flat = graph.nodes()[id].op.binds_size();
        behind[id] = flat || graph.inputs(id).iter().flatten().any(|&input| behind[input]);
    }
    behind[layer]
}
