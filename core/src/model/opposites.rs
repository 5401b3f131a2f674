//! Networks with one logit, which tell one thing from everything else: two classes.

use super::Manifest;
use crate::nn::{Graph, Node, Op, Opposites, Sigmoid};

impl Manifest {
    /// Whether the classes are the two of one logit.
    pub(super) fn is_one_logit(&self) -> bool {
        let node = self.nodes.iter().find(|node| Some(&node.name) == self.logits.as_ref());
        node.is_some_and(|node| matches!(node.op, Op::Opposites(_)))
    }

    /// Makes two classes of one logit `x`: the second has the logit `x` and the probability `sigmoid(x)`, the first, its opposite,
    /// `-x` and `sigmoid(-x)`, so that either can be explained. One label is that of the second. Says whether there was one logit;
    /// a network with several, or none, stays what it is.
    pub fn two_classes(&mut self, graph: &Graph) -> bool {
        let Some(logit) =
            self.logits.clone().filter(|name| graph.id(name).is_some_and(|id| graph.shape(id) == [1, 1, 1]))
        else {
            return false;
        };
        // A softmax of one number is always 1.
        if let Some(old) = self.probabilities.take().filter(|old| *old != logit)
            && !self.taps.contains(&old)
            && !self.nodes.iter().any(|node| node.inputs.contains(&old))
        {
            self.nodes.retain(|node| node.name != old);
        }
        let free = |end: &str| {
            let mut name = format!("{logit}/{end}");
            while graph.id(&name).is_some() {
                name.push('_');
            }
            name
        };
        let (opposites, sigmoid) = (free("opposites"), free("sigmoid"));
        self.nodes.push(Node { name: opposites.clone(), inputs: vec![logit], op: Opposites {}.into() });
        self.nodes.push(Node { name: sigmoid.clone(), inputs: vec![opposites.clone()], op: Sigmoid {}.into() });
        (self.logits, self.probabilities) = (Some(opposites), Some(sigmoid));
        if let [label] = &self.labels[..] {
            self.labels = vec![format!("not {label}"), label.clone()];
        }
        true
    }

    /// Numbers the outputs, where they have no labels: `output 0`, `output 1` and so on; of one logit that is two classes, `output 0` and
    /// its opposite.
    pub fn number_outputs(&mut self) {
        let Some(logits) = self.logits.as_ref().filter(|_| self.labels.is_empty()) else { return };
        if self.is_one_logit() {
            self.labels = ["not output 0", "output 0"].map(Into::into).into();
        } else if let Some(count) = self.graph().ok().and_then(|graph| Some(graph.shape(graph.id(logits)?)[0])) {
            self.labels = (0..count).map(|index| format!("output {index}")).collect();
        }
    }
}
