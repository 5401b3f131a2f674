//! Recipes: what a file of weights does not say about itself, in a small JSON file: `recipes/ID/recipe.json`.

mod layout;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use serde::Deserialize;

use super::Outputs;
use super::answers::{ClassNames, lines};
use super::batch_norm::{self, BatchNorm};
use super::written::{check_heard, check_node, decoded, text};
use super::{fit, outputs};
use crate::{Imported, Options};
use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::model::Domain;
use convscope_core::nn::{Graph, Node};
use convscope_core::preprocess::Preprocessing;
pub use layout::Layout;

/// Recipe for a packed model, made of a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Short name of the model: letters, digits, `_`, `-` and `.`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// One or two sentences for people.
    #[serde(default)]
    pub description: String,
    /// What the model is for, and the images that it was made for, where those are few.
    #[serde(default)]
    pub domain: Option<Domain>,
    /// Licence of the weights.
    pub licence: String,
    /// Origin of the weights.
    pub source: String,
    /// Preprocessing of an image to the input, whose size may differ from the file's.
    pub preprocessing: Preprocessing,
    /// The classes' names.
    #[serde(default)]
    pub labels: Labels,
    /// The layers worth showing; by default all feature maps behind an activation function, a pool or a concat.
    #[serde(default)]
    pub taps: Option<Vec<String>>,
    /// The node that holds the logits; by default what the graph ends in.
    #[serde(default)]
    pub logits: Option<String>,
    /// The node that holds the probabilities; by default what the graph ends in.
    #[serde(default)]
    pub probabilities: Option<String>,
    /// What the network's outputs are; by default what the graph ends in, and a softmax's logits where it ends in several numbers.
    #[serde(default)]
    pub outputs: Option<Outputs>,
    /// The graph, for a file that holds weights only. Parameters are named as the file names them.
    #[serde(default)]
    pub nodes: Option<Vec<Node>>,
    /// The batch normalizations among the nodes, in whose places convolutions stand.
    #[serde(skip)]
    batch_norms: Vec<BatchNorm>,
    /// Name of the built-in architecture whose nodes these are.
    #[serde(skip)]
    architecture: Option<&'static str>,
    /// Layout of the tensors of a file that holds weights only.
    #[serde(default)]
    pub layout: Option<Layout>,
    /// The last node that is kept of the file's graph.
    #[serde(default)]
    pub until: Option<String>,
    /// New names for the file's layers.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// Whether layer names lose the `_<number>` that Keras 3 adds when it traces a model.
    #[serde(default)]
    pub strip_scope_suffix: bool,
}

/// The classes' names.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "labels are a list of names, imagenet, numbers, or the name of a file beside the recipe with one name a line"
)]
pub enum Labels {
    /// A word for known names, else a file, named from the recipe's folder, with one name a line.
    Said(String),
    /// The names themselves.
    Names(Vec<String>),
}

impl Default for Labels {
    fn default() -> Self {
        Self::Names(vec![])
    }
}

impl Recipe {
    /// Reads a recipe; labels in a file of their own are read too.
    ///
    /// # Errors
    /// [`Error::File`], or [`Error::Request`] saying what does not fit.
    pub fn read(path: &Path) -> Result<Self> {
        Self::parse(&text(path)?, path, |name| text(&path.with_file_name(name)))
    }

    /// Reads a recipe from wherever it lies, in the bytes of `path`; `labels` opens the file of that name that the recipe may name.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub fn given(path: &Path, bytes: &[u8], labels: impl Fn(&str) -> Result<Vec<u8>>) -> Result<Self> {
        Self::parse(&decoded(path, bytes)?, path, |name| decoded(Path::new(name), &labels(name)?))
    }

    fn parse(content: &str, path: &Path, labels: impl Fn(&str) -> Result<String>) -> Result<Self> {
        let wrong = |cause: Fault| {
            let path = path.display();
            Error::Request(fault!("recipe-wrong", "the recipe {path}: {cause}; correct it", cause = cause, path))
        };
        let mut value: serde_json::Value = serde_json::from_str(content)
            .map_err(|error| wrong(fault!("recipe-no-json", "no JSON: {error}", error).with_source(error)))?;
        let nodes = value.get_mut("nodes").and_then(serde_json::Value::as_array_mut);
        let batch_norms = nodes.map_or(Ok(vec![]), |nodes| batch_norm::taken_out(nodes)).map_err(&wrong)?;
        let nodes = value.get("nodes").and_then(serde_json::Value::as_array);
        nodes.into_iter().flatten().try_for_each(check_node).map_err(&wrong)?;
        let mut recipe: Self = serde_json::from_value(value.clone()).map_err(|error| wrong(Fault::foreign(error)))?;
        recipe.batch_norms = batch_norms;
        check_heard("preprocessing.", value.get("preprocessing"), &recipe.preprocessing).map_err(&wrong)?;
        recipe.preprocessing.check().map_err(&wrong)?;
        if !is_id(&recipe.id) {
            let id = format_args!("{:?}", recipe.id);
            return Err(wrong(fault!("recipe-id", "the id {id} is not made of letters, digits, _, - and .", id)));
        }
        if recipe.nodes.is_some() != recipe.layout.is_some() {
            return Err(wrong(fault!(
                "recipe-nodes-and-layout",
                "nodes and layout belong together: they are for files that hold weights only"
            )));
        }
        if let Labels::Said(name) = &recipe.labels {
            let names = if let Some(known) = ClassNames::of_word(name) {
                known.all()
            } else if is_near(name) {
                lines(&labels(name)?)
            } else {
                let name = format_args!("{name:?}");
                return Err(wrong(fault!(
                    "recipe-labels-far",
                    "labels name the file {name}, which lies neither beside the recipe nor in a folder beside the recipe's own; copy it there",
                    name
                )));
            };
            recipe.labels = Labels::Names(names);
        }
        Ok(recipe)
    }

    /// Recipe of a file that comes without one: its name, and `preprocessing`. The rest is the file's to say.
    pub(super) fn of_file(path: &Path, preprocessing: Preprocessing) -> Self {
        let stem = path.file_stem().map_or_else(|| "model".into(), |stem| stem.to_string_lossy());
        let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' };
        let id: String = stem.trim_start_matches('.').chars().map(plain).collect();
        let id = if id.is_empty() { "model".into() } else { id };
        Self {
            name: stem.into_owned(),
            description: String::new(),
            domain: None,
            licence: "unknown".into(),
            source: path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            preprocessing,
            labels: Labels::default(),
            taps: None,
            logits: None,
            probabilities: None,
            outputs: None,
            nodes: None,
            batch_norms: vec![],
            architecture: None,
            layout: None,
            until: None,
            rename: BTreeMap::new(),
            strip_scope_suffix: false,
            id,
        }
    }

    /// Takes the graph of a built-in architecture.
    pub(super) fn take(
        &mut self,
        architecture: &'static str,
        nodes: Vec<Node>,
        batch_norms: Vec<BatchNorm>,
        layout: Layout,
    ) {
        (self.architecture, self.layout) = (Some(architecture), Some(layout));
        (self.nodes, self.batch_norms) = (Some(nodes), batch_norms);
    }

    /// Options for reading the file's graph.
    pub fn options(&self, size: Option<[usize; 2]>) -> Options {
        Options {
            size,
            strip_scope_suffix: self.strip_scope_suffix,
            rename: self.rename.clone(),
            until: self.until.clone(),
            has_nodes: self.nodes.is_some(),
        }
    }

    /// The classes' names.
    pub fn labels(&self) -> &[String] {
        match &self.labels {
            Labels::Names(names) => names,
            Labels::Said(_) => &[],
        }
    }

    /// Gives a file that holds weights only its graph, and calls its tensors as the graph does.
    ///
    /// # Errors
    /// A sentence that lacks the file's name.
    pub fn complete(&self, imported: &mut Imported) -> Result<(), Fault> {
        let written = imported.written.take();
        let (nodes, batch_norms, layout) = match (&self.nodes, self.layout, imported.nodes.is_empty()) {
            (None, None, false) => return Ok(()),
            (Some(nodes), Some(layout), true) => (nodes, &self.batch_norms, layout),
            (None, None, true) if let Some(written) = &written => (&written.nodes, &written.batch_norms, Layout::Hwio),
            (_, _, true) => return Err(fit::no_graph(imported)),
            (_, _, false) => {
                return Err(fault!(
                    "recipe-second-graph",
                    "the file brings its own graph; give a recipe without nodes and layout"
                ));
            }
        };
        let wanted = wanted(nodes, batch_norms, layout);
        let notes = fit::match_tensors(&wanted.iter().map(String::as_str).collect(), &mut imported.tensors)?;
        imported.notes.extend(notes);
        layout.turn(nodes, &mut imported.tensors);
        imported.nodes.clone_from(nodes);
        batch_norm::fold(batch_norms, layout, &mut imported.nodes, &mut imported.tensors)?;
        if layout == Layout::Hwio {
            layout::turn_flattened(&self.graph(imported)?, &mut imported.tensors);
        }
        // What a recipe does not say of the end of its own graph, it leaves out.
        if self.nodes.is_none() { outputs::find(self, imported) } else { Ok(()) }
    }

    /// The checked graph.
    ///
    /// # Errors
    /// A sentence that lacks the file's name: which node does not fit.
    pub fn graph(&self, imported: &Imported) -> Result<Graph, Fault> {
        let shape = |name: &str| imported.tensors.get(name).map(|tensor| tensor.shape.clone());
        let advised = |cause| match (self.architecture, &self.nodes) {
            (Some(architecture), _) => fault!(
                "architecture-graph",
                "as {architecture}: {cause}; choose another size of the input, or name another architecture",
                cause = cause,
                architecture
            ),
            (None, Some(_)) => fault!(
                "recipe-graph",
                "{cause}; correct the recipe's nodes or layout, or the width and height of its preprocessing",
                cause = cause
            ),
            (None, None) => fault!(
                "file-graph",
                "{cause}; correct the width and height of the recipe's preprocessing, or export the model again",
                cause = cause
            ),
        };
        Graph::checked(imported.nodes.clone(), self.preprocessing.input_shape(), shape).map_err(advised)
    }
}

/// Names of the tensors that nodes and batch normalizations take of a file.
pub(crate) fn wanted(nodes: &[Node], batch_norms: &[BatchNorm], layout: Layout) -> BTreeSet<String> {
    let is_made = |name: &&str| batch_norms.iter().any(|norm| norm.makes(name));
    let named = nodes.iter().flat_map(|node| node.op.parameters()).filter(|name| !is_made(name)).map(str::to_owned);
    named.chain(batch_norms.iter().flat_map(|norm| norm.tensors(layout))).collect()
}

/// Whether a file lies beside a recipe, or in a folder beside its own: a stranger's recipe takes in no file of the rest of the machine.
fn is_near(name: &str) -> bool {
    let mut parts = Path::new(name).components().peekable();
    parts.next_if_eq(&Component::ParentDir);
    parts.all(|part| matches!(part, Component::Normal(_)))
}

/// Whether a text can be a model's id, which is also a folder's name.
pub(super) fn is_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    !text.is_empty() && !text.starts_with('.') && text.chars().all(plain)
}

#[cfg(test)]
mod tests;
