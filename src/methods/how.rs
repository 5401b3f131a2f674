//! Account of how results were made, for their manifest.

use serde_json::{Map, Value, json};

use super::method;
use crate::error::{Error, Result};
use crate::explain::Convention;
use crate::export::joined;
use crate::param::{Kind, Param};
use crate::request::Request;

/// Account of how a request was made: every parameter but channels, which choose among results and change none; the convention,
/// where there is a choice; and, as `of`, the account of the map that is measured.
///
/// # Errors
/// [`Error::Request`] where there is no such method, or it has no such convention.
pub fn how(request: &Request) -> Result<Value> {
    let card = method(&request.method)?.card();
    let variant = card.variant(&request.convention).map_err(Error::Request)?;
    let value = |param: &Param| {
        let given = request.values.get(param.id.as_ref()).cloned();
        given.unwrap_or_else(|| card.default(param, &variant.name, false)).json()
    };
    let params = card.params.iter().filter(|param| !matches!(param.kind, Kind::Channels { .. }));
    let mut how: Map<String, Value> = params.map(|param| (param.id.to_string(), value(param))).collect();
    if card.conventions.len() > 1 {
        let convention = Convention::named(&variant.name)?;
        // The scores and maps of a convention are about images; without one, its name is enough.
        let told = if card.asks.image { json!(convention) } else { json!(convention.name) };
        how.insert("convention".into(), told);
    }
    if let Some(map) = &request.map {
        how.insert("of".into(), joined(json!({ "method": map.method }), self::how(map)?));
    }
    Ok(Value::Object(how))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::methods;
    use crate::param::Value as Setting;

    #[test]
    fn parameters_are_told_and_channels_are_not() {
        for card in methods().map(|method| method.card()) {
            let told = how(&Request { method: card.id.to_string(), ..Request::default() }).unwrap();
            for param in card.params.iter() {
                let channels = matches!(param.kind, Kind::Channels { .. });
                assert_eq!(told.get(param.id.as_ref()).is_some_and(|value| !value.is_object()), !channels, "{told}");
            }
            assert_eq!(told.get("convention").is_some(), card.conventions.len() > 1, "{told}");
        }
    }

    #[test]
    fn a_measured_map_is_told_with_its_parameters() {
        let map = Request {
            method: "rise".into(),
            values: [("masks".to_owned(), Setting::Int(8))].into(),
            ..Request::default()
        };
        let told = how(&Request { method: "deletion".into(), map: Some(Box::new(map)), ..Request::default() }).unwrap();
        assert_eq!(
            (&told["of"]["method"], &told["of"]["masks"], &told["of"]["keep"]),
            (&json!("rise"), &json!(8), &json!(0.5))
        );
        assert_eq!((&told["steps"], &told["of"]["convention"]["score"]), (&json!(224), &json!("probability")));
    }
}
