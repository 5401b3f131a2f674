//! Objectives: what of a network is excited.

use burn::tensor::{Tensor, TensorData};

use crate::error::Result;
use crate::model::Model;
use crate::nn::{Network, NodeId, ReluRule};

/// Mean of a layer's channel over all positions, a channel for each image of a batch, at some size of the images.
#[derive(Clone, Debug)]
pub(super) struct ChannelMean {
    network: Network,
    layer: NodeId,
}

impl ChannelMean {
    /// That of a layer for images of `size` x `size`.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) naming the node that the size does not fit.
    pub(super) fn new(model: &Model, layer: NodeId, size: usize) -> Result<Self> {
        let network = model.network.at_size(layer, [size, size])?;
        let layer = network.graph().nodes().len() - 1;
        Ok(Self { network, layer })
    }

    /// The network up to the layer.
    pub(super) fn network(&self) -> &Network {
        &self.network
    }

    /// The gradient of the objectives at the layer, `[N, C, h, w]`: one over the positions at each image's own channel.
    fn seed(&self, channels: &[usize]) -> Tensor<4> {
        let [count, height, width] = self.network.graph().shape(self.layer);
        let mut seed = vec![0_f32; channels.len() * count];
        for (row, channel) in channels.iter().enumerate() {
            seed[row * count + channel] = 1.0 / (height * width) as f32;
        }
        let seed = TensorData::new(seed, [channels.len(), count, 1, 1]);
        Tensor::<4>::from_data(seed, self.network.device()).expand([channels.len(), count, height, width])
    }

    /// The objectives `[N, 1, 1, 1]` of inputs.
    pub(super) fn value(&self, inputs: Tensor<4>, channels: &[usize]) -> Tensor<4> {
        let trace = self.network.forward(inputs, &[]);
        (self.network.output(&trace, self.layer) * self.seed(channels)).sum_dims(&[1, 2, 3])
    }

    /// The objectives of inputs and their gradients there.
    pub(super) fn gradient(&self, inputs: Tensor<4>, channels: &[usize], rule: ReluRule) -> [Tensor<4>; 2] {
        let (trace, seed) = (self.network.forward(inputs.clone(), &[]), self.seed(channels));
        let objectives = (self.network.output(&trace, self.layer) * seed.clone()).sum_dims(&[1, 2, 3]);
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
