//! The graph as data: named nodes in topological order, checked once so that running it cannot fail.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Op, Role};
use crate::error::{Error, Fault, Result};
use crate::fault;

/// A node's place in [`Graph::nodes`].
pub type NodeId = usize;

/// A node as it stands in `model.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Unique name; layers have the name their framework gave them.
    pub name: String,
    /// The nodes it reads, by name; `input` is the preprocessed image.
    pub inputs: Vec<String>,
    /// Operation.
    #[serde(flatten)]
    pub op: Op,
}

impl Node {
    /// Fault of the node; `cause` is a sentence without subject.
    pub fn unfit(&self, cause: Fault) -> Fault {
        fault!("node-unfit", "the node {node} {cause}", cause = cause, node = self.name)
    }
}

/// A checked graph: unique names, inputs before their readers, shapes that fit.
#[derive(Clone, Debug)]
pub struct Graph {
    nodes: Vec<Node>,
    inputs: Vec<Vec<Option<NodeId>>>,
    shapes: Vec<[usize; 3]>,
    ids: HashMap<String, NodeId>,
    parameter_shapes: HashMap<String, Vec<usize>>,
    input_shape: [usize; 3],
}

impl Graph {
    /// The reserved name of the preprocessed image.
    pub const INPUT: &str = "input";

    /// Checks `nodes` on an input of shape `[C, H, W]`; `parameter_shape` gives a named tensor's shape.
    ///
    /// # Errors
    /// [`Error::Weights`] naming the node that does not fit.
    pub fn new(
        nodes: Vec<Node>,
        input_shape: [usize; 3],
        parameter_shape: impl Fn(&str) -> Option<Vec<usize>>,
    ) -> Result<Self> {
        Self::checked(nodes, input_shape, parameter_shape).map_err(Error::model)
    }

    /// The graph up to `last` on an input of another size `[height, width]`, without what `last` does not depend on, and the
    /// nodes that were kept.
    ///
    /// # Errors
    /// [`Error::Request`] naming the node that the size does not fit.
    pub fn at_size(&self, last: NodeId, size: [usize; 2]) -> Result<(Self, Vec<NodeId>)> {
        let mut needed = vec![false; last + 1];
        needed[last] = true;
        for id in (0..=last).rev() {
            if needed[id] {
                self.inputs[id].iter().flatten().for_each(|&input| needed[input] = true);
            }
        }
        let kept: Vec<NodeId> = (0..=last).filter(|&id| needed[id]).collect();
        let nodes = kept.iter().map(|&id| self.nodes[id].clone()).collect();
        let [channels, own_height, own_width] = self.input_shape;
        let [height, width] = size;
        let parameter_shape = |name: &str| self.parameter_shapes.get(name).cloned();
        let graph = Self::checked(nodes, [channels, height, width], parameter_shape).map_err(|cause| {
            Error::Request(fault!(
                "layer-size",
                "the layer {layer} does not take images of {width} x {height} pixels: {cause}; choose another size; the model's own is {own_width} x {own_height}",
                cause = cause,
                layer = self.nodes[last].name,
                width,
                height,
                own_width,
                own_height
            ))
        })?;
        Ok((graph, kept))
    }

    /// Checks as [`Self::new`] does; the fault is half a sentence that names the node.
    ///
    /// # Errors
    /// [`Node::unfit`] of the node that does not fit.
    pub fn checked(
        nodes: Vec<Node>,
        input_shape: [usize; 3],
        parameter_shape: impl Fn(&str) -> Option<Vec<usize>>,
    ) -> Result<Self, Fault> {
        let (ids, parameter_shapes) = (HashMap::new(), HashMap::new());
        let mut graph = Self { nodes: vec![], inputs: vec![], shapes: vec![], ids, parameter_shapes, input_shape };
        for node in nodes {
            let mut inputs = vec![];
            for input in &node.inputs {
                match graph.ids.get(input) {
                    Some(&id) => inputs.push(Some(id)),
                    None if input == Self::INPUT => inputs.push(None),
                    None => {
                        let cause =
                            fault!("node-reads-unknown", "reads {input}, which no node before it is called", input);
                        return Err(node.unfit(cause));
                    }
                }
            }
            let mut parameters = vec![];
            for name in node.op.parameters() {
                let shape = parameter_shape(name).ok_or_else(|| node.unfit(Op::missing_tensor(name)))?;
                graph.parameter_shapes.insert(name.to_owned(), shape.clone());
                parameters.push(shape);
            }
            let shapes: Vec<_> = inputs.iter().map(|&id| graph.shape_of(id)).collect();
            let shape = node.op.output_shape(&shapes, &parameters).map_err(|cause| node.unfit(cause))?;
            if node.name == Self::INPUT || graph.ids.insert(node.name.clone(), graph.nodes.len()).is_some() {
                return Err(node.unfit(fault!("node-name-taken", "has a name that is already taken")));
            }
            graph.inputs.push(inputs);
            graph.shapes.push(shape);
            graph.nodes.push(node);
        }
        Ok(graph)
    }

    /// The nodes in topological order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The nodes that `node` reads; `None` is the input.
    pub fn inputs(&self, node: NodeId) -> &[Option<NodeId>] {
        &self.inputs[node]
    }

    /// The shape `[C, H, W]` of a node's output.
    pub fn shape(&self, node: NodeId) -> [usize; 3] {
        self.shapes[node]
    }

    /// The shape `[C, H, W]` of a node's output, or of the input.
    pub fn shape_of(&self, node: Option<NodeId>) -> [usize; 3] {
        node.map_or(self.input_shape, |id| self.shapes[id])
    }

    /// The shape of a parameter tensor.
    pub fn parameter_shape(&self, name: &str) -> Option<&[usize]> {
        self.parameter_shapes.get(name).map(Vec::as_slice)
    }

    /// Whether what a node gives reaches another one.
    pub fn leads_to(&self, from: NodeId, to: NodeId) -> bool {
        let mut reached = vec![false; self.nodes.len()];
        reached[from] = true;
        for id in from + 1..=to {
            reached[id] = self.inputs[id].iter().flatten().any(|&input| reached[input]);
        }
        to >= from && reached[to]
    }

    /// Whether all that reads a layer is its average over all places, so that each of its feature maps counts alike at every place.
    pub fn is_averaged(&self, layer: NodeId) -> bool {
        let mut readers =
            self.nodes.iter().zip(&self.inputs).filter(|(_, inputs)| inputs.contains(&Some(layer))).peekable();
        readers.peek().is_some() && readers.all(|(node, _)| node.op.role() == Role::GlobalPool)
    }

    /// The node of that name.
    pub fn id(&self, name: &str) -> Option<NodeId> {
        self.ids.get(name).copied()
    }
}
