//! Reads what people write: texts of any editor, and JSON in which no key is left unheard.

use std::path::Path;

use serde_json::Value;

use crate::wording::{nearest, nearest_is};
use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::nn::Node;

/// A file of text, as any editor may have saved it.
pub(super) fn text(path: &Path) -> Result<String> {
    decoded(path, &std::fs::read(path).map_err(|error| Error::read(path, error))?)
}

/// The text of a file's bytes.
pub(super) fn decoded(path: &Path, bytes: &[u8]) -> Result<String> {
    let wrong = |cause| {
        let path = path.display();
        Error::Request(fault!("text-wrong", "{path} {cause}; save it as UTF-8", cause = cause, path))
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(wrong(fault!("text-utf-16", "is text in UTF-16")));
    }
    // The mark that Windows puts before a text is no part of it.
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (before, after) = bytes.split_at(error.valid_up_to());
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        let byte = format_args!("{:#04x}", after.first().unwrap_or(&0));
        wrong(fault!("text-no-utf-8", "is not UTF-8: line {line} has the byte {byte}, as Latin-1 would", line, byte))
    })?;
    Ok(text.to_owned())
}

/// Checks that a node of a recipe says nothing that is not understood.
pub(super) fn check_node(value: &Value) -> Result<(), Fault> {
    convscope_core::nn::check_known(value)?;
    let name = value.get("name").and_then(Value::as_str).unwrap_or("?");
    let of_node = |cause| fault!("recipe-node", "the node {name}: {cause}", cause = cause, name);
    let node: Node = serde_json::from_value(value.clone()).map_err(|error| of_node(Fault::foreign(error)))?;
    check_heard("", Some(value), &node).map_err(of_node)
}

/// Checks that all keys that were `given` at a place, `key.` or none, are `understood`: those that are not are left out of what is written
/// back.
pub(super) fn check_heard(place: &str, given: Option<&Value>, understood: &impl serde::Serialize) -> Result<(), Fault> {
    let understood = serde_json::to_value(understood).map_err(Fault::foreign)?;
    let (Some(Value::Object(given)), Value::Object(understood)) = (given, understood) else {
        return Ok(());
    };
    for (key, value) in given {
        match understood.get(key) {
            Some(inner) => check_heard(&format!("{place}{key}."), Some(value), inner)?,
            // Only a key without a value is not written back.
            None if value.is_null() => {}
            None => {
                let weighted = understood.contains_key("weight").then_some("bias");
                let known: Vec<&str> = understood.keys().map(String::as_str).chain(weighted).collect();
                let names = known.join(", ");
                return Err(fault!(
                    "recipe-key",
                    "the key {key} is unknown{near}; there are {known}",
                    @near = nearest_is(nearest(key, known)),
                    key = format_args!("{place}{key}"),
                    known = names
                ));
            }
        }
    }
    Ok(())
}
