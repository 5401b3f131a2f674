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
        let mut pass = Backward::new(self, from, seed, wanted);
        pass.reach(self, trace, &rules, None);
        wanted.iter().map(|&place| pass.arrived(place)).collect()
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

/// A backward pass that rests where somebody wants to read what has arrived so far, and goes on from there.
#[derive(Clone, Debug)]
pub(crate) struct Backward {
    wanted: Vec<Option<NodeId>>,
    /// Whether a wanted place lies at a node or behind it.
    needed: Vec<bool>,
    /// What has arrived at each node, from all nodes above `next`.
    arrived: Vec<Option<Tensor<4>>>,
    at_input: Option<Tensor<4>>,
    /// Number of nodes that have not handed anything back yet: those below it.
    next: NodeId,
}

impl Backward {
    /// A pass that has not moved: `seed` `[K, C, H, W]` lies at the output of node `from`.
    pub(crate) fn new(network: &Network, from: NodeId, seed: Tensor<4>, wanted: &[Option<NodeId>]) -> Self {
        let mut arrived: Vec<Option<Tensor<4>>> = vec![None; from + 1];
        arrived[from] = Some(seed);
        let needed = network.leads_to(wanted, from);
        Self { wanted: wanted.to_vec(), needed, arrived, at_input: None, next: from + 1 }
    }

    /// Whether a place is a wanted one.
    pub(crate) fn wants(&self, place: Option<NodeId>) -> bool {
        self.wanted.contains(&place)
    }

    /// What has arrived at a wanted place that the pass has reached, `[K, C, H, W]`; `None` where no path leads there.
    pub(crate) fn arrived(&self, place: Option<NodeId>) -> Option<Tensor<4>> {
        match place {
            None => self.at_input.clone(),
            Some(id) => self.arrived.get(id).cloned().flatten(),
        }
    }

    /// Goes on until all has arrived at a wanted place.
    pub(crate) fn reach(&mut self, network: &Network, trace: &Trace, rules: &dyn Composite, place: Option<NodeId>) {
        let last = place.map_or(0, |id| id + 1);
        among_workers(network.device(), || {
            while self.next > last {
                self.next -= 1;
                self.hand_back(network, trace, rules, self.next);
            }
        });
    }

    /// Gives what has arrived at a node to its inputs.
    fn hand_back(&mut self, network: &Network, trace: &Trace, rules: &dyn Composite, id: NodeId) {
        let Self { wanted, needed, arrived, at_input, .. } = self;
        if !needed[id] {
            return;
        }
        // A wanted place keeps what arrived; everything else gives it up, so that memory stays that of one layer.
        let Some(gradient) = (if wanted.contains(&Some(id)) { arrived[id].clone() } else { arrived[id].take() }) else {
            return;
        };
        let inputs = network.graph().inputs(id);
        let asked = |input: &Option<NodeId>| input.map_or(wanted.contains(&None), |input| needed[input]);
        let Some(last) = inputs.iter().rposition(asked) else { return };
        let (rule, site) = (rules.rule(&network.graph().nodes()[id]), Site::new(network, trace, id));
        let mut hand = |gradient: Tensor<4>, index: usize| {
            let part = rule.backward(gradient, index, &site);
            step();
            let place = inputs[index].map_or(&mut *at_input, |input| &mut arrived[input]);
            *place = Some(match place.take() {
                Some(sum) => sum + part,
                None => part,
            });
        };
        for index in (0..last).filter(|&index| asked(&inputs[index])) {
            hand(gradient.clone(), index);
        }
        hand(gradient, last);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use burn::tensor::Device;

    use super::super::{Graph, Node, ReluRule, Rule};
    use super::*;

    /// Rules of the gradient that note which nodes were asked for them.
    #[derive(Default)]
    struct Noting(Mutex<Vec<String>>);

    impl Composite for Noting {
        fn rule(&self, node: &Node) -> &dyn Rule {
            self.0.lock().unwrap().push(node.name.clone());
            ReluRule::Gradient.rule(node)
        }
    }

    #[test]
    fn a_pass_rests_at_each_place_and_goes_on_from_there() {
        // A branch and a sum, so that what arrives at "a" comes in two parts.
        let nodes: Vec<Node> = serde_json::from_str(
            r#"[{ "name": "a", "op": "sigmoid", "inputs": ["input"] }, { "name": "b", "op": "relu", "inputs": ["a"] },
                { "name": "c", "op": "sigmoid", "inputs": ["a"] }, { "name": "d", "op": "add", "inputs": ["b", "c"] },
                { "name": "e", "op": "sigmoid", "inputs": ["d"] }]"#,
        )
        .unwrap();
        let network = Network::new(Graph::new(nodes, [1, 1, 2], |_| None).unwrap(), |_| None, Device::flex()).unwrap();
        let input = Tensor::<4>::from_data([[[[0.5, -2.0]]]], network.device());
        let places = [None, Some(0), Some(3)];
        let trace = network.forward(input.clone(), &[0, 1, 2, 3, 4]);
        let whole = network.pullback(&trace, 4, input.ones_like(), ReluRule::Gradient, &places);
        let (rules, mut pass) = (Noting::default(), Backward::new(&network, 4, input.ones_like(), &places));
        let mut steps = vec![];
        for (place, handed) in [(Some(3), &["e"][..]), (Some(0), &["d", "c", "b"]), (Some(3), &[]), (None, &["a"])] {
            pass.reach(&network, &trace, &rules, place);
            assert_eq!(std::mem::take(&mut *rules.0.lock().unwrap()), handed);
            steps.push((place, pass.arrived(place)));
        }
        let numbers = |tensor: Option<Tensor<4>>| tensor.unwrap().into_data().try_into_vec::<f32>().unwrap();
        for (place, arrived) in steps {
            let index = places.iter().position(|&other| other == place).unwrap();
            assert_eq!(numbers(arrived), numbers(whole[index].clone()), "{place:?}");
        }
        assert!(pass.wants(None) && !pass.wants(Some(1)) && pass.arrived(Some(1)).is_none());
    }
}
