//! The box that a person draws around an object, one for all methods that ask for one, and the map that it is drawn over.

use convscope_core::card::Card;
use convscope_core::explain::BoundingBox;
use convscope_core::nn::Graph;
use convscope_core::param::{Kind, Param};
use convscope_core::request::Layers;

use super::form::same_way;
use super::{Effect, Shared, Shown, State};

/// Action on the box around an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BoxAction {
    /// Draw it there.
    Draw(BoundingBox),
}

/// The parameter of a method that is a box.
fn box_of(card: &Card) -> Option<&Param> {
    card.params.iter().find(|param| matches!(param.kind, Kind::Box { .. }))
}

impl State {
    /// The box of the chosen method, if it asks for one.
    pub fn bounding_box(&self) -> Option<BoundingBox> {
        let card = self.card()?;
        self.explanation.form(&card.id).text(card, box_of(card)?).parse().ok()
    }

    /// Edges of the box that a person has drawn, for any method or to look into it, in shares of what the network sees: left, top, right and
    /// bottom; none where there is none.
    pub fn drawn_edges(&self) -> Option<[f64; 4]> {
        self.image.observation.as_ref()?;
        let looked_into = self.drill.place.filter(|place| place.width > 0.0 && place.height > 0.0);
        let typed = |card: &Shared<Card>| {
            let form = self.explanation.form(&card.id);
            form.values.get(box_of(card)?.id.as_ref())?.parse::<BoundingBox>().ok()
        };
        let drawn = looked_into.or_else(|| self.model.methods.iter().find_map(typed))?;
        Some(drawn.within(self.image.region(), self.image.size()))
    }

    pub(super) fn change_box(&mut self, action: BoxAction) -> Vec<Effect> {
        let BoxAction::Draw(drawn) = action;
        let before = self.request();
        for card in self.model.methods.clone() {
            if let Some(param) = box_of(&card) {
                let mut form = self.explanation.form(&card.id);
                form.set(&card, &param.id, drawn.to_string());
                self.explanation.set_form(&card.id, form);
            }
        }
        // Whoever draws a box asks for what is in it, unless the map takes its time.
        let measured = self.card().and_then(|card| self.measured(card));
        let asks = self.bounding_box().is_some() && measured.is_some_and(|card| !card.is_expensive());
        if asks && self.request() != before { self.run() } else { vec![] }
    }

    /// Sets a parameter of the chosen method as it was typed; a box is that of all methods that ask for one.
    pub(super) fn set_value(&mut self, id: &str, text: String) -> Vec<Effect> {
        let drawn = self.card().and_then(|card| box_of(card)).filter(|param| param.id == id);
        match drawn.and_then(|_| text.parse().ok()) {
            Some(drawn) => self.change_box(BoxAction::Draw(drawn)),
            None => self.change_form(|form, card| form.set(card, id, text)),
        }
    }

    /// The map that is seen: that of the chosen method, or the one that it measures, if that has been made.
    pub(super) fn seen_map(&self) -> Option<&Shown> {
        self.explanation.current().or_else(|| {
            let wanted = self.request()?.map?;
            let layer = match &wanted.layers {
                Layers::Named(names) => names.first()?.as_str(),
                Layers::Fused(fusion) => fusion.name(),
                Layers::All | Layers::Last => Graph::INPUT,
            };
            let shown = self.explanation.results_of(&wanted.method)?.map(layer)?;
            (shown.request.target == wanted.target && same_way(&shown.request, &wanted)).then_some(shown)
        })
    }
}
