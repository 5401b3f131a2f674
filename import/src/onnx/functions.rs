//! Operations that a file itself defines of others, as PyTorch's newer exporter writes them: a call becomes the nodes it stands for.

use std::cell::Cell;
use std::collections::HashMap;

use super::proto::{AttributeProto, FunctionProto, NodeProto};
use convscope_core::error::Fault;
use convscope_core::fault;

/// The functions of a file, by their operator set and name.
#[derive(Debug)]
pub(super) struct Functions<'a> {
    functions: HashMap<(&'a str, &'a str), &'a FunctionProto>,
    /// Nodes that calls may still become: one that calls itself does not go on for ever.
    left: Cell<usize>,
    calls: Cell<usize>,
}

impl<'a> Functions<'a> {
    /// The functions of a file whose calls become `most` nodes at most.
    pub(super) fn new(functions: &'a [FunctionProto], most: usize) -> Self {
        let key = |function: &'a FunctionProto| {
            (function.domain.as_deref().unwrap_or_default(), function.name.as_deref().unwrap_or_default())
        };
        let functions = functions.iter().map(|function| (key(function), function)).collect();
        Self { functions, left: Cell::new(most), calls: Cell::new(0) }
    }

    /// The nodes that a node stands for; `None` if it calls no function of the file.
    pub(super) fn called(&self, node: &NodeProto) -> Option<Result<Vec<NodeProto>, Fault>> {
        let key = (node.domain.as_deref().unwrap_or_default(), node.op_type.as_deref().unwrap_or_default());
        let function = self.functions.get(&key)?;
        let Some(left) = self.left.get().checked_sub(function.node.len().max(1)) else {
            let name = key.1;
            return Some(Err(fault!(
                "onnx-function-nodes",
                "the function {name} stands for more nodes than any classifier has; choose another file",
                name
            )));
        };
        self.left.set(left);
        self.calls.set(self.calls.get() + 1);
        Some(Ok(function.node.iter().map(|inner| self.of_call(inner, node, function)).collect()))
    }

    /// A node of a function as it is in one call: its values under names of their own, but for those that the call gives and takes.
    fn of_call(&self, inner: &NodeProto, call: &NodeProto, function: &FunctionProto) -> NodeProto {
        let outer = |names: &[String], outer: &[String], name: &String| {
            let place = names.iter().position(|other| other == name)?;
            // What a call leaves out is not there inside either.
            Some(outer.get(place).cloned().unwrap_or_default())
        };
        let renamed = |name: &String| {
            let given =
                outer(&function.input, &call.input, name).or_else(|| outer(&function.output, &call.output, name));
            let own = || if name.is_empty() { String::new() } else { format!("{}\0{name}", self.calls.get()) };
            given.unwrap_or_else(own)
        };
        let attribute = |attribute: &AttributeProto| {
            let Some(reference) = &attribute.ref_attr_name else { return Some(attribute.clone()) };
            let given = |attributes: &[AttributeProto]| {
                attributes.iter().find(|given| given.name.as_ref() == Some(reference)).cloned()
            };
            let given = given(&call.attribute).or_else(|| given(&function.attribute_proto))?;
            Some(AttributeProto { name: attribute.name.clone(), ..given })
        };
        NodeProto {
            input: inner.input.iter().map(renamed).collect(),
            output: inner.output.iter().map(renamed).collect(),
            name: call.name.clone().filter(|name| !name.is_empty()).or_else(|| call.output.first().cloned()),
            attribute: inner.attribute.iter().filter_map(attribute).collect(),
            op_type: inner.op_type.clone(),
            domain: inner.domain.clone(),
        }
    }
}
