//! Walks an ONNX graph from input to output and drafts our nodes. What cannot be read spoils only what depends on it.

use std::collections::HashMap;

use super::attributes::Attributes;
use super::call::Call;
use super::constant::Constant;
use super::draft::{Dense, Draft, Kind};
use super::external::External;
use super::pattern::Patterns;
use super::proto::{GraphProto, NodeProto, TensorProto, ValueInfoProto};
use super::{image, ops, shapes};
use crate::{count, unsupported};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::Padding;

/// The largest size of anything that ONNX gives as a number: kernels, strides, pads, inputs.
pub(super) const LIMIT: i64 = 1 << 14;

/// The most numbers an activation may have.
const MAX_NUMBERS: usize = 1 << 28;

/// Dimensions of a value in ONNX, and how they map to our `[N, C, H, W]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// `[N, C, H, W]`.
    Nchw,
    /// `[N, H, W, C]`.
    Nhwc,
    /// `[N, C]`, of our `[N, C, 1, 1]`.
    Flat,
    /// `[N, H * W * C]`, where ours is `[N, C * H * W, 1, 1]`: flattened when the channels were last.
    FlatHwc([usize; 3]),
}

/// Feature maps or a vector.
#[derive(Clone, Copy, Debug)]
pub(super) struct FeatureMap {
    /// The draft that gives it; `None` is the image.
    pub(super) node: Option<usize>,
    /// Shape `[C, H, W]`.
    pub(super) shape: [usize; 3],
    /// Dimensions in ONNX.
    pub(super) view: View,
    /// Zeros around it that `node`, an [`Op::Pad`](convscope_core::nn::Op::Pad), has made: a convolution takes them as its own.
    pub(super) pad: Padding,
}

/// Value of ONNX, translated.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Map(FeatureMap),
    Constant(Constant),
}

/// The state of the walk.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    pub(super) drafts: Vec<Draft>,
    pub(super) opset: i64,
    pub(super) notes: Vec<String>,
    pub(super) external: &'a External,
    /// Whether the image is asked for in whole numbers, 0 to 255.
    pub(super) whole_pixels: bool,
    initializers: HashMap<&'a str, &'a TensorProto>,
    patterns: Patterns,
    /// Every value so far, or the fault why it could not be read.
    values: HashMap<String, Result<Value, Fault>>,
}

impl<'a> Builder<'a> {
    /// Starts with the graph's image; gives the input's shape `[C, H, W]` and whether the file says its size.
    pub(super) fn new(
        graph: &'a GraphProto,
        external: &'a External,
        opset: i64,
        size: Option<[usize; 2]>,
    ) -> Result<(Self, Option<[usize; 2]>), Fault> {
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
        let (view, of_file) = image::layout(input)?;
        let whole_pixels = image::is_whole(input)?;
        let mut notes = vec![];
        let [height, width] = size.or(of_file).unwrap_or_else(|| {
            notes.push("the file leaves the input's size open: assumed 224 x 224".into());
            [224, 224]
        });
        let map = FeatureMap { node: None, shape: [3, height, width], view, pad: Padding::default() };
        let values = HashMap::from([(input.name.clone().unwrap_or_default(), Ok(Value::Map(map)))]);
        Ok((
            Self {
                drafts: vec![],
                opset,
                notes,
                external,
                whole_pixels,
                initializers,
                patterns: Patterns::default(),
                values,
            },
            of_file,
        ))
    }

    /// Reads one node. What is wrong is remembered for those who read its outputs.
    pub(super) fn node(&mut self, node: &NodeProto) {
        let (kind, inputs) = self.patterns.read(node.op_type.as_deref().unwrap_or_default(), node);
        let raw = node.name.as_deref().filter(|name| !name.is_empty());
        let raw = raw.or(node.output.first().map(String::as_str)).unwrap_or_default().to_owned();
        // A fault that is handed on has its own words; a new one is said of this node.
        let spoiled = inputs.iter().find_map(|input| self.values.get(input)?.as_ref().err().cloned());
        let value = match spoiled {
            Some(reason) => Err(reason),
            None => self.translate(kind, inputs, node, &raw).map_err(|cause| {
                unsupported(fault!("onnx-node", "the node {raw} ({kind}) {cause}", cause = cause, raw, kind))
            }),
        };
        if let Some(output) = node.output.first() {
            self.values.insert(output.clone(), value);
        }
        for other in node.output.iter().skip(1).filter(|output| !output.is_empty()) {
            let reason = unsupported(fault!(
                "onnx-second-output",
                "the node {raw} ({kind}) has the second output {other}",
                raw,
                kind,
                other
            ));
            self.values.insert(other.clone(), Err(reason));
        }
    }

    fn translate(&mut self, kind: &str, inputs: &[String], node: &NodeProto, raw: &str) -> Result<Value, Fault> {
        if !node.is_standard() {
            let set = node.domain.as_deref().unwrap_or_default();
            return Err(fault!("onnx-operator-set", "is of the operator set {set}", set));
        }
        let call = Call { raw, inputs, attributes: Attributes(&node.attribute) };
        match shapes::translate(self, kind, &call)? {
            Some(value) => Ok(value),
            None => ops::translate(self, kind, &call).map(Value::Map),
        }
    }

    /// The feature maps that an ONNX value is, with the zeros around them that are known to be such.
    pub(super) fn padded_map(&self, name: &str) -> Result<FeatureMap, Fault> {
        match self.value(name)? {
            Some(Value::Map(map)) => Ok(*map),
            _ => Err(fault!("onnx-no-maps", "computes with the constant {name} where feature maps belong", name)),
        }
    }

    /// The feature maps that an ONNX value is; zeros around them are numbers like others.
    pub(super) fn map(&self, name: &str) -> Result<FeatureMap, Fault> {
        Ok(FeatureMap { pad: Padding::default(), ..self.padded_map(name)? })
    }

    /// The maps without the zeros around them.
    pub(super) fn unpadded(&self, map: FeatureMap) -> FeatureMap {
        let Padding { top, left, bottom, right } = map.pad;
        let [channels, height, width] = map.shape;
        match map.node {
            Some(node) if map.pad != Padding::default() => FeatureMap {
                node: self.drafts[node].inputs[0],
                shape: [channels, height - top - bottom, width - left - right],
                pad: Padding::default(),
                ..map
            },
            _ => map,
        }
    }

    /// Adds a note that one node's reader needs as much as another's.
    pub(super) fn note_once(&mut self, note: &str) {
        if !self.notes.iter().any(|other| other == note) {
            self.notes.push(note.into());
        }
    }

    /// Whether an ONNX value is there and is feature maps.
    pub(super) fn is_map(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(Ok(Value::Map(_))))
    }

    /// The constant that an ONNX value is.
    pub(super) fn constant(&self, name: &str) -> Result<Constant, Fault> {
        match self.value(name)? {
            Some(Value::Constant(constant)) => Ok(constant.clone()),
            Some(Value::Map(_)) => {
                Err(fault!("onnx-no-constant", "needs {name} to be a constant, not computed from the image", name))
            }
            None => Constant::read(self.initializers[name], self.external),
        }
    }

    /// The transposed matrix of a constant.
    pub(super) fn transposed(&self, name: &str) -> Result<Constant, Fault> {
        match self.value(name)? {
            Some(_) => self.constant(name)?.transposed(),
            None => Constant::read_transposed(self.initializers[name], self.external),
        }
    }

    /// A value that has been computed, or `None` for one that lies in the file.
    fn value(&self, name: &str) -> Result<Option<&Value>, Fault> {
        match self.values.get(name) {
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(reason)) => Err(reason.clone()),
            None if self.initializers.contains_key(name) => Ok(None),
            None => {
                let name = format_args!("{name:?}");
                Err(fault!("onnx-reads-unknown", "reads {name}, which no node before it gives", name))
            }
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
            Kind::Affine(_) | Kind::Alias => shapes[0],
        };
        if count(&shape)? > MAX_NUMBERS {
            return Err(fault!(
                "onnx-too-large",
                "gives an output of the shape {shape}, more than can be computed with",
                shape = format_args!("{shape:?}")
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
