//! Outputs of a network as a recipe has them, made true of its graph.

use serde::Deserialize;

use super::Recipe;
use crate::Imported;
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::model::Manifest;
use convscope_core::named;
use convscope_core::nn::{Node, Op, Sigmoid, Softmax};

/// Kind of a network's outputs, whatever its file ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outputs {
    /// Logits of classes that exclude each other.
    Softmax,
    /// Logits of classes that are a question each: several labels at once, or one.
    Sigmoid,
    /// Numbers that are no logits, such as those of a regression.
    Raw,
}

named!(Outputs {
    Softmax = "softmax", "Logits of classes that exclude each other";
    Sigmoid = "sigmoid", "Logits of classes that are a question each: several at once, or one";
    Raw = "raw", "Numbers that are no logits, such as those of a regression";
});

/// Gives a manifest's logits the probabilities that they are said to have, or none; `assumed` says that no recipe names their node.
///
/// # Errors
/// A sentence that lacks the file's name: there are no outputs, or the recipe says two things.
pub(super) fn take(manifest: &mut Manifest, kind: Outputs, assumed: bool) -> Result<(), Fault> {
    let Some(logits) = manifest.logits.clone() else {
        return Err(fault!(
            "recipe-outputs-of-none",
            "the recipe says what the outputs are, and the graph ends in none; name the layer that holds them as logits"
        ));
    };
    if !assumed && kind == Outputs::Raw {
        return Err(fault!(
            "recipe-raw-probabilities",
            "the recipe names probabilities, which raw outputs do not have; leave out one or the other"
        ));
    }
    if !assumed {
        return Ok(());
    }
    let op: Option<Op> = match kind {
        Outputs::Softmax => Some(Softmax {}.into()),
        Outputs::Sigmoid => Some(Sigmoid {}.into()),
        Outputs::Raw => None,
    };
    let ends_so = |name: &String| manifest.nodes.iter().any(|node| node.name == *name && Some(&node.op) == op.as_ref());
    if manifest.probabilities.as_ref().is_some_and(ends_so) {
        return Ok(());
    }
    if let Some(old) = manifest.probabilities.take() {
        manifest.nodes.retain(|node| node.name != old);
    }
    if let Some(op) = op {
        let mut name = format!("{logits}/probabilities");
        while manifest.nodes.iter().any(|node| node.name == name) {
            name.push('_');
        }
        manifest.nodes.push(Node { name: name.clone(), inputs: vec![logits], op });
        manifest.probabilities = Some(name);
    }
    Ok(())
}

/// Finds the logits and probabilities of a file's graph.
pub(super) fn find(recipe: &Recipe, imported: &mut Imported) -> Result<(), Fault> {
    let graph = recipe.graph(imported)?;
    let last = graph.nodes().len().checked_sub(1).map(|last| graph.shape(last));
    if let Some([outputs, 1, 1]) = last {
        crate::onnx::classifier(imported, outputs);
    }
    Ok(())
}
