//! Requests: which method is to explain what, with which parameters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::card::{Card, LayersAsked};
use crate::error::{Error, Result};
use crate::explain::{Convention, Fusion};
use crate::fault;
use crate::named::Named;
use crate::param::{Value, Values};
use crate::target::Target;

/// Which layers are meant. Written `all`, `last`, `fused` (or another [`Fusion`]'s name), or names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layers {
    /// All that the model's makers found worth showing.
    All,
    /// The last of them that is no pool.
    #[default]
    Last,
    /// All, their maps made one by a rule.
    Fused(Fusion),
    /// Layers by name.
    Named(Vec<String>),
}

impl Layers {
    /// The layers that `text` means: `all`, `last`, a [`Fusion`]'s name, or a layer's.
    pub fn parse(text: &str) -> Self {
        match text {
            "all" => Self::All,
            "last" => Self::Last,
            name => Fusion::named(name).map_or_else(|| Self::Named(vec![name.to_owned()]), Self::Fused),
        }
    }

    /// The rule by which their maps become one, where they do.
    pub fn fusion(&self) -> Option<Fusion> {
        if let Self::Fused(fusion) = self { Some(*fusion) } else { None }
    }
}

impl std::fmt::Display for Layers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Last => f.write_str("last"),
            Self::Fused(fusion) => f.write_str(fusion.name()),
            Self::Named(names) => f.write_str(&names.join(", ")),
        }
    }
}

/// Request for an explanation: the method, and what it is to explain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Method's id.
    pub method: String,
    /// Target: a class, or a weighted sum of classes.
    pub target: Option<Target>,
    /// Layers.
    pub layers: Layers,
    /// Parameters that differ from their defaults.
    pub values: BTreeMap<String, Value>,
    /// Convention's name; the usual one of the method where it is empty.
    pub convention: String,
    /// Request for the map that is measured.
    pub map: Option<Box<Request>>,
}

/// Request that fits its method's card.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Target, where the method asks for a class.
    pub target: Option<Target>,
    /// Layers.
    pub layers: Layers,
    /// All parameters.
    pub values: Values,
    /// Convention.
    pub convention: Convention,
    /// Request for the map that is measured.
    pub map: Option<Box<Request>>,
}

impl Request {
    /// Sets a parameter, as people write it.
    ///
    /// # Errors
    /// [`Error::Request`] where the method has no such parameter, or it does not take that value.
    pub fn set(&mut self, card: &Card, id: &str, value: &str) -> Result<()> {
        let param = card.param(id).ok_or_else(|| Error::Request(card.no_param(id)))?;
        self.values.insert(id.into(), param.parse(value).map_err(Error::Request)?);
        Ok(())
    }

    /// The same request for the one of its maps that is of `layer`. A fused map is of all layers, by the rule that made it, whatever it is
    /// called.
    #[must_use]
    pub fn at_layer(&self, card: &Card, layer: &str) -> Self {
        let layers = match (card.asks.layers, &self.layers) {
            (LayersAsked::None, _) => Layers::default(),
            (_, Layers::Fused(fusion)) => Layers::Fused(*fusion),
            _ => Layers::Named(vec![layer.to_owned()]),
        };
        Self { layers, ..self.clone() }
    }

    /// The request in the form in which a method gets it.
    ///
    /// # Errors
    /// [`Error::Request`] where something is missing, too much, or out of its range.
    pub fn check(&self, card: &Card) -> Result<Checked> {
        let method = &card.id;
        if card.asks.class && self.target.is_none() {
            return Err(Error::Request(fault!(
                "class-needed",
                "the method {method} explains a class; name one",
                method
            )));
        }
        if card.asks.map && self.map.is_none() {
            return Err(Error::Request(fault!(
                "map-needed",
                "the method {method} measures another method's map; name that method",
                method
            )));
        }
        if let Layers::Fused(fusion) = self.layers
            && card.asks.layers != LayersAsked::Many
            && !card.asks.map
        {
            return Err(Error::Request(fault!(
                "layers-not-fused",
                "{word} makes no map of each layer, so there is nothing to make {layer} of; leave that out, or use a class activation map",
                word = card.word(),
                layer = fusion.name()
            )));
        }
        let several = match &self.layers {
            Layers::All | Layers::Fused(_) => true,
            Layers::Last => false,
            Layers::Named(names) => names.len() != 1,
        };
        if card.asks.layers == LayersAsked::One && several {
            return Err(Error::Request(fault!(
                "layer-needed",
                "{word} takes one layer at a time; name it, or say last",
                word = card.word()
            )));
        }
        let variant = card.variant(&self.convention).map_err(Error::Request)?;
        Ok(Checked {
            target: self.target.clone(),
            layers: self.layers.clone(),
            values: Values::new(card, &variant.name, &self.values).map_err(Error::Request)?,
            convention: Convention::named(&variant.name)?,
            map: self.map.clone(),
        })
    }
}
