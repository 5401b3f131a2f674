//! ONNX files (<https://onnx.ai/onnx/>): graphs of convolutional networks as TensorFlow, Keras and PyTorch export them.
//!
//! The graph is walked once ([`builder`]); the nodes that only turn `[N, H, W, C]` into `[N, C, H, W]`, flatten, or find out the
//! number of images leave nothing behind but a [`view::View`] of the maps they hand on. Then affine maps are folded
//! ([`fold`]), layers named ([`names`]), and what the output needs becomes the network.

mod activation;
mod arithmetic;
mod attributes;
mod builder;
mod call;
mod constant;
mod draft;
mod external;
mod fold;
mod folding;
mod functions;
mod image;
mod layer_norm;
mod layout;
mod linear;
mod names;
mod normalize;
mod ops;
mod product;
pub(crate) mod proto;
mod quantized;
mod resize;
mod scan;
mod shapes;
mod slices;
#[cfg(test)]
mod tests;
mod values;
mod view;
mod windows;

use std::collections::HashSet;

use prost::Message;

use self::builder::Builder;
use self::draft::{Dense, Draft, Kind};
use self::external::External;
use self::functions::Functions;
use self::proto::{GraphProto, ModelProto, NodeProto};
use super::{FloatTensor, Imported, Memory, Options, Place, unsupported};
use crate::wording::few;
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{Node, Prelu, Role, Softmax};

/// The operator sets whose rules are known here; newer ones are read and noted.
const OPSETS: std::ops::RangeInclusive<i64> = 7..=24;

/// Nodes of a graph, more than any convolutional classifier has.
const MAX_NODES: usize = 5000;

/// Whether an ONNX file can begin with that byte: the key of a field of the whole file's message.
pub(super) fn may_be(first: u8) -> bool {
    matches!(first >> 3, 1..=8 | 14) && matches!(first & 7, 0 | 2)
}

/// Reads a file's bytes. `place` is the file's, beside which its data may lie in other files.
pub(super) fn read(bytes: Vec<u8>, place: Place<'_>, options: &Options) -> Result<Imported, Fault> {
    let length = bytes.len() as u64;
    let too_much = |cause| fault!("onnx-memory", "it {cause}", cause = cause);
    scan::charge(&bytes, &Memory::of(length)).map_err(too_much)?;
    let model = ModelProto::decode(prost::bytes::Bytes::from(bytes)).ok().filter(|model| model.ir_version.is_some());
    let model = model.ok_or(fault!(
        "weights-unknown",
        "it is none of the kinds that convscope packs (ONNX, safetensors, Keras's HDF5, PyTorch's state dict), or it is damaged; \
         choose another file, or export the model as ONNX"
    ))?;
    let own = Options { size: None, ..options.clone() };
    match (network(&model, length, place, options), options.size) {
        // A layer that cannot be had says little where it can be at the file's own size.
        (Err(reason), Some(asked)) => match network(&model, length, place, &own).map(|imported| imported.input.size) {
            Ok(Some([height, width])) if [height, width] != asked => Err(fault!(
                "onnx-size",
                "the file is made for images of {width} x {height} pixels and cannot take the recipe's {asked_width} x {asked_height}; \
                 set the recipe's width to {width} and its height to {height}, or export the model for that size",
                width,
                height,
                asked_width = asked[1],
                asked_height = asked[0]
            )),
            _ => Err(reason),
        },
        (read, _) => read,
    }
}

/// The fault of a network that is no convolutional one.
const ATTENTION: Fault = fault!(
    "onnx-attention",
    "the network is a transformer, or has attention in it: convscope explains convolutional networks; choose one of these"
);

/// Whether a graph has attention: a softmax, and products of two matrices that both depend on the image.
fn has_attention(graph: &GraphProto) -> bool {
    let computed: HashSet<&str> = graph
        .node
        .iter()
        .filter(|node| !matches!(node.op_type.as_deref(), Some("Constant" | "DequantizeLinear")))
        .flat_map(|node| node.output.iter().map(String::as_str))
        .collect();
    let kind = |node: &NodeProto| node.op_type.clone().unwrap_or_default();
    let both =
        |node: &&NodeProto| node.input.len() == 2 && node.input.iter().all(|input| computed.contains(input.as_str()));
    graph.node.iter().any(|node| kind(node) == "Softmax")
        && graph.node.iter().filter(both).any(|node| kind(node) == "MatMul")
        || graph.node.iter().any(|node| matches!(&kind(node)[..], "Attention" | "MultiHeadAttention"))
}

/// Reads a decoded file of that many bytes.
fn network(model: &ModelProto, bytes: u64, place: Place<'_>, options: &Options) -> Result<Imported, Fault> {
    let graph = model.graph.as_ref();
    let graph = graph.ok_or(fault!("onnx-no-graph", "the ONNX file has no graph: it is incomplete; get it again"))?;
    let core = |domain: &Option<String>| matches!(domain.as_deref(), None | Some("" | "ai.onnx"));
    let opset = model.opset_import.iter().find(|set| core(&set.domain)).and_then(|set| set.version).unwrap_or(1);
    let external = External::new(place);
    external.check(graph.initializer.iter())?;
    let functions = Functions::new(&model.functions, MAX_NODES);
    let memory = Memory::of(bytes.saturating_add(external.bytes(graph.initializer.iter())));
    let (mut builder, mut input) = Builder::new(graph, functions, &external, opset, options.size, memory)?;
    if !OPSETS.contains(&opset) {
        builder.notes.push(fault!(
            "note-opset",
            "the file is of ONNX operator set {opset}; {first} to {last} are known",
            opset,
            first = OPSETS.start(),
            last = OPSETS.end()
        ));
    }
    if graph.node.len() > MAX_NODES {
        return Err(fault!(
            "onnx-too-many-nodes",
            "the graph has {count} nodes, more than the {most} of any classifier; choose another file",
            count = graph.node.len(),
            most = MAX_NODES
        ));
    }
    let joined = layer_norm::joined(graph);
    graph.node.iter().enumerate().for_each(|(place, node)| builder.node(joined.get(&place).unwrap_or(node)));

    let wanted = builder.output(graph);
    let output = match (&wanted, &options.until) {
        (Ok(output), _) => *output,
        (Err(_), None) if has_attention(graph) => return Err(ATTENTION),
        (Err(reason), None) => return Err(reason.clone()),
        (Err(_), Some(_)) => None,
    };
    let Builder { mut drafts, mut notes, .. } = builder;
    input.own_scale = fold::own_scale(&drafts);
    input.scope = drafts.iter().map(|draft| &draft.raw).find(|raw| raw.matches('/').count() > 1).cloned();
    if graph.output.len() > 1 && options.until.is_none() {
        let count = graph.output.len();
        notes.push(fault!("note-outputs", "the graph has {count} outputs: took the first", count));
    }
    fold::fold(&mut drafts, output);
    let names = names::names(&drafts, options, &mut notes);
    let last = match &options.until {
        Some(until) => {
            let missing = || no_node(until, shown(&drafts, &names), wanted.err());
            Some(last_of(&drafts, &names, until).ok_or_else(missing)?)
        }
        None => output.and_then(|output| fold::resolve(&drafts, output)),
    };
    let last = last.ok_or(fault!("onnx-nothing", "the graph does nothing with the image; choose another file"))?;
    let [outputs, height, width] = drafts[last].shape;
    let needed = needed(&drafts, last);
    if let Some(alone) = needed.iter().map(|&id| &drafts[id]).find(|draft| matches!(draft.kind, Kind::Erf)) {
        let raw = &alone.raw;
        return Err(unsupported(fault!("onnx-erf", "the node {raw} (Erf) is no part of a GELU", raw)));
    }
    let mut imported = emit(drafts, &names, &needed);
    imported.input = input;
    imported.notes = notes;
    if options.until.is_none() && [height, width] == [1, 1] {
        classifier(&mut imported, outputs);
    }
    Ok(imported)
}

fn alive<'a>(drafts: &'a [Draft]) -> impl DoubleEndedIterator<Item = usize> + 'a {
    (0..drafts.len()).filter(|&id| !matches!(drafts[id].kind, Kind::Alias))
}

fn last_of(drafts: &[Draft], names: &[String], until: &str) -> Option<usize> {
    alive(drafts).find(|&id| names[id] == until)
}

fn shown(drafts: &[Draft], names: &[String]) -> String {
    few(alive(drafts).map(|id| names[id].as_str()), usize::MAX)
}

/// Fault that the graph has no node to end with, and what else keeps it from its output.
fn no_node(until: &str, known: String, reason: Option<Fault>) -> Fault {
    match reason {
        Some(reason) => fault!(
            "onnx-no-node-and",
            "it has no node {until} to end with (and {cause}); its nodes are {known}",
            cause = reason,
            until,
            known
        ),
        None => fault!("onnx-no-node", "it has no node {until} to end with; its nodes are {known}", until, known),
    }
}

/// The drafts that give `last`.
fn needed(drafts: &[Draft], last: usize) -> HashSet<usize> {
    let mut needed = HashSet::from([last]);
    for id in (0..=last).rev() {
        if needed.contains(&id) {
            needed.extend(drafts[id].inputs.iter().flatten());
        }
    }
    needed
}

/// The network of the drafts that are needed.
fn emit(drafts: Vec<Draft>, names: &[String], needed: &HashSet<usize>) -> Imported {
    let mut imported = Imported::default();
    for (id, draft) in drafts.into_iter().enumerate().filter(|(id, _)| needed.contains(id)) {
        let name = names[id].clone();
        let inputs = draft
            .inputs
            .iter()
            .map(|input| input.map_or(convscope_core::nn::Graph::INPUT, |input| &names[input]).to_owned());
        let inputs = inputs.collect();
        let layer = name.strip_suffix("/linear").unwrap_or(&name);
        let (weight_name, bias_name) = (format!("{layer}/weight"), format!("{layer}/bias"));
        let mut parameters = |weight: Vec<f32>, shape: Vec<usize>, bias: Vec<f32>| {
            imported.tensors.insert(weight_name.clone(), FloatTensor { shape, values: weight }.into());
            let bias = Some(bias).filter(|bias| bias.iter().any(|&value| value != 0.0));
            bias.map(|bias| {
                imported
                    .tensors
                    .insert(bias_name.clone(), FloatTensor { shape: vec![bias.len()], values: bias }.into());
                bias_name.clone()
            })
        };
        let op = match draft.kind {
            Kind::Conv(mut conv) => {
                let (weight, bias) = (std::mem::take(&mut conv.weight), std::mem::take(&mut conv.bias));
                let bias = parameters(weight, conv.weight_shape.to_vec(), bias);
                conv.op(weight_name.clone(), bias)
            }
            Kind::Dense(Dense { weight, weight_shape, bias }) => {
                let bias = parameters(weight, weight_shape.to_vec(), bias);
                Dense::op(weight_name.clone(), bias)
            }
            Kind::Plain(op) => op,
            Kind::Prelu(slopes) => {
                let slope_name = format!("{layer}/slopes");
                let shape = vec![slopes.len()];
                imported.tensors.insert(slope_name.clone(), FloatTensor { shape, values: slopes }.into());
                Prelu { slopes: slope_name }.into()
            }
            Kind::Affine(_) | Kind::Alias | Kind::Erf => continue,
        };
        imported.nodes.push(Node { name, inputs, op });
    }
    imported
}

/// Finds the logits and probabilities at the end of a graph that ends in a vector of `outputs` numbers; a network that ends in several
/// logits gets a softmax.
pub(crate) fn classifier(imported: &mut Imported, outputs: usize) {
    let Some(last) = imported.nodes.last() else { return };
    let name = last.name.clone();
    match last.op.role() {
        Role::Probability => {
            imported.logits = last.inputs.first().cloned();
            imported.probabilities = Some(name);
        }
        Role::Linear | Role::GlobalPool | Role::Shape if outputs == 1 => {
            imported.logits = Some(name);
        }
        Role::Linear | Role::GlobalPool | Role::Shape => {
            let softmax = format!("{name}/softmax");
            imported.nodes.push(Node { name: softmax.clone(), inputs: vec![name.clone()], op: Softmax {}.into() });
            imported
                .notes
                .push(fault!(
                    "note-softmax",
                    "the graph ends in {name} without a softmax: took it for logits of classes that exclude each other and added {softmax}; give a recipe with \"outputs\": \"sigmoid\" or \"raw\" if they are not",
                    name,
                    softmax
                ));
            imported.logits = Some(name);
            imported.probabilities = Some(softmax);
        }
        Role::Activation | Role::Pool | Role::Join | Role::Gate | Role::Normalization => {}
    }
}
