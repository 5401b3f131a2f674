//! Graphs of files that hold weights only: those of built-in architectures, asked for by name or told by the tensors' names and shapes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Recipe, fit};
use crate::architecture::{Architecture, Drawn, architectures};
use crate::{Imported, Tensor, is_counter};
use convscope_core::error::Fault;
use convscope_core::fault;

type Tensors = BTreeMap<String, Tensor>;

/// A network and its graph, with as many classes as the file has.
type Found = (&'static Architecture, Drawn);

/// Gives a file without a graph that of the architecture that was asked for, or the one whose tensors it has, if that is a known one.
///
/// # Errors
/// A sentence that lacks the file's name: there is no such architecture, its tensors are not the file's, or the file has more than them.
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
        Some(id) => Some(named(Architecture::named(id)?, file)?),
        None if has_graph => None,
        None => recognised(&file.tensors)?,
    };
    let Some((architecture, drawn)) = found else { return Ok(None) };
    recipe.name = architecture.title.into();
    recipe.description = format!("{} ({}).", architecture.title, architecture.paper);
    let last = drawn.nodes.last();
    file.logits = last.and_then(|last| last.inputs.first().cloned());
    file.probabilities = last.map(|last| last.name.clone());
    recipe.take(architecture.id, drawn.nodes, drawn.batch_norms, architecture.layout());
    Ok(Some(architecture))
}

/// Faults of files whose weights are of nobody knows which network.
const UNKNOWN: [&str; 5] =
    ["weights-only", "architecture-part", "architecture-spare", "architecture-tensors", "architecture-shape"];

/// Whether a file is refused because nobody knows which network its weights are of, which a person may.
pub fn asks_architecture(fault: &Fault) -> bool {
    UNKNOWN.contains(&fault.code()) || fault.parts().any(|(_, part)| asks_architecture(part))
}

/// The architecture that was asked for. What else the file has is said, since a larger network has all tensors of a smaller one.
fn named(architecture: &'static Architecture, file: &mut Imported) -> Result<Found, Fault> {
    let Fitted { drawn, spare } = fitted(architecture, &file.tensors).map_err(|misfit| misfit.fault(&file.tensors))?;
    if !spare.is_empty() {
        if let Ok(Some((whole, _))) = recognised(&file.tensors) {
            return Err(fault!(
                "architecture-part",
                "{architecture} would leave out {spare} of its tensors, {names}: they are those of {whole}; name that",
                architecture = architecture.id,
                spare = spare.len(),
                names = fit::few_of(&spare),
                whole = whole.id
            ));
        }
        file.notes.push(fault!(
            "note-more-tensors",
            "CAUTION: the file has {count} tensors more than {architecture}: {names}; if they belong to the network, it is another one and its answers are wrong",
            count = spare.len(),
            architecture = architecture.id,
            names = fit::few_of(&spare)
        ));
    }
    Ok((architecture, drawn))
}

/// The known architecture whose tensors are the file's in name and shape, and all that lie there.
///
/// # Errors
/// A sentence that lacks the file's name: the file has more tensors than the architecture that fits, so it is likely another one.
fn recognised(tensors: &Tensors) -> Result<Option<Found>, Fault> {
    let fitting = architectures().filter_map(|known| Some((known, fitted(known, tensors).ok()?)));
    let Some((architecture, Fitted { drawn, spare })) = fitting.max_by_key(|(_, fitted)| fitted.drawn.shapes.len())
    else {
        return Ok(None);
    };
    if spare.is_empty() {
        return Ok(Some((architecture, drawn)));
    }
    Err(fault!(
        "architecture-spare",
        "it has all tensors of {architecture} and {spare} more, {names}, so it is likely another network; name {architecture} as its \
         architecture if it is not, or export the model as ONNX",
        architecture = architecture.id,
        spare = spare.len(),
        names = fit::few_of(&spare)
    ))
}

/// An architecture whose tensors a file has.
struct Fitted {
    drawn: Drawn,
    /// Names of the tensors that lie beside them and are none of its own.
    spare: Vec<String>,
}

/// Why an architecture is not a file's. Words are for the one that is asked for: all others are tried too.
enum Misfit {
    /// Its tensors are not there, or more than once.
    Names { id: &'static str, drawn: Drawn },
    /// A tensor of the file has another shape.
    Shape { id: &'static str, name: String, actual: Vec<usize>, expected: Vec<usize> },
}

/// Looks for all tensors of an architecture in a file, in their shapes.
fn fitted(architecture: &'static Architecture, tensors: &Tensors) -> Result<Fitted, Misfit> {
    let id = architecture.id;
    // The number of classes is the file's, and no name depends on it.
    let drawn = architecture.drawn(1);
    let Ok([found]) = <[_; 1]>::try_from(fit::ways(&names(&drawn), tensors)) else {
        return Err(Misfit::Names { id, drawn });
    };
    let biases = found.iter().find(|(name, _)| *name == drawn.head).and_then(|(_, theirs)| tensors.get(theirs));
    let drawn = architecture.drawn(biases.and_then(|bias| bias.shape.first().copied()).unwrap_or(1));
    for (name, theirs) in &found {
        if let Some((expected, actual)) = drawn.shapes.get(name).zip(tensors.get(theirs).map(|tensor| &tensor.shape))
            && expected != actual
        {
            let (actual, expected) = (actual.clone(), expected.clone());
            return Err(Misfit::Shape { id, name: theirs.clone(), actual, expected });
        }
    }
    let spare = fit::beside(&found, tensors).filter(|name| !is_counter(name)).map(Into::into).collect();
    Ok(Fitted { drawn, spare })
}

fn names(drawn: &Drawn) -> BTreeSet<&str> {
    drawn.shapes.keys().map(String::as_str).collect()
}

impl Misfit {
    fn fault(self, tensors: &Tensors) -> Fault {
        match self {
            Self::Names { id, drawn } => {
                let names = names(&drawn);
                let (missing, listed) = fit::absent(&names, tensors);
                fault!(
                    "architecture-tensors",
                    "{architecture} wants {missing} of its {wanted} tensors under names that the file does not have: {names}; the file has \
                     {known}; name another architecture, or give a recipe with nodes and layout",
                    architecture = id,
                    missing,
                    wanted = names.len(),
                    names = listed,
                    known = fit::listed(tensors)
                )
            }
            Self::Shape { id, name, actual, expected } => fault!(
                "architecture-shape",
                "its tensor {name} has the shape {actual}, and that of {architecture} {expected}; name another architecture, or give a \
                 recipe with nodes and layout",
                name,
                actual = format_args!("{actual:?}"),
                architecture = id,
                expected = format_args!("{expected:?}")
            ),
        }
    }
}

#[cfg(test)]
mod tests;
