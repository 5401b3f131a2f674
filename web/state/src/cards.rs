//! Methods and layers that the model offers: everything that the page derives from a [`Card`], and what is chosen of them.

use convscope_core::card::{Card, LayersAsked, Offer};
use convscope_core::error::Fault;
use convscope_core::explain::Fusion;
use convscope_core::measurement::Measurement;
use convscope_core::protocol::Tap;

use super::{Shared, State};

/// Whether a method gives maps, which lie over the image and can be compared.
pub fn gives_maps(card: &Card) -> bool {
    card.gives.is_map()
}

/// Whether another layer is another run: only maps that cost little are made of all layers at once.
pub(crate) fn is_layerwise(card: &Card) -> bool {
    match card.asks.layers {
        LayersAsked::None => false,
        LayersAsked::One => true,
        LayersAsked::Many | LayersAsked::ManyWithPools => card.is_expensive() || !gives_maps(card),
    }
}

/// Whether a method's maps can be measured by another method.
fn is_measurable(card: &Card) -> bool {
    card.gives.is_map() && !card.asks.map
}

impl State {
    /// The card of that method.
    pub(super) fn card_of(&self, id: &str) -> Option<&Shared<Card>> {
        self.model.methods.iter().find(|card| card.id == id)
    }

    /// The chosen method's card, once the cards have come.
    pub fn card(&self) -> Option<&Shared<Card>> {
        self.card_of(&self.explanation.method)
    }

    /// The commands of all methods, each once, and whether the model can be asked for one of its methods.
    pub fn commands(&self) -> Vec<(&str, bool)> {
        let mut commands: Vec<(&str, bool)> = vec![];
        for card in &self.model.methods {
            let offered = self.offers(card);
            match commands.iter_mut().find(|(command, _)| *command == card.command) {
                Some((_, any)) => *any |= offered,
                None => commands.push((&card.command, offered)),
            }
        }
        commands
    }

    /// The methods of a command, each with why the model cannot be asked for it, if it cannot.
    pub fn methods_of(&self, command: &str) -> Vec<(Shared<Card>, Option<Fault>)> {
        let methods = self.model.methods.iter().filter(|card| card.command == command);
        methods.map(|card| (card.clone(), self.refusal(card))).collect()
    }

    /// The methods whose maps another method can measure.
    pub fn measurable(&self) -> Vec<Shared<Card>> {
        self.model.methods.iter().filter(|card| is_measurable(card) && self.offers(card)).cloned().collect()
    }

    /// The method whose maps a method measures: the one that was chosen, or else the first.
    pub fn measured(&self, card: &Card) -> Option<Shared<Card>> {
        let chosen = self.explanation.form(&card.id).map;
        let offered = self.measurable();
        offered.iter().find(|card| Some(card.id.as_ref()) == chosen.as_deref()).or(offered.first()).cloned()
    }

    /// Measurements that are charted: a number that goes with a map is said below that.
    pub fn charted(&self) -> &[Shared<Measurement>] {
        let maps = self.card().is_some_and(|card| gives_maps(card));
        if maps { &[] } else { &self.explanation.results.measurements }
    }

    /// The number that a map of a layer comes to, where its method says one.
    pub fn comes_to(&self, layer: &str) -> Option<f64> {
        let found = self.explanation.results.measurements.iter().find(|one| one.layer == layer);
        found.filter(|_| self.charted().is_empty())?.reading.value
    }

    /// Whether the model that is ready can be asked for a method.
    pub fn offers(&self, card: &Card) -> bool {
        self.refusal(card).is_none()
    }

    /// Why the model that is ready cannot be asked for a method.
    pub fn refusal(&self, card: &Card) -> Option<Fault> {
        let ready = self.model.ready.as_deref()?;
        let but_pools = ready.taps.iter().filter(|tap| !tap.pool).count();
        let offer = Offer {
            model: &ready.id,
            classes: ready.labels.len(),
            layers: ready.taps.len(),
            layers_but_pools: but_pools,
        };
        card.applies(offer).err()
    }

    /// The layers that the chosen method can be asked about; none where it is about the input.
    pub fn layers(&self) -> Vec<&Tap> {
        match self.layers_asked() {
            None | Some(LayersAsked::None) => vec![],
            Some(_) => self.taps(),
        }
    }

    /// Rules by which all layers can be had in one map; none where the chosen method's maps cannot.
    pub fn fused_layers(&self) -> &'static [Fusion] {
        if self.layers_asked() == Some(LayersAsked::Many) && self.taps().len() > 1 { Fusion::ALL } else { &[] }
    }

    /// Number of layers that the chosen method takes, or the one whose map it measures.
    fn layers_asked(&self) -> Option<LayersAsked> {
        let card = self.card()?;
        let measured = if card.asks.map { self.measured(card) } else { None };
        Some(measured.as_ref().unwrap_or(card).asks.layers)
    }

    /// The layers that can be chosen: maps of a class leave out the pools; one layer of an image can be the class outputs too.
    fn taps(&self) -> Vec<&Tap> {
        let (Some(ready), Some(card)) = (self.model.ready.as_deref(), self.card()) else { return vec![] };
        let asked = self.layers_asked();
        let pools = matches!(asked, Some(LayersAsked::One | LayersAsked::ManyWithPools));
        let outputs = ready.outputs.iter().filter(|_| asked == Some(LayersAsked::One) && card.asks.image);
        ready.taps.iter().filter(|tap| pools || !tap.pool).chain(outputs).collect()
    }

    /// Gives up a method that the model does not offer for the first one that it does.
    pub(super) fn fit_method(&mut self) {
        if !self.card().is_some_and(|card| self.offers(card)) {
            // A tab's first method is what it is about: without a classifier, few methods of the first tab are left.
            let begins =
                |card: &Card| self.methods_of(&card.command).first().is_some_and(|(first, _)| first.id == card.id);
            let offered = || self.model.methods.iter().filter(|card| self.offers(card));
            let first = offered().find(|card| begins(card)).or(offered().next()).map(|card| card.id.to_string());
            self.explanation.take_method(first.unwrap_or_default());
        }
        self.fit_layer();
    }

    /// Gives up a layer that cannot be chosen for the last one that can.
    pub(super) fn fit_layer(&mut self) {
        let taps = self.taps();
        let offers = |layer: &str| {
            taps.iter().any(|tap| tap.name == layer) || self.fused_layers().iter().any(|fusion| fusion.name() == layer)
        };
        if !self.explanation.layer.as_deref().is_some_and(offers) {
            let outputs = self.model.ready.as_deref().and_then(|ready| ready.outputs.as_ref());
            let feature_maps = |tap: &&&Tap| !tap.pool && Some(**tap) != outputs;
            self.explanation.layer = taps.iter().rfind(feature_maps).map(|tap| tap.name.clone());
        }
    }
}
