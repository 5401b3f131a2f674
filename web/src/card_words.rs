//! Words of cards in the page's language: the catalogue's sentence where it has one, else the card's own, which is English.

use convscope_core::card::{Card, Family};
use convscope_core::explain::Fusion;
use convscope_core::named::Named;
use convscope_core::param::{Kind, Param};

use crate::words::{Words, key};

impl Words {
    fn of_card(&self, key: &str, own: &str) -> String {
        self.find(key, []).unwrap_or_else(|| own.to_owned())
    }

    /// A method's name.
    pub fn method_title(&self, card: &Card) -> String {
        self.of_card(&format!("method-{}-title", card.id), &card.title)
    }

    /// Sentence that says what a method shows.
    pub fn method_shows(&self, card: &Card) -> String {
        self.of_card(&format!("method-{}-shows", card.id), &card.shows)
    }

    /// Sentence that says what a method does not prove.
    pub fn method_limits(&self, card: &Card) -> String {
        self.of_card(&format!("method-{}-limits", card.id), &card.limits)
    }

    /// A kind of method.
    pub fn family_title(&self, family: Family) -> String {
        self.of_card(&format!("family-{}", family.name()), family.name())
    }

    /// A convention's name.
    pub fn convention_title(&self, name: &str) -> String {
        self.of_card(&format!("convention-{name}"), &spaced(name))
    }

    /// A layer's name, or what a map of all layers is called.
    pub fn layer_title(&self, layer: &str) -> String {
        match Fusion::named(layer) {
            Some(fusion) => self.of_card(&format!("fusion-{layer}"), &spaced(fusion.name())),
            None => layer.to_owned(),
        }
    }

    /// What an axis of a curve counts.
    pub fn axis(&self, own: &str) -> String {
        self.of_card(&format!("axis-{}", own.replace(' ', "-")), own)
    }

    /// A parameter's name, which may have another meaning for one method than for all others.
    pub fn param_title(&self, card: &Card, param: &Param) -> String {
        let own = self.find(&format!("param-{}-{}", card.id, param.id), []);
        own.unwrap_or_else(|| self.of_card(&format!("param-{}", param.id), &param.title))
    }

    /// Sentence that says what a parameter does.
    pub fn param_help(&self, card: &Card, param: &Param) -> String {
        let own = self.find(&format!("param-{}-{}-help", card.id, param.id), []);
        own.unwrap_or_else(|| self.of_card(&format!("param-{}-help", param.id), &param.help))
    }

    /// The name of one of a parameter's choices, which may be a method.
    pub fn choice_title(&self, param: &Param, name: &str) -> String {
        let own = self.find(&format!("choice-{}-{name}", param.id), []);
        own.unwrap_or_else(|| self.of_card(&format!("method-{name}-title"), &spaced(name)))
    }

    /// Values of a parameter that fit, as the end of a sentence.
    pub fn range(&self, param: &Param) -> String {
        let between = |min: String, max: String| self.with(key("range"), [("min", min.into()), ("max", max.into())]);
        match &param.kind {
            Kind::Int { min, max, .. } => between(min.to_string(), max.to_string()),
            Kind::Float { min, max, .. } => between(min.to_string(), max.to_string()),
            Kind::Channels { .. } => self.say("range-channels"),
            Kind::Weights { .. } => self.say("range-weights"),
            Kind::Box { .. } => self.say("range-box"),
            Kind::Seed => self.say("range-seed"),
            Kind::Choice { choices, .. } => {
                let names: Vec<String> = choices.iter().map(|(name, _)| self.choice_title(param, name)).collect();
                self.with("range-choice", [("names", names.join(", ").into())])
            }
        }
    }
}

/// A name of a program's as people write it.
fn spaced(name: &str) -> String {
    name.replace('_', " ")
}
