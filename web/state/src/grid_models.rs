//! Models of a grid: those that are asked beside the one that is seen, and the ways in which their weights are stored.

use super::{Axis, Effect, Packed, State};

impl State {
    /// The packing of a model, where it is known.
    fn packed(&self, id: &str) -> Option<&Packed> {
        self.model.packed.as_deref()?.iter().find(|packed| packed.id == id)
    }

    fn own_model(&self) -> Option<&str> {
        self.model.ready.as_ref().map(|ready| ready.id.as_str())
    }

    /// The ways in which the weights of the model that is seen are stored; of all models, where these are the other axis.
    pub(super) fn grid_codecs(&self) -> Vec<String> {
        let Some(own) = self.own_model().and_then(|id| self.packed(id)) else { return vec![] };
        let several = [&self.grid.rows, &self.grid.columns].iter().any(|side| side.axis == Axis::Model);
        let others = self.model.packed.iter().flat_map(|packed| packed.iter());
        let others = others.filter(|other| several || other.network == own.network).map(|other| &other.stored);
        let mut codecs: Vec<String> = vec![];
        for stored in std::iter::once(&own.stored).chain(others) {
            if !codecs.contains(stored) {
                codecs.push(stored.clone());
            }
        }
        codecs
    }

    /// The model of a cell, by its id where it is another than the one that is seen; `None` where there is no such.
    pub(super) fn cell_model(&self, model: Option<&str>, codec: Option<&str>) -> Option<Option<String>> {
        let own = self.own_model()?;
        let model = model.unwrap_or(own);
        let id = match codec {
            None => model,
            Some(codec) => {
                let network = &self.packed(model)?.network;
                let is = |other: &Packed| other.network == *network && other.stored == codec;
                let own = self.packed(own).filter(|packed| is(packed));
                &own.or_else(|| self.model.packed.as_deref()?.iter().find(|packed| is(packed)))?.id
            }
        };
        Some((id != own).then(|| id.to_owned()))
    }

    /// Reads how the weights of all models are stored, where a grid wants to know.
    pub(super) fn describe_models(&self) -> Option<Effect> {
        let axes = [self.grid.rows.axis, self.grid.columns.axis];
        let wanted = self.grid.open && axes.contains(&Axis::Codec) && self.model.packed.is_none();
        wanted.then(|| Effect::Describe(self.model.list.iter().map(|entry| entry.id.clone()).collect()))
    }

    /// The models that the maps which are still to come would have loaded, and their bytes.
    pub(super) fn grid_loads(&self) -> (usize, u64) {
        let asides = self.grid_asides();
        let open = asides.iter().flatten().filter(|aside| !self.answer(aside).is_some_and(|answer| answer.whole));
        let mut models: Vec<&String> = open.filter_map(|aside| aside.model.as_ref()).collect();
        models.sort_unstable();
        models.dedup();
        let bytes = self.model.list.iter().filter(|entry| models.contains(&&entry.id)).map(|entry| entry.bytes).sum();
        (models.len(), bytes)
    }
}
