//! What the functions do that a state dict's pickle calls: `torch/_utils.py` and `torch/serialization.py` of PyTorch.

use super::pickle::{Id, Pickle, Value, damaged};
use super::{Element, Storage, Tensor, Tensors};

const ORDERED_DICT: &str = "collections OrderedDict";
const TENSOR: &str = "torch._utils _rebuild_tensor";
const TENSOR_2: &str = "torch._utils _rebuild_tensor_v2";
const PARAMETER: &str = "torch._utils _rebuild_parameter";

/// Whether a class or function, `module name`, is part of a state dict.
pub(super) fn is_known(global: &str) -> bool {
    matches!(global, ORDERED_DICT | TENSOR | TENSOR_2 | PARAMETER) || element(global).is_some()
}

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

/// The result of calling a function.
pub(super) fn call(pickle: &Pickle, function: Id, arguments: Id) -> Result<Value, String> {
    let (Value::Global(function), Value::Tuple(arguments)) = (pickle.get(function), pickle.get(arguments)) else {
        return Err(damaged("it calls what is no function"));
    };
    let wrong =
        || damaged(format_args!("it calls {} with other things than its arguments", function.replace(' ', ".")));
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
        (PARAMETER, &[tensor, ..]) => match pickle.get(tensor) {
            tensor @ Value::Tensor(_) => Ok(tensor.clone()),
            _ => Err(wrong()),
        },
        _ => Err(wrong()),
    }
}

/// The storage that a persistent id stands for: `('storage', class, key, device, elements[, view])`, where old files have the view
/// `(key, offset, elements)` of a larger storage.
pub(super) fn storage(pickle: &Pickle, id: Id) -> Result<Storage, String> {
    let wrong = || damaged("it refers to something outside that is no storage of numbers");
    let Value::Tuple(parts) = pickle.get(id) else { return Err(wrong()) };
    let (&[kind, class, key, _, elements], view) = parts.split_first_chunk().ok_or_else(wrong)?;
    let (Value::Text(kind), Value::Global(class), Value::Text(key)) =
        (pickle.get(kind), pickle.get(class), pickle.get(key))
    else {
        return Err(wrong());
    };
    let element = element(class).filter(|_| kind == "storage").ok_or_else(wrong)?;
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

/// The tensors of a state dict, by name, and the names of what else is in it.
pub(super) fn state_dict(pickle: &Pickle) -> Result<(Tensors, Vec<String>), String> {
    let none =
        || "the pickle is no dict of tensors; save the weights with torch.save(model.state_dict(), FILE)".to_owned();
    let Value::Dict(root) = pickle.root() else { return Err(none()) };
    let named = |dict: &[(Id, Id)], key: &str| {
        let is_it = |(name, _): &&(Id, Id)| matches!(pickle.get(*name), Value::Text(name) if name == key);
        dict.iter().find(is_it).map(|&(_, value)| pickle.get(value).clone())
    };
    // Checkpoints have the state dict beside the optimizer's and the epoch.
    let inner = ["state_dict", "model_state_dict", "model"].into_iter().find_map(|key| match named(root, key) {
        Some(Value::Dict(inner)) => Some(inner),
        _ => None,
    });
    let (mut tensors, mut others) = (vec![], vec![]);
    for &(name, value) in inner.as_ref().unwrap_or(root) {
        let Value::Text(name) = pickle.get(name) else { return Err(none()) };
        match pickle.get(value) {
            Value::Tensor(tensor) if tensor.storage.element.is_float() => tensors.push((name.clone(), tensor.clone())),
            _ => others.push(name.clone()),
        }
    }
    if tensors.is_empty() { Err(none()) } else { Ok((tensors, others)) }
}
