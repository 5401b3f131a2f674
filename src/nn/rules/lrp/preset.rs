//! Composites of layer-wise relevance propagation that are in use: which rule at which layer.

use std::collections::HashSet;

use super::{AlphaBeta, Bounded, Epsilon, Flat, Gamma};
use crate::named;
use crate::nn::{Composite, Graph, Node, Op, Role, Rule};

/// Choice of rules, by the names of zennit's composites (Anders et al. 2021, <https://arxiv.org/abs/2106.13200>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// LRP-epsilon at every layer.
    Epsilon,
    /// The z-plus rule at convolutions, LRP-epsilon at dense layers.
    #[default]
    EpsilonPlus,
    /// As `EpsilonPlus`, the flat rule at the first layer.
    EpsilonPlusFlat,
    /// LRP-gamma at convolutions, LRP-epsilon at dense layers, the box rule at the first layer (Montavon et al. 2019).
    EpsilonGammaBox,
    /// LRP-alpha2-beta1 at convolutions, LRP-epsilon at dense layers.
    EpsilonAlpha2Beta1,
    /// The z-plus rule at every layer.
    Alpha1Beta0,
    /// LRP-alpha2-beta1 at every layer.
    Alpha2Beta1,
}

named!(Preset {
    EpsilonPlus = "epsilon_plus", "z-plus at convolutions, LRP-epsilon at dense layers";
    EpsilonPlusFlat = "epsilon_plus_flat", "As epsilon_plus, with the flat rule at the first layer";
    EpsilonGammaBox = "epsilon_gamma_box", "LRP-gamma at convolutions, LRP-epsilon at dense layers, the box rule at the first layer";
    EpsilonAlpha2Beta1 = "epsilon_alpha2_beta1", "LRP-alpha2-beta1 at convolutions, LRP-epsilon at dense layers";
    Epsilon = "epsilon", "LRP-epsilon at every layer";
    Alpha1Beta0 = "alpha1_beta0", "LRP-alpha1-beta0, which is z-plus, at every layer";
    Alpha2Beta1 = "alpha2_beta1", "LRP-alpha2-beta1 at every layer";
});

/// Layer-wise relevance propagation through one network, each layer by the rule that a [`Preset`] has for it.
pub struct Propagation {
    first: HashSet<String>,
    at_first: Option<Box<dyn Rule + Sync>>,
    at_convolutions: Box<dyn Rule + Sync>,
    at_others: Box<dyn Rule + Sync>,
}

impl Propagation {
    /// The rules of `preset` for a network of that graph, with the `epsilon` and the `gamma` of rules that have one; `low` and `high`
    /// are the smallest and the largest number of each channel of its input.
    pub fn new(preset: Preset, graph: &Graph, epsilon: f32, gamma: f32, [low, high]: [&[f32]; 2]) -> Self {
        let plain = || -> Box<dyn Rule + Sync> { Box::new(Epsilon { epsilon }) };
        let split = |alpha, beta| -> Box<dyn Rule + Sync> { Box::new(AlphaBeta { alpha, beta, epsilon }) };
        let at_first: Option<Box<dyn Rule + Sync>> = match preset {
            Preset::EpsilonPlusFlat => Some(Box::new(Flat { epsilon })),
            Preset::EpsilonGammaBox => Some(Box::new(Bounded { low: low.to_vec(), high: high.to_vec(), epsilon })),
            _ => None,
        };
        let (at_convolutions, at_others) = match preset {
            Preset::Epsilon => (plain(), plain()),
            Preset::EpsilonPlus | Preset::EpsilonPlusFlat => (split(1.0, 0.0), plain()),
            Preset::EpsilonGammaBox => (Box::new(Gamma { gamma, epsilon }) as Box<dyn Rule + Sync>, plain()),
            Preset::EpsilonAlpha2Beta1 => (split(2.0, 1.0), plain()),
            Preset::Alpha1Beta0 => (split(1.0, 0.0), split(1.0, 0.0)),
            Preset::Alpha2Beta1 => (split(2.0, 1.0), split(2.0, 1.0)),
        };
        Self { first: first_layers(graph), at_first, at_convolutions, at_others }
    }
}

impl std::fmt::Debug for Propagation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Propagation").field("first", &self.first).finish_non_exhaustive()
    }
}

impl Composite for Propagation {
    fn rule(&self, node: &Node) -> &dyn Rule {
        match &self.at_first {
            Some(rule) if self.first.contains(&node.name) => &**rule,
            _ if matches!(node.op, Op::Conv2d(_)) => &*self.at_convolutions,
            _ => &*self.at_others,
        }
    }
}

/// The names of the layers with weights that read the network's input, as it is or with zeros around it.
fn first_layers(graph: &Graph) -> HashSet<String> {
    let nodes = graph.nodes();
    let mut is_input = vec![false; nodes.len()];
    let mut first = HashSet::new();
    for (id, node) in nodes.iter().enumerate() {
        let reads = graph.inputs(id).iter().all(|input| input.is_none_or(|input| is_input[input]));
        is_input[id] = reads && node.op.role() == Role::Shape;
        if reads && node.op.role() == Role::Linear {
            first.insert(node.name.clone());
        }
    }
    first
}
