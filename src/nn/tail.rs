//! The tail of a network: the forward pass from the feature maps of a layer on, so that what comes before is not run again.

use burn::tensor::Tensor;

use super::cpu::among_workers;
use super::trace::Held;
use super::{Network, NodeId, Trace};

impl Network {
    /// The output `[N, C, H, W]` of node `to` if node `layer` had given `features` `[N, C, h, w]`. What does not depend on the layer
    /// has the value it has in `trace`, which is of one image, for each of N. `None` where `to` does not depend on the layer.
    pub fn forward_from(&self, trace: &Trace, layer: NodeId, features: Tensor<4>, to: NodeId) -> Option<Tensor<4>> {
        let wanted = self.between(layer, to)?;
        Some(among_workers(self.device(), || self.tail(trace, layer, features, to, &wanted)))
    }

    /// Output of [`Self::forward_from`]; the nodes that are `wanted` lead from `layer`, which is none of them, to `to`.
    fn tail(&self, trace: &Trace, layer: NodeId, features: Tensor<4>, to: NodeId, wanted: &[bool]) -> Tensor<4> {
        let count = features.dims()[0];
        let for_each = |tensor: Tensor<4>| if count == 1 { tensor } else { tensor.repeat_dim(0, count) };
        let read: Vec<_> = (0..wanted.len()).filter(|&id| wanted[id]).flat_map(|id| self.graph().inputs(id)).collect();
        let input = if read.contains(&&None) { for_each(trace.input.clone()) } else { trace.input.clone() };
        let mut changed = Trace::new(input, wanted.len());
        for id in read.into_iter().filter_map(|input| *input).filter(|&id| !wanted[id] && id != layer) {
            if changed.outputs[id].get().is_none() {
                changed.outputs[id] = Held::new(for_each(self.output(trace, id)));
            }
        }
        changed.outputs[layer] = Held::new(features);
        // The layer's features are given, so that nothing may be fused with it; no pullback will ask for anything else.
        let held: Vec<bool> = (0..wanted.len()).map(|id| id == layer || id == to).collect();
        self.run_nodes(&mut changed, wanted, &held);
        self.output(&changed, to)
    }

    /// Flags that say of every node whether it lies on a path from behind `layer` to `to`; `None` where there is no path.
    fn between(&self, layer: NodeId, to: NodeId) -> Option<Vec<bool>> {
        let behind = self.leads_to(&[Some(layer)], to);
        if layer > to || !behind[to] {
            return None;
        }
        let mut wanted = vec![false; self.graph().nodes().len()];
        wanted[to] = to != layer;
        for id in (layer + 1..=to).rev().filter(|&id| behind[id]) {
            if wanted[id] {
                let inputs = self.graph().inputs(id).iter().flatten();
                inputs.filter(|&&input| behind[input] && input != layer).for_each(|&input| wanted[input] = true);
            }
        }
        Some(wanted)
    }
}

#[cfg(test)]
mod tests;
