//! The graph as data: named nodes in topological order, checked once so that running it cannot fail.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Op;
use crate::error::{Error, Result};

/// A node's place in [`Graph::nodes`].
pub type NodeId = usize;

/// A node as it stands in `model.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Unique name; layers have the name their framework gave them.
    pub name: String,
    /// The nodes it reads, by name; `input` is the preprocessed picture.
    pub inputs: Vec<String>,
    /// What it does.
    #[serde(flatten)]
    pub op: Op,
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
    /// The reserved name of the preprocessed picture.
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
        Self::checked(nodes, input_shape, parameter_shape)
            .map_err(|what| Error::Weights(format!("model.json: {what}; get or pack the model again").into()))
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
        let graph = Self::checked(nodes, [channels, height, width], parameter_shape).map_err(|what| {
            Error::Request(format!(
                "the layer {} does not take pictures of {width} x {height} pixels: {what}; choose another size; the model's own is {own_width} x {own_height}",
                self.nodes[last].name
            ).into())
        })?;
        Ok((graph, kept))
    }

    /// Checks; an error is half a sentence that names the node.
    pub fn checked(
        nodes: Vec<Node>,
        input_shape: [usize; 3],
        parameter_shape: impl Fn(&str) -> Option<Vec<usize>>,
    ) -> Result<Self, String> {
        let (ids, parameter_shapes) = (HashMap::new(), HashMap::new());
        let mut graph = Self { nodes: vec![], inputs: vec![], shapes: vec![], ids, parameter_shapes, input_shape };
        for node in nodes {
            let wrong = |what: String| format!("the node {} {what}", node.name);
            let mut inputs = vec![];
            for input in &node.inputs {
                match graph.ids.get(input) {
                    Some(&id) => inputs.push(Some(id)),
                    None if input == Self::INPUT => inputs.push(None),
                    None => return Err(wrong(format!("reads {input}, which no node before it is called"))),
                }
            }
            let mut parameters = vec![];
            for name in node.op.parameters() {
                let shape = parameter_shape(name).ok_or_else(|| wrong(format!("names the missing tensor {name}")))?;
                graph.parameter_shapes.insert(name.to_owned(), shape.clone());
                parameters.push(shape);
            }
            let shapes: Vec<_> = inputs.iter().map(|&id| graph.shape_of(id)).collect();
            let shape = node.op.output_shape(&shapes, &parameters).map_err(&wrong)?;
            if node.name == Self::INPUT || graph.ids.insert(node.name.clone(), graph.nodes.len()).is_some() {
                return Err(wrong("has a name that is already taken".into()));
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

    /// The node of that name.
    pub fn id(&self, name: &str) -> Option<NodeId> {
        self.ids.get(name).copied()
    }
}
