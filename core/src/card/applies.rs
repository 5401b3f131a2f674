//! Applicability of methods to models: what its card asks, and what the model has.

use super::{Card, LayersAsked};
use crate::error::Fault;
use crate::fault;
use crate::model::no_classifier;

/// Parts of a model that methods may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer<'a> {
    /// The model's id.
    pub model: &'a str,
    /// How many classes, or outputs of another kind.
    pub classes: usize,
    /// How many layers with feature maps.
    pub layers: usize,
    /// How many of them are no pools.
    pub layers_but_pools: usize,
}

impl Card {
    /// Whether the method can be asked of a model at all.
    ///
    /// # Errors
    /// Why not, and what to do instead: what a page shows beside a method that cannot be chosen, and the command line answers.
    pub fn applies(&self, to: Offer<'_>) -> Result<(), Fault> {
        if self.asks.class && to.classes == 0 {
            return Err(no_classifier(to.model));
        }
        let enough = match self.asks.layers {
            LayersAsked::None => true,
            // The outputs are a layer, too, of an image.
            LayersAsked::One => to.layers > 0 || (self.asks.image && to.classes > 0),
            LayersAsked::Many => to.layers_but_pools > 0,
            LayersAsked::ManyWithPools => to.layers > 0,
        };
        if enough { Ok(()) } else { Err(no_layers(to.model)) }
    }
}

/// The fault of a request for a layer where the model has none.
pub fn no_layers(model: &str) -> Fault {
    fault!(
        "no-layers",
        "the model {model} has no feature maps, so there is no layer to look at; use a method that explains the pixels of the input, such as those of gradients",
        model
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card;
    use crate::card::{Asks, Gives};

    fn method(asks: Asks) -> Card {
        let mut card = card! {
            id: "a", title: "A", family: Cam, paper: ("A", "https://a"), shows: "Shows.", limits: "Limits.", asks: Asks::CLASS,
            gives: Gives::Curve,
        };
        card.asks = asks;
        card
    }

    /// The codes of why each kind of method does not apply, `-` where it does.
    fn codes(classes: usize, layers: usize, layers_but_pools: usize) -> String {
        let offer = Offer { model: "m", classes, layers, layers_but_pools };
        let asks = [Asks::CLASS, Asks::CLASS_AT_LAYERS, Asks::MAP, Asks::LAYERS, Asks::LAYER, Asks::NETWORK];
        let code = |asks| method(asks).applies(offer).map_or_else(|fault| fault.code().to_owned(), |()| "-".into());
        asks.map(code).join(" ")
    }

    #[test]
    fn what_a_model_lacks_is_said_of_each_kind_of_method() {
        assert_eq!(codes(3, 2, 1), "- - - - - -");
        assert_eq!(codes(0, 2, 1), "no-classifier no-classifier no-classifier - - -");
        assert_eq!(codes(3, 1, 0), "- no-layers - - - -");
        assert_eq!(codes(3, 0, 0), "- no-layers - no-layers - no-layers");
        assert_eq!(codes(0, 0, 0), "no-classifier no-classifier no-classifier no-layers no-layers no-layers");
        let said = method(Asks::CLASS).applies(Offer { model: "m", classes: 0, layers: 1, layers_but_pools: 1 });
        assert!(said.unwrap_err().to_string().contains("the model m has no classifier"));
    }
}
