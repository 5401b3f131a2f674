//! Packed model of a taught head and the network whose features it takes.

use std::collections::{BTreeMap, BTreeSet};

use super::head::Head;
use crate::error::{Error, Result};
use crate::fault;
use crate::import_message::OWN_MODEL;
use crate::model::{Base, Codec, Domain, FORMAT, Manifest, TensorEntry, encode};
use crate::nn::{Dense, GlobalAveragePool, Graph, Node, NodeId, Op, Role, Softmax};

/// Names of the nodes and of the tensors that a head adds.
const POOL: &str = "taught/pool";
const LOGITS: &str = "taught/logits";
const PROBABILITIES: &str = "taught/probabilities";
const WEIGHTS: &str = "taught/weights";
const BIASES: &str = "taught/biases";

/// What is taught: names, and the head that came of it.
#[derive(Clone, Debug)]
pub struct Lesson<'a> {
    /// The new model's id.
    pub id: &'a str,
    /// SHA-256 of the base's `model.json`.
    pub base: &'a str,
    /// Layer whose features the head takes, a node of the base's graph.
    pub layer: NodeId,
    /// Names of the classes.
    pub classes: &'a [String],
    /// Images that it was taught with.
    pub images: usize,
    /// The head.
    pub head: &'a Head,
}

/// The layer whose features a head takes unless another is named: the last before the last layer with weights of a classifier, and the
/// last of a network without classifier.
///
/// # Errors
/// [`Error::Request`] where there is none.
pub fn layer(manifest: &Manifest, graph: &Graph) -> Result<NodeId> {
    let logits = manifest.logits.as_deref().and_then(|name| graph.id(name));
    let is_last = |&id: &NodeId| {
        graph.nodes()[id].op.role() == Role::Linear && logits.is_some_and(|logits| graph.leads_to(id, logits))
    };
    let last = (0..graph.nodes().len()).rev().find(is_last);
    let mut taps = manifest.taps.iter().rev().filter_map(|name| graph.id(name));
    let found = taps.find(|&tap| last.is_none_or(|last| tap != last && graph.leads_to(tap, last)));
    found.ok_or_else(|| {
        Error::Request(fault!(
            "teach-no-layer",
            "{model} has no layer with feature maps before its classes, so nothing can be taught; choose another model",
            model = manifest.id
        ))
    })
}

/// The packed model but for its shards, and the stream of bytes that these hold. `stream` is that of the base, of whose network what leads
/// to the layer is kept, number by number.
///
/// # Errors
/// [`Error::Weights`] where the base does not fit together.
pub fn model(base: &Manifest, stream: &[u8], lesson: &Lesson<'_>) -> Result<(Manifest, Vec<u8>)> {
    let Lesson { id, base: hash, layer, classes, images, head } = *lesson;
    let graph = base.graph()?;
    let name = graph.nodes()[layer].name.as_str();
    let (part, kept) = graph.at_size(layer, [base.preprocessing.height as usize, base.preprocessing.width as usize])?;
    let [channels, _, _] = part.shape(kept.len() - 1);
    let names: BTreeSet<&str> = part.nodes().iter().map(|node| node.name.as_str()).collect();
    let used: BTreeSet<&str> = part.nodes().iter().flat_map(|node| node.op.parameters()).collect();

    let mut bytes = vec![];
    let mut tensors = BTreeMap::new();
    for (name, entry) in base.tensors.iter().filter(|(name, _)| used.contains(name.as_str())) {
        // The manifest's check has seen to it that the tensor lies in the stream.
        let own = &stream[entry.offset as usize..][..entry.bytes as usize];
        tensors.insert(name.clone(), TensorEntry { offset: bytes.len() as u64, ..entry.clone() });
        bytes.extend_from_slice(own);
    }
    let count = classes.len();
    for (name, shape, axis, values) in
        [(WEIGHTS, vec![channels, count], 1, &head.weights), (BIASES, vec![count], 0, &head.biases)]
    {
        let own = encode(Codec::F32, values, &shape, axis).map_err(Error::model)?;
        let entry = TensorEntry { codec: Codec::F32, shape, axis, offset: bytes.len() as u64, bytes: own.len() as u64 };
        tensors.insert(name.to_owned(), entry);
        bytes.extend_from_slice(&own);
    }
    let node = |name: &str, input: &str, op: Op| Node { name: name.into(), inputs: vec![input.into()], op };
    let dense = Dense { weight: WEIGHTS.into(), bias: Some(BIASES.into()) };
    let mut nodes = part.nodes().to_vec();
    nodes.extend([
        node(POOL, name, Op::GlobalAveragePool(GlobalAveragePool {})),
        node(LOGITS, POOL, Op::Dense(dense)),
        node(PROBABILITIES, LOGITS, Op::Softmax(Softmax {})),
    ]);
    let list = classes.join(", ");
    let manifest = Manifest {
        format: FORMAT,
        id: id.into(),
        name: format!("{}, taught on {}", id.strip_prefix(OWN_MODEL).unwrap_or(id), base.name),
        description: format!(
            "Tells {list} apart by the features of {name} of {}, as {images} images have taught it.",
            base.name
        ),
        domain: Some(Domain {
            purpose: format!("It was taught with {images} images, and little is known of what else it says."),
            images: format!("images of {list}"),
            grey: false,
        }),
        base: Some(Base { id: base.id.clone(), sha256: hash.into(), layer: name.into() }),
        nodes,
        logits: Some(LOGITS.into()),
        probabilities: Some(PROBABILITIES.into()),
        taps: base.taps.iter().filter(|tap| names.contains(tap.as_str())).cloned().collect(),
        labels: classes.to_vec(),
        tensors,
        shards: vec![],
        ..base.clone()
    };
    Ok((manifest, bytes))
}
