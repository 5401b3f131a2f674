//! Layouts of frameworks' weights, and what has to be turned until they are ours.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;

use crate::Tensor;
use convscope_core::nn::{Dense, Graph, Node, NodeId, Op, Role};

/// Layout of a framework's weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Keras and TensorFlow: convolutions `[height, width, in, out]`, dense layers `[in, out]`, maps flattened with their channels last.
    Hwio,
    /// PyTorch: convolutions `[out, in, height, width]`, dense layers `[out, in]`, maps flattened with their channels first.
    Oihw,
}

/// End of the names of Keras's weights of one channel each, `[height, width, in, multiplier]`.
const DEPTHWISE: &str = "depthwise_kernel";

impl Layout {
    /// Names of a layer's weight and bias.
    pub(crate) fn parameters(self, layer: &str) -> [String; 2] {
        let (between, names) = match self {
            Self::Oihw => ('.', ["weight", "bias"]),
            Self::Hwio => ('/', ["kernel", "bias"]),
        };
        names.map(|name| format!("{layer}{between}{name}"))
    }

    /// Turns the weights of these nodes into our layout: kernels `[out, in, height, width]`, dense weights `[in, out]`.
    pub(super) fn turn(self, nodes: &[Node], tensors: &mut BTreeMap<String, Tensor>) {
        for (name, tensor) in tensors {
            let used_as = |node: &&Node| node.op.parameters().first() == Some(&name.as_str());
            let op = nodes.iter().find(used_as).map(|node| &node.op);
            match (op, self, &tensor.shape[..]) {
                (Some(Op::Conv2d(_)), Self::Hwio, &[h, w, i, o]) if name.ends_with(DEPTHWISE) => {
                    tensor.permute(&[2, 3, 0, 1]);
                    tensor.shape = vec![i * o, 1, h, w];
                }
                (Some(Op::Conv2d(_)), Self::Hwio, [_, _, _, _]) => tensor.permute(&[3, 2, 0, 1]),
                // Slopes that all places share.
                (Some(Op::Prelu(_)), Self::Hwio, &[1, 1, channels]) => tensor.shape = vec![channels],
                (Some(Op::Dense(_)), Self::Oihw, [_, _]) => tensor.permute(&[1, 0]),
                _ => {}
            }
        }
    }
}

/// Keras and TensorFlow flatten maps with their channels last, we with their channels first: the rows of a dense weight that reads
/// flattened maps change places.
pub(super) fn turn_flattened(graph: &Graph, tensors: &mut BTreeMap<String, Tensor>) {
    // The shape before the flatten that an activation leads back to.
    let flattened = |mut id: Option<NodeId>| {
        loop {
            let input = graph.inputs(id?).first().copied()?;
            match &graph.nodes()[id?].op {
                Op::Flatten(_) => return Some(graph.shape_of(input)),
                op if op.role() == Role::Activation => id = input,
                _ => return None,
            }
        }
    };
    let mut turned = HashSet::new();
    for (id, node) in graph.nodes().iter().enumerate() {
        let Op::Dense(Dense { weight, .. }) = &node.op else { continue };
        let (Some(maps), Some(tensor)) = (flattened(graph.inputs(id)[0]), tensors.get_mut(weight)) else {
            continue;
        };
        if turned.insert(weight) {
            tensor.rows_to_chw(maps);
        }
    }
}
