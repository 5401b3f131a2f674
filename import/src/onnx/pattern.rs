//! Operations that exporters write as several nodes.

use std::collections::HashMap;
use std::slice;

use super::proto::NodeProto;

/// Parts of patterns that have been seen so far.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    /// Inputs of logistic functions, by the names of their outputs.
    sigmoids: HashMap<String, String>,
}

impl Patterns {
    /// The operation that a node stands for, and its inputs: the product of a value and its own logistic function is `Swish`, which
    /// only operator sets from 24 on have (PyTorch writes SiLU so, Keras swish).
    pub(super) fn read<'a>(&mut self, kind: &'a str, node: &'a NodeProto) -> (&'a str, &'a [String]) {
        let is_own = |sigmoid: &String, input: &String| self.sigmoids.get(sigmoid) == Some(input);
        match (kind, &node.input[..]) {
            _ if !node.is_standard() => {}
            ("Sigmoid", [input]) => {
                self.sigmoids.extend(node.output.first().map(|output| (output.clone(), input.clone())));
            }
            ("Mul", [input, sigmoid]) if is_own(sigmoid, input) => return ("Swish", slice::from_ref(input)),
            ("Mul", [sigmoid, input]) if is_own(sigmoid, input) => return ("Swish", slice::from_ref(input)),
            _ => {}
        }
        (kind, &node.input)
    }
}
