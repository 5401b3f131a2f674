//! What a survey asks of every image.

use convscope_core::card::{Card, LayersAsked};
use convscope_core::export::sha256;
use convscope_core::model::Outputs;
use convscope_core::request::{Layers, Request};

use crate::{Shared, State, gives_maps};

/// Model, method and layer of a survey.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The model's id.
    pub(super) id: String,
    /// Its name for people.
    pub(super) name: String,
    /// SHA-256 of the model.
    pub(super) hash: String,
    /// The request, whose target is the likeliest class.
    pub(super) request: Request,
}

impl Plan {
    /// Name under which its findings are kept: another for anything else that is asked, and for another version of the program.
    pub(super) fn key(&self) -> String {
        let request = serde_json::to_string(&self.request).unwrap_or_default();
        sha256(format!("{} {} {request}", env!("CARGO_PKG_VERSION"), self.hash).as_bytes())
    }
}

/// One asks what the other does.
impl PartialEq for Plan {
    fn eq(&self, other: &Self) -> bool {
        (&self.hash, &self.request) == (&other.hash, &other.request)
    }
}

fn explains(card: &Card) -> bool {
    gives_maps(card) && card.asks.class && !card.asks.map
}

impl State {
    /// The method whose maps a survey keeps: the chosen one, where it explains a class by a map, or else the first that does.
    pub fn survey_method(&self) -> Option<&Shared<Card>> {
        let first = || self.model.methods.iter().find(|card| explains(card) && self.offers(card));
        self.card().filter(|card| explains(card) && self.offers(card)).or_else(first)
    }

    /// What a survey would ask that begins now.
    pub(super) fn survey_plan(&self) -> Option<Plan> {
        let (card, ready) = (self.survey_method()?, self.model.ready.as_ref()?);
        let form = self.explanation.form(&card.id);
        let layers = if card.asks.layers == LayersAsked::None { Layers::default() } else { Layers::Last };
        let request = Request {
            method: card.id.to_string(),
            layers,
            values: form.request(card)?,
            convention: form.convention.clone(),
            ..Request::default()
        };
        Some(Plan { id: ready.id.clone(), name: ready.name.clone(), hash: ready.hash.clone(), request })
    }

    /// The model's classes, by what people call them.
    pub(super) fn outputs(&self) -> Option<Outputs<'_>> {
        let ready = self.model.ready.as_ref()?;
        Some(Outputs { model: &ready.id, labels: &ready.labels, first: ready.first_output })
    }
}
