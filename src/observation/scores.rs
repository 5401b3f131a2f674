//! Scores of targets: their gradients at layers and at the input, and those of other inputs.

use burn::tensor::{Tensor, TensorData};

use super::{Gradients, Observation};
use crate::error::{Error, Result};
use crate::explain::Score;
use crate::fault;
use crate::model::behind_classes;
use crate::nn::{Backward, NodeId, ReluRule};
use crate::target::Target;

impl Observation {
    /// Where the backward pass of a target starts, and the seed `[1, classes, 1, 1]` to start it with: the weight of each class.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no classifier or no such class.
    pub fn seed(&self, target: impl Into<Target>, score: Score) -> Result<(NodeId, Tensor<4>)> {
        let output = self.model.score_node(score)?;
        let classes = self.classes.len();
        let seed = target.into().weights(classes).map_err(|class| self.out_of_range(class))?;
        let seed = TensorData::new(seed, [1, classes, 1, 1]);
        Ok((output, Tensor::from_data(seed, self.model.network.device())))
    }

    /// Gradients of a target's score at `layer`, `[1, C, h, w]`. One backward pass serves all of `layers`: it rests at the layer, and goes
    /// on from there when one before it is asked for. What it has found is kept until another target or score is asked for.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no such class, or it does not depend on the layer.
    pub fn gradients(
        &self,
        target: impl Into<Target>,
        score: Score,
        layer: NodeId,
        layers: &[NodeId],
    ) -> Result<Tensor<4>> {
        let (target, network) = (target.into(), &self.model.network);
        let mut known = self.gradients.borrow_mut();
        if known.as_ref().is_none_or(|known| (&known.target, known.score) != (&target, score)) {
            *known = None;
        }
        let Gradients { target, passes, .. } = known.get_or_insert_with(|| Gradients { target, score, passes: vec![] });
        if !passes.iter().any(|pass| pass.wants(Some(layer))) {
            let (output, seed) = self.seed(&*target, score)?;
            let missing = |at: &NodeId| *at != layer && !passes.iter().any(|pass| pass.wants(Some(*at)));
            let wanted: Vec<_> = layers.iter().copied().filter(missing).chain([layer]).map(Some).collect();
            passes.push(Backward::new(network, output, seed, &wanted));
        }
        let pass = passes.iter_mut().find(|pass| pass.wants(Some(layer)));
        let found = pass.and_then(|pass| {
            pass.reach(network, &self.trace, &ReluRule::Gradient, Some(layer));
            pass.arrived(Some(layer))
        });
        found.ok_or_else(|| self.behind_classes(layer))
    }

    fn behind_classes(&self, layer: NodeId) -> Error {
        Error::Request(behind_classes(&self.model.network.graph().nodes()[layer].name))
    }

    /// What comes back to the input from a target's score under a rule for ReLU, `[1, 3, H, W]`, in the network's order of
    /// channels.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no such class.
    pub fn input_gradient(&self, target: impl Into<Target>, score: Score, rule: ReluRule) -> Result<Tensor<4>> {
        let (output, seed) = self.seed(target, score)?;
        let arrived = self.model.network.pullback(&self.trace, output, seed, rule, &[None]);
        arrived.into_iter().next().flatten().ok_or_else(|| {
            Error::Weights(fault!(
                "classes-without-input",
                "model.json: the classes do not depend on the input; get or pack the model again"
            ))
        })
    }

    /// A target's scores `[N, 1, 1, 1]` of other inputs `[N, 3, H, W]`.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no such class.
    pub fn scores(&self, inputs: Tensor<4>, target: impl Into<Target>, score: Score) -> Result<Tensor<4>> {
        let target = target.into();
        let (output, seed) = self.seed(&target, score)?;
        let network = &self.model.network;
        let trace = network.forward(inputs, &[output]);
        let outputs = network.output(&trace, output);
        Ok(weighed(outputs, &target, seed))
    }

    /// A target's scores `[N, 1, 1, 1]` of the image, if a layer had given `features` `[N, C, h, w]`: only what depends on the layer
    /// is run again.
    ///
    /// # Errors
    /// [`Error::Request`] where the model has no such class, or it does not depend on the layer.
    pub fn scores_from(
        &self,
        layer: NodeId,
        features: Tensor<4>,
        target: impl Into<Target>,
        score: Score,
    ) -> Result<Tensor<4>> {
        let target = target.into();
        let (output, seed) = self.seed(&target, score)?;
        let outputs = self.model.network.forward_from(&self.trace, layer, features, output);
        Ok(weighed(outputs.ok_or_else(|| self.behind_classes(layer))?, &target, seed))
    }
}

/// A target's scores `[N, 1, 1, 1]` of outputs `[N, classes, 1, 1]`. One class is read as it is: a sum with zeros would be NaN where
/// another output is infinite.
fn weighed(outputs: Tensor<4>, target: &Target, seed: Tensor<4>) -> Tensor<4> {
    match target.single() {
        Some(class) => outputs.narrow(1, class, 1),
        None => (outputs * seed).sum_dim(1),
    }
}

/// The class of a target that is one and no more.
///
/// # Errors
/// [`Error::Request`] where it is a sum.
pub(crate) fn single(target: &Target) -> Result<usize> {
    target.single().ok_or_else(|| {
        Error::Request(fault!(
            "one-class-needed",
            "one class is needed, and {target} is a sum of them; name one",
            target
        ))
    })
}
