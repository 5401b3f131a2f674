//! Techniques and layers that the model has, and what is chosen of them.

use convscope_core::protocol::Tap;

use super::{State, Technique};

impl State {
    /// Whether the model that is ready can be asked that way: class maps want a classifier.
    pub fn offers(&self, technique: Technique) -> bool {
        technique != Technique::Classes || self.model.has_classes()
    }

    /// The layers that can be chosen: class activation maps leave out the pools, deconvnet can start from the class outputs too.
    pub fn layers(&self) -> Vec<&Tap> {
        let Some(ready) = self.model.ready.as_deref() else { return vec![] };
        let technique = self.explanation.technique;
        let pools = technique != Technique::Classes;
        let outputs = ready.outputs.iter().filter(|_| technique == Technique::Deconvnet);
        ready.taps.iter().filter(|tap| pools || !tap.pool).chain(outputs).collect()
    }

    /// Gives up a technique that the model does not have, and takes the first one up again where it does.
    pub(super) fn fit_technique(&mut self) {
        if !self.offers(self.explanation.technique) {
            self.explanation.technique = Technique::Activations;
        }
        self.fit_layer();
    }

    /// Gives up a layer that cannot be chosen for the last one that can.
    pub(super) fn fit_layer(&mut self) {
        let layers = self.layers();
        if !self.explanation.layer.as_deref().is_some_and(|layer| layers.iter().any(|tap| tap.name == layer)) {
            let outputs = self.model.ready.as_deref().and_then(|ready| ready.outputs.as_ref());
            let feature_maps = |tap: &&&Tap| !tap.pool && Some(**tap) != outputs;
            self.explanation.layer = layers.iter().rfind(feature_maps).map(|tap| tap.name.clone());
        }
    }
}
