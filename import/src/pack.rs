//! Makes a packed model ([`convscope_core::model`]) of a file of weights and a recipe, or of another packed model.

mod answers;
mod architecture;
mod batch_norm;
mod draft;
mod fit;
mod guess;
mod loss;
mod outputs;
mod packed;
mod recipe;
mod shards;
mod taps;
mod written;

use std::collections::BTreeMap;
use std::path::Path;

use self::shards::Output;
use self::taps::taps;
use crate::{Imported, Options, in_file};
pub use answers::{Answers, ClassNames};
pub use architecture::asks_architecture;
pub(crate) use batch_norm::BatchNorm;
use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::model::{FORMAT, Manifest, Packing, Shard, Stream};
use convscope_core::nn::Graph;
pub use draft::Draft;
pub use loss::Loss;
pub use outputs::Outputs;
#[cfg(test)]
pub(crate) use recipe::wanted;
pub use recipe::{Labels, Layout, Recipe};

/// Summary of what was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// The model's id.
    pub id: String,
    /// Number of parameter tensors.
    pub tensors: usize,
    /// Number of shards.
    pub shards: usize,
    /// Bytes of all shards' files.
    pub bytes: u64,
    /// Losses of each codec in use.
    pub losses: Vec<Loss>,
    /// Notes for the reader: assumptions made, things left out. Sentences without full stop.
    pub notes: Vec<Fault>,
}

/// Packs `source`, a file of weights or the folder of a packed model, into the folder `out`.
///
/// Weights are stored as `packing` has it, biases as float32. `out` is new, empty, or a packed model, which is replaced only when the new one
/// is complete.
///
/// # Errors
/// [`Error::Weights`] where source and recipe do not make a model, [`Error::Request`] where the recipe or `out` is not fit,
/// [`Error::File`] where something cannot be read or written. Nothing is left behind in `out` or beside it.
pub fn run(source: &Path, recipe: Option<&Path>, out: &Path, packing: Packing) -> Result<Summary> {
    let draft = match recipe {
        _ if source.is_dir() => packed::read(source, recipe)?,
        Some(path) => {
            let recipe = Recipe::read(path)?;
            by_recipe(source, &recipe, |options| crate::read(source, options))?
        }
        None => Draft::guessed(source, &Answers::default())?,
    };
    write(draft, out, packing)
}

/// Packs a file with a graph as [`run`] does without a recipe: what the file does not say is `answers`, or else guessed, and the
/// summary's notes tell.
///
/// # Errors
/// Those of [`run`]; [`Error::Request`] where the answers are not fit.
pub fn run_with(source: &Path, answers: &Answers, out: &Path, packing: Packing) -> Result<Summary> {
    if source.is_dir() {
        return Err(Error::Request(fault!(
            "answers-unneeded",
            "{source} is a folder, so it must be a packed model, which says all itself; leave out all options but the codec",
            source = source.display()
        )));
    }
    write(Draft::guessed(source, answers)?, out, packing)
}

/// Writes a model whose numbers are packed already: `stream` holds them as the tensors' entries have it. Gives the shards.
///
/// # Errors
/// Those of [`run`] about `out`.
pub fn save(out: &Path, manifest: Manifest, stream: &[u8]) -> Result<Vec<Shard>> {
    let mut packed = Stream::new(Output::new(out)?);
    packed.push(stream, 1, 1)?;
    let (output, shards) = packed.finish(manifest)?;
    output.finish()?;
    Ok(shards)
}

/// A file with the recipe that somebody wrote for it.
fn by_recipe(source: &Path, recipe: &Recipe, read: impl FnOnce(&Options) -> Result<Imported>) -> Result<Draft> {
    let wrong = |cause: Fault| in_file(source, cause.map(crate::printable));
    let size = [recipe.preprocessing.height as usize, recipe.preprocessing.width as usize];
    let mut file = read(&recipe.options(Some(size)))?;
    recipe.complete(&mut file).map_err(&wrong)?;
    if file.input.whole_pixels && !recipe.preprocessing.keeps_pixels() {
        return Err(wrong(fault!(
            "recipe-whole-pixels",
            "the file's input takes whole numbers, that is pixels from 0 to 255 as they are; set the recipe's scale to 1, its mean to 0 \
             and its std to 1"
        )));
    }
    finished(source, recipe, file, vec![])
}

/// Model that a file makes with a recipe, and the notes behind those given.
fn finished(source: &Path, recipe: &Recipe, mut file: Imported, mut notes: Vec<Fault>) -> Result<Draft> {
    notes.extend(file.notes.drain(..).map(|note| note.map(crate::printable)));
    let manifest = manifest(recipe, &file, &mut notes).map_err(|cause| in_file(source, cause.map(crate::printable)))?;
    Ok(Draft { file: source.into(), manifest, tensors: file.tensors, notes })
}

/// The manifest of a model, but for tensors and shards.
fn manifest(recipe: &Recipe, file: &Imported, notes: &mut Vec<Fault>) -> Result<Manifest, Fault> {
    let graph = recipe.graph(file)?;
    let used = file.nodes.iter().flat_map(|node| node.op.parameters());
    for name in used {
        if let Some(shape) = file.tensors.get(name).map(|tensor| &tensor.shape).filter(|shape| shape.contains(&0)) {
            let shape = format_args!("{shape:?}");
            return Err(fault!(
                "tensor-of-nothing",
                "the tensor {name} has the empty shape {shape}; get the file again",
                name,
                shape
            ));
        }
    }
    let mut manifest = Manifest {
        format: FORMAT,
        id: recipe.id.clone(),
        name: recipe.name.clone(),
        description: recipe.description.clone(),
        domain: recipe.domain.clone(),
        base: None,
        licence: recipe.licence.clone(),
        source: recipe.source.clone(),
        preprocessing: recipe.preprocessing.clone(),
        nodes: file.nodes.clone(),
        logits: recipe.logits.clone().or_else(|| file.logits.clone()),
        probabilities: recipe.probabilities.clone().or_else(|| file.probabilities.clone()),
        taps: recipe.taps.clone().unwrap_or_else(|| taps(&graph)),
        labels: recipe.labels().to_vec(),
        packing: None,
        tensors: BTreeMap::new(),
        shards: vec![],
    };
    if let Some(kind) = recipe.outputs {
        outputs::take(&mut manifest, kind, recipe.probabilities.is_none())?;
    }
    let raw = recipe.outputs == Some(Outputs::Raw);
    let outputs = manifest.logits.as_deref().and_then(|name| graph.id(name)).map(|id| graph.shape(id)[0]);
    let two = !raw && manifest.two_classes(&graph);
    let outputs = if two { Some(2) } else { outputs };
    if manifest.labels.is_empty()
        && let Some(outputs) = outputs
    {
        let kind = if manifest.probabilities.is_some() { "class_" } else { "output " };
        manifest.labels = (0..outputs).map(|index| format!("{kind}{index}")).collect();
        notes.push(fault!(
            "note-no-labels",
            "no labels: called the {outputs} classes {kind}0, {kind}1 and so on",
            outputs,
            kind
        ));
    }
    if let (true, [no, yes]) = (two, &manifest.labels[..]) {
        notes.push(fault!(
            "note-one-logit",
            "the network has one logit: {yes} has its sigmoid as probability, and {no} the rest; if it is no \
             logit, as in a regression, give a recipe with \"outputs\": \"raw\"",
            yes,
            no
        ));
    }
    let shape = |name: &str| file.tensors.get(name).map(|tensor| tensor.shape.clone());
    let graph = Graph::new(manifest.nodes.clone(), recipe.preprocessing.input_shape(), shape)
        .map_err(|error| Fault::from(&error))?;
    fit::check_names(&manifest, &graph, raw)?;
    Ok(manifest)
}

/// Writes a model into a folder.
fn write(draft: Draft, out: &Path, packing: Packing) -> Result<Summary> {
    let output = Output::new(out)?;
    let (output, summary) = draft.pack(packing, output)?;
    output.finish()?;
    Ok(summary)
}
