//! Graphs of Keras models, from the configuration that `model.save` writes (`model_config`), of Keras 2 and 3: layers become nodes
//! whose parameters have Keras's names and layouts, as a recipe would write them.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::layers;
use crate::count;
use crate::pack::BatchNorm;
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{Graph, Node, Op};

/// Models within each other, more than any has.
const MAX_DEPTH: usize = 8;

/// Nodes, more than any classifier has.
const MAX_NODES: usize = 5000;

/// The most numbers an activation may have.
const MAX_NUMBERS: usize = 1 << 28;

/// A network as its configuration has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Written {
    /// Nodes in topological order; convolutions of one pixel stand in the places of batch normalizations.
    pub(crate) nodes: Vec<Node>,
    /// The batch normalizations.
    pub(crate) batch_norms: Vec<BatchNorm>,
    /// Height and width of the input, where they are fixed.
    pub(crate) size: Option<[usize; 2]>,
    /// Tensors of one number, in Keras's layout, that layers imply and the file has not: name, shape and number.
    pub(crate) constants: Vec<(String, Vec<usize>, f32)>,
    /// Factor by which the first layer scales pixels, where it does.
    pub(crate) own_scale: Option<f32>,
    /// Names of the model and of those within it.
    pub(crate) scope: String,
}

/// A node's output while the graph is walked.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) node: String,
    /// Shape `[C, H, W]`.
    pub(super) shape: [usize; 3],
}

/// The state of the walk.
#[derive(Debug)]
pub(super) struct Walk {
    pub(super) written: Written,
    names: HashSet<String>,
    /// Whether the file is of Keras 3, which changed some functions.
    pub(super) is_third: bool,
}

/// Reads a configuration; `asked` is the size of the input in place of the file's.
pub(crate) fn read(config: &str, is_third: bool, asked: Option<[usize; 2]>) -> Result<Written, Fault> {
    let model: Value = serde_json::from_str(config)
        .map_err(|error| fault!("keras-config", "its configuration is no JSON: {error}", error).with_source(error))?;
    let size = input_size(&model)?;
    let assumed = asked.or(size).unwrap_or([224, 224]);
    let names = HashSet::from([Graph::INPUT.to_owned()]);
    let mut walk = Walk { written: Written { size, ..Written::default() }, names, is_third };
    let image = Output { node: Graph::INPUT.into(), shape: [3, assumed[0], assumed[1]] };
    let last = walk.model(&model, &[image], 0)?.node;
    let mut written = walk.written;
    let mut needed = HashSet::from([last]);
    for node in written.nodes.iter().rev() {
        if needed.contains(&node.name) {
            needed.extend(node.inputs.iter().cloned());
        }
    }
    written.nodes.retain(|node| needed.contains(&node.name));
    written.batch_norms.retain(|norm| needed.contains(norm.name()));
    Ok(written)
}

/// The list of a model's layers.
pub(super) fn layers_of(model: &Value) -> Result<&Vec<Value>, Fault> {
    let config = model.get("config");
    // The oldest files list them directly.
    let layers = config.and_then(|config| config.get("layers")).or(config).and_then(Value::as_array);
    layers.ok_or(fault!("keras-layers", "it lists no layers"))
}

/// Whether a layer is a model, whose layers are walked too.
pub(super) fn is_model(layer: &Value) -> bool {
    let class = layer.get("class_name").and_then(Value::as_str);
    layers_of(layer).is_ok() && matches!(class, Some("Functional" | "Model" | "Sequential"))
}

/// The shape that a layer says its input has, without the number of images.
fn own_shape(layer: &Value) -> Option<&[Value]> {
    let config = layer.get("config")?;
    let shape =
        ["batch_shape", "batch_input_shape", "build_input_shape"].iter().find_map(|key| config.get(key)?.as_array());
    shape?.get(1..)
}

/// Height and width of the first input that a model or one within it names; an error where it is no colour image.
fn input_size(model: &Value) -> Result<Option<[usize; 2]>, Fault> {
    let first = layers_of(model)?.first();
    let shape = own_shape(model).or_else(|| first.and_then(own_shape));
    let Some(shape) = shape else {
        // The first layer may be a model.
        return match first.filter(|first| layers_of(first).is_ok()) {
            Some(first) => input_size(first),
            None => Ok(None),
        };
    };
    let side = |side: &Value| {
        side.as_u64().and_then(|side| usize::try_from(side).ok()).filter(|side| (1..=4096).contains(side))
    };
    match shape {
        [height, width, channels] if channels.as_u64() == Some(3) => {
            Ok(side(height).zip(side(width)).map(|(h, w)| [h, w]))
        }
        _ => {
            let shape = Value::from(shape.to_vec()).to_string();
            Err(fault!(
                "keras-input",
                "its input has the shape {shape}, not [height, width, 3] of a colour image",
                shape
            ))
        }
    }
}

impl Walk {
    /// Reads a model's layers on its inputs; gives its output.
    fn model(&mut self, model: &Value, inputs: &[Output], depth: usize) -> Result<Output, Fault> {
        if depth > MAX_DEPTH {
            return Err(fault!("keras-depth", "its models lie too deep in each other"));
        }
        let own = model.get("config").and_then(|config| config.get("name")).and_then(Value::as_str).unwrap_or_default();
        self.written.scope = format!("{} {own}", self.written.scope);
        let sequential = model.get("class_name").and_then(Value::as_str) == Some("Sequential");
        let mut outputs: HashMap<String, Output> = HashMap::new();
        let mut last = inputs.first().cloned().ok_or(fault!("keras-no-input", "a model has no input"))?;
        let mut given = inputs.iter();
        for layer in layers_of(model)? {
            let class = layer.get("class_name").and_then(Value::as_str).unwrap_or_default();
            let config = layer.get("config").unwrap_or(&Value::Null);
            let name = config.get("name").or(layer.get("name")).and_then(Value::as_str).unwrap_or(class);
            let about =
                |cause: Fault| fault!("keras-layer", "the layer {name} ({class}) {cause}", cause = cause, name, class);
            let output = if class == "InputLayer" {
                let next = given.next().cloned();
                next.ok_or_else(|| about(fault!("keras-second-input", "is a second input, where one image is taken")))?
            } else {
                let read = if sequential { vec![last.clone()] } else { inbound(layer, &outputs).map_err(about)? };
                if is_model(layer) {
                    self.model(layer, &read, depth + 1)?
                } else {
                    layers::layer(self, class, name, config, &read).map_err(about)?
                }
            };
            last = output.clone();
            outputs.insert(name.to_owned(), output);
        }
        if sequential {
            return Ok(last);
        }
        let end = model.get("config").and_then(|config| config.get("output_layers"));
        let mut ends = vec![];
        end.iter().for_each(|end| histories(end, &mut ends));
        match ends.first() {
            Some(end) => outputs.get(end).cloned().ok_or(fault!("keras-output", "its output is no layer of its own")),
            None => Ok(last),
        }
    }

    /// Adds a node; gives its output. `parameters` are the shapes of the op's tensors, in our layout.
    pub(super) fn push(
        &mut self,
        name: &str,
        op: impl Into<Op>,
        inputs: &[Output],
        parameters: &[Vec<usize>],
    ) -> Result<Output, Fault> {
        if self.written.nodes.len() >= MAX_NODES {
            return Err(fault!(
                "keras-nodes",
                "is the last of {most} layers, more than any classifier has",
                most = MAX_NODES
            ));
        }
        let mut node = name.to_owned();
        while !self.names.insert(node.clone()) {
            node.push('_');
        }
        let op = op.into();
        let shapes: Vec<_> = inputs.iter().map(|input| input.shape).collect();
        let shape = op.output_shape(&shapes, parameters)?;
        if count(&shape)? > MAX_NUMBERS {
            let shape = format_args!("{shape:?}");
            return Err(fault!(
                "keras-too-large",
                "gives an output of the shape {shape}, more than can be computed with",
                shape
            ));
        }
        let inputs = inputs.iter().map(|input| input.node.clone()).collect();
        self.written.nodes.push(Node { name: node.clone(), inputs, op });
        Ok(Output { node, shape })
    }

    /// Adds a batch normalization of the layer of that name.
    pub(super) fn batch_norm(&mut self, name: &str, epsilon: f32, input: &Output) -> Result<Output, Fault> {
        let mut node = name.to_owned();
        while self.names.contains(&node) {
            node.push('_');
        }
        let norm = BatchNorm::new(node.clone(), name.to_owned(), epsilon);
        let channels = input.shape[0];
        let mut op = norm.placeholder();
        op.groups = channels;
        self.written.batch_norms.push(norm);
        self.push(&node, op, std::slice::from_ref(input), &[vec![channels, 1, 1, 1], vec![channels]])
    }
}

/// The outputs that a layer reads.
fn inbound(layer: &Value, outputs: &HashMap<String, Output>) -> Result<Vec<Output>, Fault> {
    let nodes = layer.get("inbound_nodes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let [node] = nodes else {
        return Err(fault!("keras-inbound", "is used {count} times, where once is known", count = nodes.len()));
    };
    let mut names = vec![];
    // Keras 3 has the arguments of a call, Keras 2 a list of histories.
    histories(node.get("args").unwrap_or(node), &mut names);
    let find = |name: &String| {
        outputs
            .get(name)
            .cloned()
            .ok_or_else(|| fault!("keras-reads", "reads {name}, which no layer before it is called", name))
    };
    names.iter().map(find).collect()
}

/// Names of layers in a list of their outputs: `[name, node, tensor, ..]`, in lists or in tensors with a `keras_history`.
fn histories(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Array(parts) => match &parts[..] {
            [Value::String(name), Value::Number(_), ..] => names.push(name.clone()),
            parts => parts.iter().for_each(|part| histories(part, names)),
        },
        Value::Object(_) => {
            let history = value.get("config").and_then(|config| config.get("keras_history"));
            history.iter().for_each(|history| histories(history, names));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
