//! Graphs of files that hold weights only: those of built-in architectures, asked for by name or told by the tensors' names and shapes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Layout, Recipe, fit};
use crate::architecture::{Architecture, Drawn, architectures};
use crate::{FloatTensor, Imported};
use convscope_core::error::Fault;
use convscope_core::fault;

/// Layout of all that is known here, as PyTorch has it.
const LAYOUT: Layout = Layout::Oihw;

/// Gives a file without a graph that of the architecture that was asked for, or the one whose tensors it has, if that is a known one.
///
/// # Errors
/// A sentence that lacks the file's name: there is no such architecture, or its tensors are not the file's.
pub(super) fn give(
    recipe: &mut Recipe,
    file: &mut Imported,
    asked: Option<&str>,
) -> Result<Option<&'static Architecture>, Fault> {
    let has_graph = !file.nodes.is_empty() || file.written.is_some();
    let found = match asked {
        Some(_) if has_graph => {
            return Err(fault!(
                "architecture-second-graph",
                "the file brings its own graph; leave out the architecture"
            ));
        }
        Some(id) => {
            let architecture = Architecture::named(id)?;
            let drawn = drawn(architecture, &file.tensors);
            check(architecture, &drawn, &file.tensors)?;
            Some((architecture, drawn))
        }
        None if has_graph => None,
        None => recognised(&file.tensors),
    };
    let Some((architecture, drawn)) = found else { return Ok(None) };
    recipe.name = architecture.title.into();
    recipe.description = format!("{} ({}).", architecture.title, architecture.paper);
    let last = drawn.nodes.last();
    file.logits = last.and_then(|last| last.inputs.first().cloned());
    file.probabilities = last.map(|last| last.name.clone());
    recipe.take(architecture.id, drawn.nodes, drawn.batch_norms, LAYOUT);
    Ok(Some(architecture))
}

/// The graph with as many classes as the file's last layer has.
fn drawn(architecture: &Architecture, tensors: &BTreeMap<String, FloatTensor>) -> Drawn {
    let head = format!("{}.bias", architecture.drawn(1).head);
    let biases = tensors.iter().find(|(name, _)| name.ends_with(&head));
    architecture.drawn(biases.and_then(|(_, bias)| bias.shape.first().copied()).unwrap_or(1))
}

/// The known architecture with the most tensors, all of which are the file's in name and shape.
fn recognised(tensors: &BTreeMap<String, FloatTensor>) -> Option<(&'static Architecture, Drawn)> {
    let drawn = architectures().map(|architecture| (architecture, drawn(architecture, tensors)));
    let fitting = drawn.filter(|(architecture, drawn)| check(architecture, drawn, tensors).is_ok());
    fitting.max_by_key(|(_, drawn)| drawn.shapes.len())
}

/// Checks that a file has all tensors of an architecture, in their shapes.
fn check(architecture: &Architecture, drawn: &Drawn, tensors: &BTreeMap<String, FloatTensor>) -> Result<(), Fault> {
    let names: BTreeSet<&str> = drawn.shapes.keys().map(String::as_str).collect();
    let id = architecture.id;
    let found = fit::found(&names, tensors).map_err(|_| {
        let (missing, listed) = fit::absent(&names, tensors);
        fault!(
            "architecture-tensors",
            "{architecture} wants {missing} of its {wanted} tensors under names that the file does not have: {names}; the file has {known}; \
             name another architecture, or give a recipe with nodes and layout",
            architecture = id,
            missing,
            wanted = names.len(),
            names = listed,
            known = fit::listed(tensors)
        )
    })?;
    for (name, theirs) in found {
        let Some((expected, actual)) = drawn.shapes.get(&name).zip(tensors.get(&theirs).map(|tensor| &tensor.shape))
        else {
            continue;
        };
        if expected != actual {
            return Err(fault!(
                "architecture-shape",
                "its tensor {name} has the shape {actual}, and that of {architecture} {expected}; name another architecture, or give a \
                 recipe with nodes and layout",
                name = theirs,
                actual = format_args!("{actual:?}"),
                architecture = id,
                expected = format_args!("{expected:?}")
            ));
        }
    }
    Ok(())
}
