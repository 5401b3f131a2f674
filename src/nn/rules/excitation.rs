//! Excitation backpropagation (Zhang et al. 2016, <https://arxiv.org/abs/1608.00507>).

use burn::tensor::Tensor;

use super::lrp::terms;
use super::{Composite, Rule};
use crate::nn::{Graph, Node, Role, Site};

/// Excitation backpropagation: what goes back is the probability that a neuron wins, which a node shares out among the neurons that
/// excite it, by `x w+` (equation 4). Activation functions hand it on, max pools hand it to the winner.
///
/// Start it with 1 at a class. What goes in is taken to be positive, as behind ReLU; what of it is negative excites nobody.
#[derive(Clone, Debug, Default)]
pub struct Excitation {
    /// Name of the layer at which the dual of the class is subtracted.
    contrast: Option<String>,
}

impl Excitation {
    /// The contrastive form (section 3.4): from the probabilities below the last layer with weights, those of its dual, whose weights
    /// have the other sign, are subtracted.
    pub fn contrastive(graph: &Graph) -> Self {
        let weighted = |node: &&Node| node.op.role() == Role::Linear && !node.op.parameters().is_empty();
        Self { contrast: graph.nodes().iter().rev().find(weighted).map(|node| node.name.clone()) }
    }
}

impl Composite for Excitation {
    fn rule(&self, _: &Node) -> &dyn Rule {
        self
    }
}

impl Rule for Excitation {
    fn backward(&self, arriving: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let op = &at.node().op;
        match op.role() {
            Role::Activation | Role::Probability | Role::Normalization => arriving,
            // The signal takes all, as in LRP-epsilon.
            Role::Gate if input == 0 => arriving,
            Role::Gate => at.input(input).zeros_like(),
            Role::Linear => {
                let excited = shared(&arriving, at, |numbers| numbers.clamp_min(0.0));
                let contrast = self.contrast.as_ref() == Some(&at.node().name);
                let dual = if contrast { shared(&arriving, at, |numbers| (-numbers).clamp_min(0.0)) } else { None };
                match (excited, dual) {
                    (Some(excited), Some(dual)) => excited - dual,
                    (Some(excited), None) => excited,
                    (None, _) => at.pullback(arriving, input),
                }
            }
            _ if op.selects() => at.pullback(arriving, input),
            Role::Join => {
                let positive = |input| at.input(input).clamp_min(0.0);
                let z = (0..at.inputs()).map(positive).reduce(Tensor::add);
                let share = z.map(|z| arriving.clone() / terms::stabilized(z, SMALLEST)).unwrap_or(arriving);
                positive(input) * at.pullback(share, input)
            }
            _ => {
                let x = at.input(input).clamp_min(0.0);
                let share = arriving / terms::stabilized(at.forward(x.clone()), SMALLEST);
                x * at.pullback(share, input)
            }
        }
    }
}

/// Stabilizer less than any excitation that counts; it keeps neurons that nobody excites from dividing by 0.
const SMALLEST: f32 = 1e-12;

/// Shares of the inputs of a layer in what arrives, by `x` times changed weights, without bias; none of a layer without weights.
fn shared(arriving: &Tensor<4>, at: &Site<'_>, change: impl Fn(Tensor<1>) -> Tensor<1>) -> Option<Tensor<4>> {
    let changed = at.with_parameters(change, terms::none)?;
    let x = at.input(0).clamp_min(0.0);
    let share = arriving.clone() / terms::stabilized(changed.forward(x.clone()), SMALLEST);
    Some(x * changed.pullback(share, 0))
}
