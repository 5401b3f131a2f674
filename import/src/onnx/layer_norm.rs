//! Layer normalizations (Ba et al. 2016, <https://arxiv.org/abs/1607.06450>) that are written as nine nodes, as exporters do before
//! operator set 17: `d / sqrt(mean(d^2) + epsilon)` of `d = x - mean(x)`, the means over the last axis.

use std::collections::HashMap;

use super::proto::{AttributeProto, GraphProto, NodeProto, TensorProto};

/// ONNX's number of the type float32.
const FLOAT: i32 = 1;

/// The nodes that divide at the end of a layer normalization, by their places, each with the one node that it is in all.
pub(super) fn joined(graph: &GraphProto) -> HashMap<usize, NodeProto> {
    let outputs = graph.node.iter().flat_map(|node| node.output.first().map(|output| (output.as_str(), node)));
    let known = Known { made: outputs.collect(), graph };
    let divides = graph.node.iter().enumerate().filter(|(_, node)| node.op_type.as_deref() == Some("Div"));
    divides.filter_map(|(place, node)| Some((place, known.layer_norm(node)?))).collect()
}

struct Known<'a> {
    /// Nodes by their first output.
    made: HashMap<&'a str, &'a NodeProto>,
    graph: &'a GraphProto,
}

impl<'a> Known<'a> {
    /// The node of that kind whose output this is.
    fn made_by(&self, output: &str, kind: &str) -> Option<&'a NodeProto> {
        self.made.get(output).copied().filter(|node| node.op_type.as_deref() == Some(kind))
    }

    /// Layer normalization that a division is the end of.
    fn layer_norm(&self, divides: &NodeProto) -> Option<NodeProto> {
        let [difference, deviation] = &divides.input[..] else { return None };
        let [input, mean] = &self.made_by(difference, "Sub")?.input[..] else { return None };
        let axis = self.mean_of(mean, input)?;
        let root = self.made_by(deviation, "Sqrt")?.input.first()?;
        let [variance, epsilon] = &self.made_by(root, "Add")?.input[..] else { return None };
        let epsilon = self.number(epsilon)?;
        let squared = self.made_by(variance, "ReduceMean")?.input.first()?;
        let is_square = self.is_square(squared, difference);
        (is_square && self.mean_of(variance, squared)? == axis).then(|| NodeProto {
            input: vec![input.clone()],
            output: divides.output.clone(),
            name: divides.name.clone(),
            op_type: Some("LayerNormalization".into()),
            attribute: vec![
                AttributeProto { name: Some("axis".into()), i: Some(axis), ..AttributeProto::default() },
                AttributeProto { name: Some("epsilon".into()), f: Some(epsilon), ..AttributeProto::default() },
            ],
            domain: None,
        })
    }

    /// The axis over which `mean` is the mean of `values`, if it is and keeps that axis.
    fn mean_of(&self, mean: &str, values: &str) -> Option<i64> {
        let node = self.made_by(mean, "ReduceMean")?;
        let attribute = |name: &str| node.attribute.iter().find(|known| known.name.as_deref() == Some(name));
        let keeps = attribute("keepdims").is_none_or(|keeps| keeps.i != Some(0));
        match (&attribute("axes")?.ints[..], &node.input[..]) {
            ([axis], [input]) if keeps && input == values => Some(*axis),
            _ => None,
        }
    }

    fn is_square(&self, squared: &str, of: &str) -> bool {
        let power = self.made_by(squared, "Pow").map(|node| &node.input[..]);
        let product = self.made_by(squared, "Mul").map(|node| &node.input[..]);
        match (power, product) {
            (Some([base, exponent]), _) => base == of && self.number(exponent) == Some(2.0),
            (_, Some([one, other])) => one == of && other == of,
            _ => false,
        }
    }

    /// A constant of one number.
    fn number(&self, name: &str) -> Option<f32> {
        let constant = self.made_by(name, "Constant").and_then(|node| node.attribute.first()?.t.as_ref());
        let initializer = || self.graph.initializer.iter().find(|tensor| tensor.name.as_deref() == Some(name));
        one(constant.or_else(initializer)?)
    }
}

/// The number of a tensor that has one, of float32.
fn one(tensor: &TensorProto) -> Option<f32> {
    let is_one = tensor.data_type == Some(FLOAT) && tensor.dims.iter().all(|&size| size == 1);
    match (tensor.raw_data.as_deref(), &tensor.float_data[..]) {
        (Some(bytes), _) if is_one => bytes.try_into().ok().map(f32::from_le_bytes),
        (None, [number]) if is_one => Some(*number),
        _ => None,
    }
}
