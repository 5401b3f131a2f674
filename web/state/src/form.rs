//! Choices of a person among a method's options, and the request that follows from them.

use std::collections::BTreeMap;

use convscope_core::card::{Card, LayersAsked};
use convscope_core::explain::Fusion;
use convscope_core::named::Named;
use convscope_core::param::{Param, Value};
use convscope_core::request::{Layers, Request};

use super::State;
use super::cards::is_layerwise;

/// Choices of a person among a method's options; the rest is as its card has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Values of parameters as they were typed, by the parameters' ids.
    pub values: BTreeMap<String, String>,
    /// Name of the convention; the usual one where it is empty.
    pub convention: String,
    /// Id of the method whose map is measured.
    pub map: Option<String>,
}

impl Form {
    /// Name of the convention in force.
    pub fn convention<'a>(&self, card: &'a Card) -> &'a str {
        card.variant(&self.convention).map_or("", |variant| &variant.name)
    }

    /// The value of a parameter where nothing was chosen.
    fn default(&self, card: &Card, param: &Param) -> Value {
        card.default(param, &self.convention, true)
    }

    /// The text in a parameter's field.
    pub fn text(&self, card: &Card, param: &Param) -> String {
        self.values.get(param.id.as_ref()).cloned().unwrap_or_else(|| self.default(card, param).to_string())
    }

    /// Takes up what was typed; what is as it would be anyway is not remembered.
    pub(super) fn set(&mut self, card: &Card, id: &str, text: String) {
        let Some(param) = card.param(id) else { return };
        if param.parse(&text).is_ok_and(|value| value == self.default(card, param)) {
            self.values.remove(id);
        } else {
            self.values.insert(id.into(), text);
        }
    }

    /// The parameters whose values do not fit.
    pub fn problems<'a>(&self, card: &'a Card) -> Vec<&'a Param> {
        card.params.iter().filter(|param| param.parse(&self.text(card, param)).is_err()).collect()
    }

    /// Parameters of a request: what differs from the defaults of whoever asks without a page. `None` where a value
    /// does not fit.
    pub(super) fn request(&self, card: &Card) -> Option<BTreeMap<String, Value>> {
        let mut values = BTreeMap::new();
        for param in card.params.iter() {
            let value = param.parse(&self.text(card, param)).ok()?;
            if value != card.default(param, &self.convention, false) {
                values.insert(param.id.to_string(), value);
            }
        }
        Some(values)
    }

    /// Parameters of a link: what differs from what the page would choose.
    pub(super) fn link(&self, card: &Card) -> BTreeMap<String, String> {
        let chosen = card.params.iter().filter_map(|param| {
            let value = param.parse(self.values.get(param.id.as_ref())?).ok()?;
            (value != self.default(card, param)).then(|| (param.id.to_string(), value.to_string()))
        });
        chosen.collect()
    }
}

/// Whether two requests differ in nothing but target and layers, so that the one's results are an older version of the other's.
pub(super) fn same_way(a: &Request, b: &Request) -> bool {
    let maps = match (&a.map, &b.map) {
        (Some(a), Some(b)) => same_way(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    maps && (&a.method, &a.values, &a.convention) == (&b.method, &b.values, &b.convention)
}

impl State {
    /// Request that the chosen method would be asked now; `None` where something is missing or does not fit.
    pub fn request(&self) -> Option<Request> {
        self.request_of(self.card()?, false)
    }

    /// The same for the map of one layer.
    pub(super) fn request_at_one_layer(&self, card: &Card) -> Option<Request> {
        self.request_of(card, true)
    }

    fn request_of(&self, card: &Card, at_one_layer: bool) -> Option<Request> {
        let explanation = &self.explanation;
        if card.asks.image && self.image.observation.is_none() {
            return None;
        }
        let map = if card.asks.map { Some(self.request_of(&*self.measured(card)?, true)?) } else { None };
        let layers = match (&map, card.asks.layers) {
            (Some(map), _) => map.layers.clone(),
            (None, LayersAsked::None) => Layers::default(),
            (None, _) => {
                let chosen = explanation.layer.as_deref();
                match chosen.and_then(Fusion::named) {
                    Some(fusion) => Layers::Fused(fusion),
                    None if at_one_layer || is_layerwise(card) => Layers::Named(vec![chosen?.to_owned()]),
                    None => Layers::All,
                }
            }
        };
        let form = explanation.form(&card.id);
        Some(Request {
            method: card.id.to_string(),
            target: if card.asks.class { Some(explanation.target.clone()?) } else { None },
            layers,
            values: form.request(card)?,
            convention: form.convention(card).into(),
            map: map.map(Box::new),
        })
    }
}
