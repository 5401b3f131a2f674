//! What a class's score is made of: the score itself, handed back from node to node until it lies at the pixels, or the probability that
//! a neuron is what excited the class. One backward pass under the rules of a [`Composite`](crate::nn::Composite).

use crate::error::Result;
use crate::methods::layers::{LayerMap, emit_maps};
use crate::nn::{Excitation, NodeId};
use crate::run::Run;

super::family! {
    lrp,
    excitation_backprop,
    contrastive_excitation_backprop,
}

/// Excitation backpropagation at the layers that are asked for, their channels added up.
async fn excitation(run: Run<'_>, rules: Excitation) -> Result<()> {
    let layers = run.layers()?;
    let places: Vec<Option<NodeId>> = layers.iter().copied().map(Some).collect();
    let arrived = run.arriving(rules, false, &places)?;
    emit_maps(&run, async |layer| {
        // Every layer that is asked for is among the places, in their order.
        let index = layers.iter().position(|one| *one == layer).unwrap_or_default();
        let arrived = arrived[index].clone();
        let weights = Some(arrived.clone().abs().max_dims(&[1, 2, 3]));
        Ok(LayerMap { values: arrived.sum_dim(1), weights })
    })
    .await
}
