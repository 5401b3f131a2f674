//! The backward pass: from a seed down to the places that are wanted, by the rule of each node.

use burn::tensor::Tensor;

use super::cpu::among_workers;
use super::steps::step;
use super::{Composite, Network, NodeId, Site, Trace};

impl Network {
    /// Goes from `seed`, given at the output of node `from`, back to the `wanted` places (`None` is the input) and gives
    /// for each what arrives there, `[K, C, H, W]`, or `None` where no path leads from it to `from`. `rules` chooses what each node
    /// hands back.
    ///
    /// `seed` is `[K, C, H, W]`: K questions about one image (a trace of batch 1), or one for each image of a batch.
    /// What is not on a path to a wanted place is not computed.
    pub fn pullback(
        &self,
        trace: &Trace,
        from: NodeId,
        seed: Tensor<4>,
        rules: impl Composite,
        wanted: &[Option<NodeId>],
    ) -> Vec<Option<Tensor<4>>> {
        among_workers(self.device(), || self.backward(trace, from, seed, &rules, wanted))
    }

    fn backward(
        &self,
        trace: &Trace,
        from: NodeId,
        seed: Tensor<4>,
        rules: &dyn Composite,
        wanted: &[Option<NodeId>],
    ) -> Vec<Option<Tensor<4>>> {
        let needed = self.leads_to(wanted, from);
        let mut arrived: Vec<Option<Tensor<4>>> = vec![None; from + 1];
        let mut at_input: Option<Tensor<4>> = None;
        arrived[from] = Some(seed);
        for id in (0..=from).rev() {
            if !needed[id] {
                continue;
            }
            // A wanted place keeps what arrived; everything else gives it up, so that memory stays that of one layer.
            let Some(gradient) = (if wanted.contains(&Some(id)) { arrived[id].clone() } else { arrived[id].take() })
            else {
                continue;
            };
            let inputs = self.graph().inputs(id);
            let asked = |input: &Option<NodeId>| input.map_or(wanted.contains(&None), |input| needed[input]);
            let Some(last) = inputs.iter().rposition(asked) else { continue };
            let (rule, site) = (rules.rule(&self.graph().nodes()[id]), Site::new(self, trace, id));
            let mut hand_back = |gradient: Tensor<4>, index: usize| {
                let part = rule.backward(gradient, index, &site);
                step();
                let place = inputs[index].map_or(&mut at_input, |input| &mut arrived[input]);
                *place = Some(match place.take() {
                    Some(sum) => sum + part,
                    None => part,
                });
            };
            for index in (0..last).filter(|&index| asked(&inputs[index])) {
                hand_back(gradient.clone(), index);
            }
            hand_back(gradient, last);
        }
        let at = |&place: &Option<NodeId>| match place {
            None => at_input.clone(),
            Some(id) => arrived.get(id).cloned().flatten(),
        };
        wanted.iter().map(at).collect()
    }

    /// Flags that say of every node up to `from` whether a wanted place lies at it or behind it.
    pub(super) fn leads_to(&self, wanted: &[Option<NodeId>], from: NodeId) -> Vec<bool> {
        let mut leads = vec![false; from + 1];
        for id in 0..=from {
            let behind = |input: &Option<NodeId>| input.map_or(wanted.contains(&None), |input| leads[input]);
            leads[id] = wanted.contains(&Some(id)) || self.graph().inputs(id).iter().any(behind);
        }
        leads
    }
}
