//! Lines of JSON beside the schema that the program prints.

use std::sync::LazyLock;

use serde_json::Value;

use super::convscope;

/// What `convscope schema` prints.
pub static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_slice(&convscope(&["schema"]).stdout).expect("a schema"));

/// Asserts that a value is as the schema has it, with no member that it does not describe.
pub fn assert_described(value: &Value) {
    let found = misfits(&SCHEMA, value, "");
    assert!(found.is_empty(), "{}\n{value:#}", found.join("\n"));
}

/// What of a value is not as a schema has it.
pub fn misfits(schema: &Value, value: &Value, place: &str) -> Vec<String> {
    if let Some(path) = schema["$ref"].as_str() {
        return misfits(SCHEMA.pointer(path.trim_start_matches('#')).expect("a definition"), value, place);
    }
    let mut found = vec![];
    let mut expect = |holds: bool, what: String| {
        if !holds {
            found.push(format!("{place}: {what}"));
        }
    };
    let is = |kind: &Value| kind.as_str().is_some_and(|kind| is_of(value, kind));
    match &schema["type"] {
        Value::Array(kinds) => expect(kinds.iter().any(is), format!("is none of {kinds:?}")),
        Value::Null => {}
        kind => expect(is(kind), format!("is no {kind}")),
    }
    if let Some(one) = schema.get("const") {
        expect(one == value, format!("is not {one}"));
    }
    if let Some(all) = schema["enum"].as_array() {
        expect(all.contains(value), format!("is none of {all:?}"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        expect(value.get(name).is_some() || !value.is_object(), format!("has no {name}"));
    }
    let ways = ["oneOf", "anyOf"].into_iter().filter_map(|kind| schema[kind].as_array()).next();
    if let Some(ways) = ways {
        let tried: Vec<_> = ways.iter().map(|way| misfits(way, value, place)).collect();
        let fits = tried.iter().filter(|found| found.is_empty()).count();
        if fits != 1 {
            found.extend(tried.into_iter().min_by_key(Vec::len).unwrap_or_default());
            found.push(format!("{place}: fits {fits} of {} ways", ways.len()));
        }
    } else if let Some(members) = value.as_object() {
        for (name, member) in members {
            let place = format!("{place}.{name}");
            match schema["properties"].get(name).or(schema.get("additionalProperties")) {
                Some(Value::Bool(true)) => {}
                Some(described) => found.extend(misfits(described, member, &place)),
                None => found.push(format!("{place}: is not described")),
            }
        }
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        let each = values.iter().enumerate();
        found.extend(each.flat_map(|(index, value)| misfits(items, value, &format!("{place}[{index}]"))));
    }
    found
}

fn is_of(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => panic!("no type {kind}"),
    }
}
