//! Networks with random weights.

use std::cell::Cell;
use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};

use crate::methods::noise::Noise;
use crate::model::Model;
use crate::nn::{Network, NodeId};

/// The model with another network.
pub(super) fn with_network(model: &Model, network: Network) -> Arc<Model> {
    Arc::new(Model { network, ..model.clone() })
}

/// The network with the weights and the bias of some nodes drawn anew: normally distributed, with the mean and the standard deviation of
/// the numbers that stood there, so that activations keep their size. A node's are the same whichever others are drawn.
pub(super) fn randomized(network: &Network, nodes: &[NodeId], seed: u64) -> Network {
    nodes.iter().fold(network.clone(), |network, &node| {
        let drawn = Cell::new(0);
        network.with_weights(&[node], &|weights: Tensor<1>| {
            let [count] = weights.dims();
            let mut noise = Noise::of_channel(seed, (node << 8) + drawn.replace(drawn.get() + 1));
            let noise = Tensor::from_data(TensorData::new(noise.normal(count), [count]), &weights.device());
            let mean = weights.clone().mean();
            let away = weights - mean.clone();
            noise * (away.clone() * away).mean().sqrt() + mean
        })
    })
}
