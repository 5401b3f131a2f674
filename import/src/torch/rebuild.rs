//! Functions that a state dict's pickle calls, done again: `torch/_utils.py` and `torch/serialization.py` of PyTorch.

use std::collections::BTreeMap;

use super::super::SHOWN;
use super::super::wording::few;
use super::pickle::{Id, Pickle, Value, damaged};
use super::{Element, Storage, Tensor, Tensors};
use convscope_core::error::Fault;
use convscope_core::fault;

const ORDERED_DICT: &str = "collections OrderedDict";
const TENSOR: &str = "torch._utils _rebuild_tensor";
const TENSOR_2: &str = "torch._utils _rebuild_tensor_v2";
const PARAMETER: &str = "torch._utils _rebuild_parameter";
const PARAMETER_2: &str = "torch._utils _rebuild_parameter_with_state";

/// Bytes of a storage's key, more than any has.
const MAX_KEY: usize = 256;

/// The keys of a checkpoint that usually hold the state dict; the means of past weights stand behind the last ones.
const USUAL: [&str; 9] = [
    "state_dict",
    "model_state_dict",
    "model",
    "net",
    "module",
    "state_dict_ema",
    "ema_state_dict",
    "model_ema",
    "ema",
];

/// Dicts within each other in which a state dict is looked for.
const MAX_NESTED: usize = 2;

/// The element of a class of storages.
fn element(class: &str) -> Option<Element> {
    let kind = class.strip_prefix("torch ").or_else(|| class.strip_prefix("torch.cuda "))?;
    Some(match kind.strip_suffix("Storage")? {
        "Float" => Element::F32,
        "Double" => Element::F64,
        "Half" => Element::F16,
        "BFloat16" => Element::Bf16,
        "Byte" | "Char" | "Bool" => Element::Other(1),
        "Short" => Element::Other(2),
        "Int" => Element::Other(4),
        "Long" => Element::Other(8),
        _ => return None,
    })
}

/// The result of calling a function; one that is not known here is not called.
pub(super) fn call(pickle: &Pickle, function: Id, arguments: Id) -> Result<Value, Fault> {
    let (function, arguments) = match (pickle.get(function), pickle.get(arguments)) {
        (Value::Global(function), Value::Tuple(arguments)) => (function, arguments),
        // A method of an object that was not made, for instance.
        (Value::Opaque(function), _) => return Ok(Value::Opaque(function.clone())),
        _ => return Err(damaged(fault!("pickle-no-function", "it calls what is no function"))),
    };
    let wrong = || {
        let function = function.replace(' ', ".");
        damaged(fault!("pickle-arguments", "it calls {function} with other things than its arguments", function))
    };
    match (function.as_str(), &arguments[..]) {
        (ORDERED_DICT, []) => Ok(Value::Dict(vec![])),
        // Python 2: a list of lists of a key and a value.
        (ORDERED_DICT, &[pairs]) => {
            let pair = |&id: &Id| match pickle.get(id) {
                Value::List(pair) | Value::Tuple(pair) if pair.len() == 2 => Some((pair[0], pair[1])),
                _ => None,
            };
            let Value::List(pairs) = pickle.get(pairs) else { return Err(wrong()) };
            pairs.iter().map(pair).collect::<Option<Vec<_>>>().map(Value::Dict).ok_or_else(wrong)
        }
        (TENSOR | TENSOR_2, &[storage, offset, shape, stride, ..]) => {
            let Value::Storage(storage) = pickle.get(storage) else { return Err(wrong()) };
            let offset = size(pickle.get(offset)).ok_or_else(wrong)?;
            let shape = sizes(pickle, shape).ok_or_else(wrong)?;
            let stride = sizes(pickle, stride).filter(|stride| stride.len() == shape.len()).ok_or_else(wrong)?;
            Ok(Value::Tensor(Tensor { storage: storage.clone(), offset, shape, stride }))
        }
        (PARAMETER | PARAMETER_2, &[tensor, ..]) => match pickle.get(tensor) {
            tensor @ Value::Tensor(_) => Ok(tensor.clone()),
            _ => Err(wrong()),
        },
        (ORDERED_DICT | TENSOR | TENSOR_2 | PARAMETER | PARAMETER_2, _) => Err(wrong()),
        _ => Ok(Value::Opaque(function.clone())),
    }
}

/// A class or function as Python spells it, cut where it is endless.
fn shown(global: &str) -> String {
    global.replacen(' ', ".", 1).chars().take(100).collect()
}

/// The storage that a persistent id stands for: `('storage', class, key, device, elements[, view])`, where old files have the view
/// `(key, offset, elements)` of a larger storage.
pub(super) fn storage(pickle: &Pickle, id: Id) -> Result<Storage, Fault> {
    let wrong = || damaged(fault!("pickle-no-storage", "it refers to something outside that is no storage of numbers"));
    let Value::Tuple(parts) = pickle.get(id) else { return Err(wrong()) };
    let (&[kind, class, key, _, elements], view) = parts.split_first_chunk().ok_or_else(wrong)?;
    let (Value::Text(kind), Value::Global(class), Value::Text(key)) =
        (pickle.get(kind), pickle.get(class), pickle.get(key))
    else {
        return Err(wrong());
    };
    if kind != "storage" || key.len() > MAX_KEY {
        return Err(wrong());
    }
    let element = element(class)
        .ok_or_else(|| damaged(fault!("pickle-numbers", "it has numbers of {class}", class = shown(class))))?;
    let elements = size(pickle.get(elements)).ok_or_else(wrong)?;
    let offset = match view.first().map(|&view| pickle.get(view)) {
        None | Some(Value::None) => 0,
        Some(Value::Tuple(view)) => view.get(1).and_then(|&offset| size(pickle.get(offset))).ok_or_else(wrong)?,
        Some(_) => return Err(wrong()),
    };
    Ok(Storage { key: key.clone(), element, elements, offset })
}

fn size(value: &Value) -> Option<usize> {
    match value {
        Value::Int(size) => usize::try_from(*size).ok(),
        _ => None,
    }
}

fn sizes(pickle: &Pickle, id: Id) -> Option<Vec<usize>> {
    match pickle.get(id) {
        Value::Tuple(sizes) | Value::List(sizes) => sizes.iter().map(|&id| size(pickle.get(id))).collect(),
        _ => None,
    }
}

/// Contents of a state dict.
#[derive(Debug, Default)]
pub(super) struct StateDict {
    pub(super) tensors: Tensors,
    /// The names of what else is in it.
    pub(super) left_out: Vec<String>,
    /// Sentences about where it was found.
    pub(super) notes: Vec<Fault>,
}

/// The state dict that a pickle is or, as a checkpoint, holds beside other things.
pub(super) fn state_dict(pickle: &Pickle) -> Result<StateDict, Fault> {
    let items = match pickle.root() {
        Value::Dict(items) => items_by_name(pickle, items),
        Value::Opaque(global) | Value::Global(global) => {
            return Err(fault!(
                "pickle-object",
                "the pickle is what {class} makes, which is no dict of tensors and is not run; save the weights alone, with torch.save(model.state_dict(), FILE)",
                class = shown(global)
            ));
        }
        _ => return Err(none()),
    };
    within(pickle, items, MAX_NESTED)
}

/// The state dict that is among items, or in a dict that is, of which `deeper` may lie within each other.
fn within(pickle: &Pickle, items: Items<'_>, deeper: usize) -> Result<StateDict, Fault> {
    let found = split(&items);
    if deeper == 0 {
        return if found.tensors.is_empty() { Err(without_tensors(&items)) } else { Ok(found) };
    }
    // No state dict has dicts of tensors in it, a checkpoint has them beside the optimizer's and the epoch.
    let inner: Vec<&str> = items.keys().copied().filter(|key| holds_tensors(pickle, &items, key, deeper)).collect();
    let key = match (USUAL.iter().find(|key| inner.contains(key)), &inner[..]) {
        (Some(key), _) => *key,
        (None, &[key]) => key,
        (None, []) if found.tensors.is_empty() => return Err(without_tensors(&items)),
        (None, []) => return Ok(found),
        (None, several) => {
            return Err(fault!(
                "pickle-several",
                "the checkpoint holds several dicts of tensors, {names}; save the one to use with torch.save(..[NAME], FILE)",
                names = few(several, SHOWN)
            ));
        }
    };
    let Some(Value::Dict(inside)) = items.get(key) else { return Ok(found) };
    let mut found = within(pickle, items_by_name(pickle, inside), deeper - 1)?;
    let others: Vec<String> = items.iter().filter(|(name, _)| **name != key).map(described).collect();
    if !others.is_empty() {
        let others = few(others, SHOWN);
        let note =
            fault!("note-inside", "took the tensors in {key} and left out what is beside it: {others}", key, others);
        found.notes.insert(0, note);
    }
    Ok(found)
}

/// The fault of a pickle without tensors.
fn none() -> Fault {
    fault!(
        "pickle-no-tensors",
        "the pickle is no dict of tensors; save the weights with torch.save(model.state_dict(), FILE)"
    )
}

/// The fault of a dict without tensors, which may hold something else.
fn without_tensors(items: &Items<'_>) -> Fault {
    if items.is_empty() {
        return none();
    }
    fault!(
        "pickle-other-things",
        "the pickle is no dict of tensors but holds {names}; save the weights with torch.save(model.state_dict(), FILE)",
        names = few(items.iter().map(described), SHOWN)
    )
}

type Items<'a> = BTreeMap<&'a str, &'a Value>;

/// The items of a dict whose keys are texts, the last of a name as in Python.
fn items_by_name<'a>(pickle: &'a Pickle, items: &[(Id, Id)]) -> Items<'a> {
    let item = |&(name, value): &(Id, Id)| match pickle.get(name) {
        Value::Text(name) => Some((name.as_str(), pickle.get(value))),
        _ => None,
    };
    items.iter().filter_map(item).collect()
}

fn split(items: &Items<'_>) -> StateDict {
    let mut found = StateDict::default();
    for (name, value) in items {
        match value {
            Value::Tensor(tensor) if tensor.storage.element.is_float() => {
                found.tensors.push(((*name).to_owned(), tensor.clone()));
            }
            _ => found.left_out.push((*name).to_owned()),
        }
    }
    found
}

/// Whether an item is a dict of tensors, or of such dicts under their usual keys.
fn holds_tensors(pickle: &Pickle, items: &Items<'_>, key: &str, deeper: usize) -> bool {
    let is_float = |value: &Value| matches!(value, Value::Tensor(tensor) if tensor.storage.element.is_float());
    let Some(Value::Dict(inside)) = items.get(key) else { return false };
    let named = |&(name, value): &(Id, Id)| matches!(pickle.get(name), Value::Text(_)) && is_float(pickle.get(value));
    let inner = items_by_name(pickle, inside);
    inside.iter().any(named) || deeper > 1 && USUAL.iter().any(|key| holds_tensors(pickle, &inner, key, deeper - 1))
}

fn described((name, value): (&&str, &&Value)) -> String {
    match value {
        Value::Opaque(global) => format!("{name} ({})", shown(global)),
        _ => (*name).to_owned(),
    }
}
