//! What a class's score is made of: the score itself, handed back from node to node until it lies at the pixels, or the probability that
//! a neuron is what excited the class. One backward pass under the rules of a [`Composite`](crate::nn::Composite).

use crate::error::{Error, Result};
use crate::fault;
use crate::methods::layers::{LayerMap, emit_maps};
use crate::nn::{Excitation, NodeId, Op};
use crate::run::{Material, Run};

super::family! {
    lrp,
    excitation_backprop,
    contrastive_excitation_backprop,
}

/// Excitation backpropagation at the layers that are asked for, their channels added up.
async fn excitation(run: Run<'_>, rules: Excitation) -> Result<()> {
    excited(&run)?;
    let layers = run.layers()?;
    let places: Vec<Option<NodeId>> = layers.iter().copied().map(Some).collect();
    let arrived = run.arriving(rules, false, &places)?;
    emit_maps(&run, async |layer| {
        // Every layer that is asked for is among the places, in their order.
        let index = layers.iter().position(|one| *one == layer).unwrap_or_default();
        let arrived = arrived[index].clone();
        let material = Material::Parts(arrived.clone().abs().sum_dim(1));
        Ok(LayerMap { values: arrived.sum_dim(1), material })
    })
    .await
}

/// That the class is one that neurons excite: a sum of classes is none, nor is the opposite of a network's only output.
fn excited(run: &Run<'_>) -> Result<()> {
    let (class, model) = (run.class()?, run.model());
    let logits = model.manifest.logits.as_deref().and_then(|name| model.network.graph().id(name));
    let opposite = logits.is_some_and(|id| matches!(model.network.graph().nodes()[id].op, Op::Opposites(_)));
    if opposite && class == 0 {
        return Err(Error::Request(fault!(
            "opposite-is-not-excited",
            "the class {class} is what is left of the network's one output, which nothing excites; explain class {other}",
            class,
            other = 1
        )));
    }
    Ok(())
}
