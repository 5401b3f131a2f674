//! Layers of a network that are worth showing, where nobody names them.

use std::collections::HashSet;

use convscope_core::nn::{Graph, NodeId, Op, Role};

/// The feature maps worth showing: what comes out of activation functions, pools and concats, and of sums and convolutions that no
/// activation function follows.
pub(super) fn taps(graph: &Graph) -> Vec<String> {
    let mut rectified: HashSet<NodeId> = HashSet::new();
    for (id, _) in graph.nodes().iter().enumerate().filter(|(_, node)| node.op.role() == Role::Activation) {
        rectified.extend(graph.inputs(id).iter().flatten());
    }
    let shown = |id: usize, op: &Op| match op.role() {
        Role::Activation | Role::Pool => true,
        Role::Join if op.selects() => true,
        Role::Linear | Role::Join => !rectified.contains(&id),
        Role::GlobalPool | Role::Shape | Role::Probability | Role::Gate | Role::Normalization => false,
    };
    let nodes = graph.nodes().iter().enumerate();
    let maps = nodes.filter(|(id, node)| shown(*id, &node.op) && graph.shape(*id)[1..] != [1, 1]);
    maps.map(|(_, node)| node.name.clone()).collect()
}
