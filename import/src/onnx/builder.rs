//! Walks an ONNX graph from input to output and drafts our nodes. What cannot be read spoils only what depends on it.

use std::collections::HashMap;

use super::MAX_NODES;
use super::attributes::Attributes;
use super::call::Call;
use super::draft::{Dense, Draft, Kind};
use super::external::External;
use super::functions::Functions;
use super::proto::{GraphProto, NodeProto, TensorProto, ValueInfoProto};
use super::view::{FeatureMap, Value, View};
use super::{image, ops, quantized, shapes, slices};
use crate::{Input, Memory, count, unsupported};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::Padding;

/// The largest size of anything that ONNX gives as a number: kernels, strides, pads, inputs.
pub(super) const LIMIT: i64 = 1 << 14;

/// The operator set of ONNX Runtime's own operations.
const MICROSOFT: &str = "com.microsoft";

/// The most numbers an activation may have.
const MAX_NUMBERS: usize = 1 << 28;

/// The state of the walk.
pub(super) struct Builder<'a> {
    pub(super) drafts: Vec<Draft>,
    pub(super) opset: i64,
    pub(super) notes: Vec<Fault>,
    pub(super) external: &'a External<'a>,
    pub(super) initializers: HashMap<&'a str, &'a TensorProto>,
    functions: Functions<'a>,
    pub(super) memory: Memory,
    /// Shapes `[C, H, W]` of the maps whose vectors lie behind each other in one.
    pub(super) parts: Vec<Vec<[usize; 3]>>,
    /// Every value so far, or the fault why it could not be read.
    pub(super) values: HashMap<String, Result<Value, Fault>>,
}

impl<'a> Builder<'a> {
    /// Starts with the graph's image; gives what the file says of it.
    pub(super) fn new(
        graph: &'a GraphProto,
        functions: Functions<'a>,
        external: &'a External<'a>,
        opset: i64,
        size: Option<[usize; 2]>,
        memory: Memory,
    ) -> Result<(Self, Input), Fault> {
        let named = |tensor: &'a TensorProto| (tensor.name.as_deref().unwrap_or_default(), tensor);
        let initializers: HashMap<_, _> = graph.initializer.iter().map(named).collect();
        let is_image = |input: &&ValueInfoProto| !initializers.contains_key(input.name.as_deref().unwrap_or_default());
        let mut images = graph.input.iter().filter(is_image);
        let input = images.next();
        let input = input.ok_or(fault!("onnx-no-input", "the graph has no input; choose another file"))?;
        if let Some(second) = images.next() {
            let name = second.name.as_deref().unwrap_or_default();
            return Err(fault!(
                "onnx-second-input",
                "the graph has a second input, {name}, where convscope takes one image; export it with one input",
                name
            ));
        }
        let image::Layout { view, channels, size: of_file } = image::layout(input)?;
        let of_input = Input {
            size: of_file,
            whole_pixels: image::is_whole(input)?,
            channels_last: view == View::Nhwc,
            own_scale: None,
            scope: None,
        };
        let mut notes = vec![];
        let [height, width] = size.or(of_file).unwrap_or_else(|| {
            notes.push(fault!("note-open-size", "the file leaves the input's size open: assumed 224 x 224"));
            [224, 224]
        });
        let map = FeatureMap { node: None, shape: [3, height, width], view, pad: Padding::default() };
        let values = HashMap::from([(input.name.clone().unwrap_or_default(), Ok(Value::Map(map)))]);
        let (drafts, parts) = (vec![], vec![]);
        let mut builder = Self { drafts, opset, notes, external, initializers, values, functions, memory, parts };
        if let Some(conversion) = image::conversion(channels) {
            builder.note_once(conversion.note);
            let map = builder.push(conversion.name, &[map], Kind::Conv(conversion.conv), view)?;
            builder.values.insert(input.name.clone().unwrap_or_default(), Ok(Value::Map(map)));
        }
        Ok((builder, of_input))
    }

    /// Shapes of the maps that were flattened, one behind the other, to the vector that a map is.
    pub(super) fn parts(&self, map: &FeatureMap) -> Vec<[usize; 3]> {
        match map.view {
            View::FlatHwc(shape) => vec![shape],
            View::FlatParts(place) => self.parts[place].clone(),
            _ => vec![[map.shape[0], 1, 1]],
        }
    }

    /// Reads one node, or those of the function that it calls. What is wrong is remembered for those who read its outputs.
    pub(super) fn node(&mut self, node: &NodeProto) {
        let mut calls = match self.functions.called(node) {
            None => return self.single(node),
            Some(nodes) => self.inside(nodes, node),
        };
        // A function may call others, and itself, which is no reason to do so here.
        while let Some(node) = calls.pop() {
            match self.functions.called(&node) {
                None => self.single(&node),
                Some(nodes) => {
                    let inside = self.inside(nodes, &node);
                    calls.extend(inside);
                }
            }
        }
    }

    /// The nodes that a call stands for, the last first; none where there is a fault, which the call's outputs then have.
    fn inside(&mut self, nodes: Result<Vec<NodeProto>, Fault>, call: &NodeProto) -> Vec<NodeProto> {
        match nodes {
            Ok(nodes) => nodes.into_iter().rev().collect(),
            Err(reason) => {
                call.output.iter().for_each(|output| drop(self.values.insert(output.clone(), Err(reason.clone()))));
                vec![]
            }
        }
    }

    fn single(&mut self, node: &NodeProto) {
        let (kind, inputs) = (node.op_type.as_deref().unwrap_or_default(), &node.input);
        let raw = node.name.as_deref().filter(|name| !name.is_empty());
        let raw = raw.or(node.output.first().map(String::as_str)).unwrap_or_default().to_owned();
        // A fault that is handed on has its own words; a new one is said of this node.
        let spoiled = inputs.iter().find_map(|input| self.values.get(input)?.as_ref().err().cloned());
        let value = match spoiled {
            Some(reason) => Err(reason),
            None => self.translate(kind, node, &raw).map_err(|cause| {
                unsupported(fault!("onnx-node", "the node {raw} ({kind}) {cause}", cause = cause, raw, kind))
            }),
        };
        let mut given = match value {
            Ok(values) => values.into_iter().map(Ok).collect(),
            Err(reason) => vec![Err(reason); node.output.len()],
        }
        .into_iter();
        for output in &node.output {
            let value = given.next().unwrap_or_else(|| {
                let output = output.clone();
                let cause = fault!(
                    "onnx-second-output",
                    "the node {raw} ({kind}) has the second output {output}",
                    raw,
                    kind,
                    output
                );
                Err(unsupported(cause))
            });
            if !output.is_empty() {
                self.values.insert(output.clone(), value);
            }
        }
    }

    /// The values that a node gives; those of its other outputs may be missing.
    fn translate(&mut self, kind: &str, node: &NodeProto, raw: &str) -> Result<Vec<Value>, Fault> {
        let call = Call { raw, inputs: &node.input, attributes: Attributes(&node.attribute) };
        if node.domain.as_deref() == Some(MICROSOFT) && kind == "FusedConv" {
            return ops::fused_convolution(self, &call).map(|map| vec![Value::Map(map)]);
        }
        let ours = node.domain.as_deref() == Some(MICROSOFT) && ops::MICROSOFTS.contains(&kind);
        if !node.is_standard() && !ours {
            let set = node.domain.as_deref().unwrap_or_default();
            return Err(fault!("onnx-operator-set", "is of the operator set {set}", set));
        }
        if let Some(value) = quantized::translate(self, kind, &call)? {
            return Ok(vec![value]);
        }
        match shapes::translate(self, kind, &call)? {
            Some(value) => Ok(vec![value]),
            None if kind == "Split" => {
                let parts = slices::split(self, &call, node.output.len())?;
                Ok(parts.into_iter().map(Value::Map).collect())
            }
            None => ops::translate(self, kind, &call).map(|map| vec![Value::Map(map)]),
        }
    }

    /// Adds a draft that reads `inputs`.
    pub(super) fn push(
        &mut self,
        raw: &str,
        inputs: &[FeatureMap],
        kind: Kind,
        view: View,
    ) -> Result<FeatureMap, Fault> {
        let shapes: Vec<_> = inputs.iter().map(|map| map.shape).collect();
        let name = String::new;
        let shape = match &kind {
            Kind::Conv(conv) => {
                let parameters = [conv.weight_shape.to_vec(), vec![conv.bias.len()]];
                conv.op(name(), Some(name())).output_shape(&shapes, &parameters)?
            }
            Kind::Dense(dense) => {
                let parameters = [dense.weight_shape.to_vec(), vec![dense.bias.len()]];
                Dense::op(name(), Some(name())).output_shape(&shapes, &parameters)?
            }
            Kind::Plain(op) => op.output_shape(&shapes, &[])?,
            Kind::Affine(_) | Kind::Alias | Kind::Prelu(_) | Kind::Erf => shapes[0],
        };
        if count(&shape)? > MAX_NUMBERS {
            return Err(fault!(
                "onnx-too-large",
                "gives an output of the shape {shape}, more than can be computed with",
                shape = format_args!("{shape:?}")
            ));
        }
        if self.drafts.len() >= MAX_NODES {
            return Err(fault!(
                "onnx-too-many-layers",
                "is the last of {most} layers, more than any classifier has",
                most = MAX_NODES
            ));
        }
        let inputs: Vec<_> = inputs.iter().map(|map| map.node).collect();
        self.drafts.push(Draft { raw: raw.into(), inputs, kind, shape });
        Ok(FeatureMap { node: Some(self.drafts.len() - 1), shape, view, pad: Padding::default() })
    }

    /// The draft that gives the graph's first output.
    pub(super) fn output(&self, graph: &GraphProto) -> Result<Option<usize>, Fault> {
        let name = graph.output.first().and_then(|output| output.name.as_deref());
        let name = name.ok_or(fault!("onnx-no-output", "the graph has no output; choose another file"))?;
        match self.value(name) {
            Ok(Some(Value::Map(map))) => Ok(map.node),
            Ok(_) => Err(fault!(
                "onnx-output-constant",
                "the output {name} does not depend on the image; choose another file",
                name
            )),
            // Where the graph gives the name, the reason is a whole sentence; else it lacks its subject.
            Err(reason) if self.values.contains_key(name) => Err(reason),
            Err(reason) => {
                Err(fault!("onnx-no-such-output", "the graph {cause}; export the model again", cause = reason))
            }
        }
    }
}
