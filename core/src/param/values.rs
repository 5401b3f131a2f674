//! Values of a method's parameters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Param, Value};
use crate::card::{Card, Text};
use crate::error::Fault;
use crate::explain::{BoundingBox, Channels, Weights};
use crate::named::Named;

/// Values of all parameters of a method, checked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Values(BTreeMap<String, Value>);

impl Values {
    /// The values given, and the defaults of the rest in a convention.
    ///
    /// # Errors
    /// Fault where a value is out of its range or belongs to no parameter.
    pub fn new(card: &Card, convention: &str, given: &BTreeMap<String, Value>) -> Result<Self, Fault> {
        if let Some(unknown) = given.keys().find(|id| card.params.iter().all(|param| param.id != **id)) {
            return Err(card.no_param(unknown));
        }
        let mut values = BTreeMap::new();
        for param in card.params.iter() {
            let value = given.get(param.id.as_ref()).cloned();
            let value = value.unwrap_or_else(|| card.default(param, convention, false));
            param.check(&value)?;
            values.insert(param.id.to_string(), value);
        }
        Ok(Self(values))
    }

    fn get(&self, param: &Param) -> Value {
        self.0.get(param.id.as_ref()).cloned().unwrap_or_else(|| param.default())
    }

    /// The value of a whole number or a seed.
    pub fn int(&self, param: &Param) -> i64 {
        if let Value::Int(value) = self.get(param) { value } else { 0 }
    }

    /// The value of a number.
    pub fn float(&self, param: &Param) -> f64 {
        if let Value::Float(value) = self.get(param) { value } else { 0.0 }
    }

    /// The name that was chosen.
    pub fn choice(&self, param: &Param) -> Text {
        if let Value::Text(value) = self.get(param) { value } else { Text::default() }
    }

    /// The choice that was made.
    pub fn named<T: Named>(&self, param: &Param) -> T {
        T::named(&self.choice(param)).unwrap_or(T::CHOICES[0])
    }

    /// The channels that are meant.
    pub fn channels(&self, param: &Param) -> Channels {
        self.choice(param).parse().unwrap_or(Channels::All)
    }

    /// The weighted sum of channels that is meant.
    pub fn weights(&self, param: &Param) -> Weights {
        self.choice(param).parse().unwrap_or(Weights::Random)
    }

    /// The box that is meant.
    pub fn bounding_box(&self, param: &Param) -> BoundingBox {
        let whole = BoundingBox { left: 0.0, top: 0.0, width: 1.0, height: 1.0 };
        self.choice(param).parse().unwrap_or(whole)
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::card::{Asks, Family, Gives, Paper, Variant};

    const MASKS: Param = Param::int("masks", "Masks", "How many", 16, 100, 20);
    const KEEP: Param = Param::float("keep", "Keep", "Share", 0.0, 1.0, 0.5);
    const NAMES: &[(Text, Text)] = &[(Cow::Borrowed("a"), Cow::Borrowed("")), (Cow::Borrowed("b"), Cow::Borrowed(""))];
    const CHOICE: Param = Param::choice("kind", "Kind", "Which", NAMES, "b");
    const SEED: Param = Param::seed("seed", "Seed", "Where from");
    const FILTERS: Param =
        Param::channels("filters", "Filters", "Which", "0..63").quick(Value::Text(Cow::Borrowed("0..5")));

    fn card() -> Card {
        Card {
            id: "test".into(),
            title: "Test".into(),
            family: Family::Perturbation,
            paper: Paper::new("Nobody 2000", "https://example.org"),
            shows: "".into(),
            limits: "".into(),
            asks: Asks::CLASS,
            gives: Gives::InputMap { signed: false },
            params: Cow::Owned(vec![MASKS, KEEP, CHOICE, SEED, FILTERS]),
            many_passes: false,
            conventions: Cow::Owned(vec![
                Variant::new("lucid", "as lucid"),
                Variant {
                    defaults: Cow::Borrowed(&[(Cow::Borrowed("keep"), Value::Float(0.1))]),
                    ..Variant::new("keras_notebook", "")
                },
            ]),
            command: "explain".into(),
        }
    }

    #[test]
    fn values_are_defaults_but_for_those_given() {
        let values =
            |convention: &str| Values::new(&card(), convention, &BTreeMap::from([("masks".into(), Value::Int(16))]));
        assert_eq!(values("keras_notebook").unwrap().float(&KEEP), 0.1);
        let values = values("").unwrap();
        assert_eq!((values.int(&MASKS), values.float(&KEEP), values.choice(&CHOICE)), (16, 0.5, "b".into()));
        assert_eq!(values.int(&SEED), 0);
        assert_eq!(values.channels(&FILTERS), Channels::These((0..64).collect()));
        assert_eq!(card().default(&FILTERS, "", true), Value::Text("0..5".into()));
        assert_eq!(card().default(&KEEP, "keras_notebook", true), Value::Float(0.1));
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let wrong =
            |id: &str, value| Values::new(&card(), "", &BTreeMap::from([(id.into(), value)])).unwrap_err().to_string();
        assert!(wrong("masks", Value::Int(101)).contains("from 16 to 100"));
        assert!(wrong("masks", Value::Float(20.0)).contains("from 16 to 100"));
        assert!(wrong("keep", Value::Float(f64::NAN)).contains("from 0 to 1"));
        assert!(wrong("kind", Value::Text("c".into())).contains("one of a, b"));
        assert!(wrong("seed", Value::Int(-1)).contains("from 0"));
        assert!(
            wrong("mask", Value::Int(20))
                .contains("no parameter mask (did you mean masks?); it has masks, keep, kind, seed, filters")
        );
        assert!(wrong("filters", Value::Text("top0".into())).contains("as in top4"));
        assert!(MASKS.parse("many").unwrap_err().to_string().contains("\"many\""));
        assert_eq!(KEEP.parse(" 0.25 "), Ok(Value::Float(0.25)));
    }

    #[test]
    fn a_card_survives_the_wire() {
        let json = serde_json::to_string(&card()).unwrap();
        assert_eq!(serde_json::from_str::<Card>(&json).unwrap(), card());
    }
}
