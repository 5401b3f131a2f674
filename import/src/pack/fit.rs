//! Check that a recipe and a file make a model: what the recipe names must be there, and be told from what is only like it.

use std::collections::{BTreeMap, BTreeSet};

use crate::wording::{self, few, nearest, nearest_is};
use crate::{Imported, Tensor};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::model::Manifest;
use convscope_core::nn::Graph;

/// Names that a list in a sentence has before it is cut.
const SHOWN: usize = 12;

/// Parts of names that PyTorch puts around those of the model: `DataParallel` and `torch.compile`.
const WRAPPERS: [&str; 2] = ["module", "_orig_mod"];

/// Parts at the start of names that training programs put there: the network is a part of a larger one.
const HOLDERS: [&str; 5] = ["model", "net", "network", "backbone", "encoder"];

type Tensors = BTreeMap<String, Tensor>;

/// Sees to it that each tensor that is wanted is there, by its name or behind a prefix that all of them have in the file. Gives
/// notes: the prefix that was dropped, and what nobody has a use for.
///
/// # Errors
/// A sentence that lacks the file's name: what is missing, what is like it, and what there is.
pub(super) fn match_tensors(wanted: &BTreeSet<&str>, tensors: &mut Tensors) -> Result<Vec<Fault>, Fault> {
    let mut notes = vec![];
    if !wanted.iter().all(|name| tensors.contains_key(*name)) {
        notes.extend(drop_prefix(wanted, tensors)?);
    }
    notes.extend(spare(wanted, tensors));
    Ok(notes)
}

/// Calls the wanted tensors by their names where the file has them behind one prefix; gives the note.
fn drop_prefix(wanted: &BTreeSet<&str>, tensors: &mut Tensors) -> Result<Option<Fault>, Fault> {
    let renamed = the_one(ways(wanted, tensors), wanted, tensors)?;
    let example = renamed.iter().find(|(name, theirs)| name != theirs);
    let note = example.map(|(name, theirs)| {
        fault!(
            "note-prefix",
            "the file has other prefixes than the recipe and the same names behind them: took {theirs} for {name}, and so on",
            theirs,
            name
        )
    });
    for (name, theirs) in renamed {
        if let Some(tensor) = tensors.remove(&theirs) {
            tensors.insert(name, tensor);
        }
    }
    Ok(note)
}

/// The one way to find the wanted tensors.
///
/// # Errors
/// A sentence that lacks the file's name: what is missing, or that there are several ways.
fn the_one(mut ways: Vec<Pairs>, wanted: &BTreeSet<&str>, tensors: &Tensors) -> Result<Pairs, Fault> {
    match (ways.len(), ways.pop()) {
        (1, Some(pairs)) => Ok(pairs),
        (_, None) => Err(missing(wanted, tensors)),
        (_, Some(last)) => {
            ways.push(last);
            let examples = ways.iter().filter_map(|pairs| Some(&pairs.first()?.1));
            Err(fault!(
                "recipe-prefixes",
                "the file has the tensors of the recipe more than once, behind different prefixes: {names}; name those to use in the \
                 recipe's nodes",
                names = few(examples, SHOWN)
            ))
        }
    }
}

/// Each wanted tensor's name with the one that it has in the file.
pub(super) type Pairs = Vec<(String, String)>;

/// The ways to find the wanted tensors in the file, by their names or behind a prefix that all of them have: one, none, or too many.
pub(super) fn ways(wanted: &BTreeSet<&str>, tensors: &Tensors) -> Vec<Pairs> {
    if wanted.iter().all(|name| tensors.contains_key(*name)) {
        return vec![wanted.iter().map(|&name| (name.to_owned(), name.to_owned())).collect()];
    }
    let unwrapped: Vec<(String, &str)> = tensors.keys().map(|name| (unwrapped(name), name.as_str())).collect();
    let mut found = prefixed(wanted, tensors.keys().map(|name| (name.as_str(), name.as_str())));
    if found.is_empty() {
        found = prefixed(wanted, unwrapped.iter().map(|(short, name)| (short.as_str(), *name)));
    }
    // A head beside a backbone: the parts before the names differ.
    let bare: Vec<(&str, &str)> = unwrapped.iter().map(|(short, name)| (without_holders(short), *name)).collect();
    if found.is_empty() {
        found = prefixed(wanted, bare.iter().copied());
    }
    let owned = |pairs: Vec<(&str, &str)>| {
        pairs.into_iter().map(|(name, theirs)| (name.to_owned(), theirs.to_owned())).collect()
    };
    found.into_iter().map(owned).collect()
}

/// Tensors of the file behind the prefixes of those found, and none of them.
pub(super) fn beside<'a>(found: &Pairs, tensors: &'a Tensors) -> impl Iterator<Item = &'a str> {
    let taken: BTreeSet<String> = found.iter().map(|(_, theirs)| theirs.clone()).collect();
    // A wrapper in the middle of a name leaves no prefix but that of the name without it.
    let (mut plain, mut loose) = (BTreeSet::new(), BTreeSet::new());
    for (name, theirs) in found {
        match theirs.strip_suffix(name) {
            Some(prefix) => plain.insert(prefix.to_owned()),
            None => loose.insert(unwrapped(theirs).strip_suffix(name).unwrap_or_default().to_owned()),
        };
    }
    let lies = move |name: &str| {
        let short = || unwrapped(name);
        plain.iter().any(|prefix| name.starts_with(prefix)) || loose.iter().any(|prefix| short().starts_with(prefix))
    };
    tensors.keys().map(String::as_str).filter(move |name| !taken.contains(*name) && lies(name))
}

/// The ways to find all wanted tensors behind one prefix, which ends in `.` or `/` or is empty: pairs of a wanted name and the name in
/// the file. `names` are pairs of the name to search and the name in the file.
fn prefixed<'a>(
    wanted: &BTreeSet<&'a str>,
    names: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<Vec<(&'a str, &'a str)>> {
    let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    names.for_each(|(short, name)| by_name.entry(short).or_default().push(name));
    let Some(first) = wanted.first() else { return vec![] };
    let prefixes = by_name.keys().filter_map(|name| name.strip_suffix(first));
    let prefixes = prefixes.filter(|prefix| prefix.is_empty() || prefix.ends_with(['.', '/']));
    let all = |prefix: &str| {
        let pair = |&name: &&'a str| match &by_name.get(format!("{prefix}{name}").as_str())?[..] {
            [theirs] => Some((name, *theirs)),
            // Several tensors fit; nothing says which one is meant.
            _ => None,
        };
        wanted.iter().map(pair).collect::<Option<Vec<_>>>()
    };
    prefixes.filter_map(all).collect()
}

/// A name without the parts at its start that stand for what holds the network.
fn without_holders(name: &str) -> &str {
    let mut name = name;
    while let Some((first, rest)) = name.split_once('.')
        && HOLDERS.contains(&first)
    {
        name = rest;
    }
    name
}

/// A name without the parts that stand for a wrapper.
fn unwrapped(name: &str) -> String {
    let parts: Vec<&str> = name.split('.').filter(|part| !WRAPPERS.contains(part)).collect();
    parts.join(".")
}

fn missing(wanted: &BTreeSet<&str>, tensors: &Tensors) -> Fault {
    let (missing, names) = absent(wanted, tensors);
    fault!(
        "recipe-tensors",
        "the recipe wants {missing} of its {wanted} tensors under names that the file does not have: {names}; the file has {known}; \
         correct the names in the recipe's nodes, or choose the file that it was written for",
        missing,
        wanted = wanted.len(),
        names,
        known = listed(tensors)
    )
}

/// How many of the wanted tensors the file does not have by their names, and a list of them, each with the nearest that it has.
pub(super) fn absent(wanted: &BTreeSet<&str>, tensors: &Tensors) -> (usize, String) {
    let missing: Vec<&str> = wanted.iter().copied().filter(|name| !tensors.contains_key(*name)).collect();
    let known = || tensors.keys().map(String::as_str);
    // Looking for the nearest of hundreds takes its time, and the list is cut.
    let lines = missing.iter().take(SHOWN).map(|name| wording::beside((*name).to_owned(), nearest(name, known())));
    let others = missing.iter().skip(SHOWN).map(|name| (*name).to_owned());
    (missing.len(), few(lines.chain(others), SHOWN))
}

/// The file's tensors with their shapes.
pub(super) fn listed(tensors: &Tensors) -> String {
    few(tensors.iter().map(|(name, tensor)| format!("{name} {:?}", tensor.shape)), SHOWN)
}

/// Names, cut where there are too many.
pub(super) fn few_of(names: &[String]) -> String {
    few(names, SHOWN)
}

/// The sentence about a file that has no graph, and no recipe that gives it one.
pub(super) fn no_graph(imported: &Imported) -> Fault {
    let listed = listed(&imported.tensors);
    match imported.unread_graph.clone() {
        Some(what) => fault!(
            "unread-graph",
            "it is {cause}, or give a recipe with nodes and layout for its tensors: {listed}",
            cause = what,
            listed
        ),
        None => fault!(
            "weights-only",
            "the file holds weights only: {listed}; name its architecture if it is a built-in one, give a recipe with nodes and layout, or export \
             the model as ONNX, which has both",
            listed
        ),
    }
}

/// Notes of tensors that no node uses. One beside a used one, a bias say, was probably forgotten.
fn spare(wanted: &BTreeSet<&str>, tensors: &Tensors) -> Vec<Fault> {
    let layer = |name: &'_ str| name.rfind(['.', '/']).map(|end| name[..end].to_owned());
    let layers: BTreeSet<String> = wanted.iter().filter_map(|name| layer(name)).collect();
    let unused = tensors.keys().map(String::as_str).filter(|name| !wanted.contains(name));
    let (beside, apart): (Vec<&str>, Vec<&str>) =
        unused.partition(|name| layer(name).is_some_and(|layer| layers.contains(&layer)));
    let mut notes = vec![];
    if !beside.is_empty() {
        notes.push(fault!(
            "note-spare-beside",
            "left out tensors of layers that the recipe takes others of: {names}; name them in its nodes if they belong to the network",
            names = few(beside, SHOWN)
        ));
    }
    if !apart.is_empty() {
        let names = few(apart, SHOWN);
        notes.push(fault!("note-spare", "left out tensors that the recipe has no use for: {names}", names));
    }
    notes
}

/// Checks that what the manifest names besides its nodes is there: the layers to show, the outputs, a label for each class. Outputs that
/// are `raw` have no probabilities.
///
/// # Errors
/// A sentence that lacks the file's name.
pub(super) fn check_names(manifest: &Manifest, graph: &Graph, raw: bool) -> Result<(), Fault> {
    let known = || graph.nodes().iter().map(|node| node.name.as_str());
    let find = |key: &str, name: &str| {
        graph.id(name).ok_or_else(|| {
            fault!(
                "recipe-layer",
                "the recipe's {key} names {name}, and no layer is called so{near}; name one of {known}",
                @near = nearest_is(nearest(name, known())),
                key,
                name,
                known = few(known(), SHOWN)
            )
        })
    };
    manifest.taps.iter().try_for_each(|tap| find("taps", tap).map(|_| ()))?;
    let labels = manifest.labels.len();
    let (logits, probabilities) = match (&manifest.logits, &manifest.probabilities) {
        (None, None) if labels == 0 => return Ok(()),
        (None, None) => {
            return Err(fault!(
                "recipe-no-classifier",
                "the recipe lists {labels} labels, and the graph ends in no classifier; name the layers that hold its logits and \
                 probabilities in the recipe, or leave the labels out",
                labels
            ));
        }
        (Some(logits), probabilities) if raw || probabilities.is_some() => (logits, probabilities),
        (one, _) => {
            let lacks = if one.is_none() { "logits" } else { "probabilities" };
            return Err(fault!(
                "recipe-half-classifier",
                "the recipe names no {lacks}, which go with the other; name the layer that holds them",
                lacks
            ));
        }
    };
    let probabilities = probabilities.as_ref().map(|name| ("probabilities", name));
    for (key, name) in std::iter::once(("logits", logits)).chain(probabilities) {
        let shape = graph.shape(find(key, name)?);
        if shape[1..] != [1, 1] {
            return Err(fault!(
                "recipe-output-maps",
                "the recipe's {key} names {name}, which gives maps of shape {shape}; name a layer that gives one number a class",
                key,
                name,
                shape = format_args!("{shape:?}")
            ));
        }
        if shape[0] != labels {
            return Err(fault!(
                "recipe-labels",
                "the recipe has {labels} labels for the {classes} classes that {name} gives; list one label a class, or leave them out",
                labels,
                classes = shape[0],
                name
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
