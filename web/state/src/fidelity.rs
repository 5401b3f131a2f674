//! The model beside itself in other packings of its weights, while a person wants to see that. Nobody waits for it: it gives way to
//! everything that is asked for, and is begun again by a button, since each packing is a model to load.

use std::rc::Rc;

use convscope_core::card::LayersAsked;
use convscope_core::explain::InPacking;
use convscope_core::protocol::{Command, Event};
use convscope_core::request::{Layers, Request};

use super::tickets::Kind;
use super::{Busy, ConventionsAction, Effect, Observation, Shared, State, Text, gives_maps};

/// Comparison of the packings of one model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FidelityState {
    /// Whether the view is open.
    pub open: bool,
    /// The maps that are compared: their request, the layer that is looked at, and what the network made of the image.
    pub(super) asked: Option<(Request, String, Shared<Observation>)>,
    /// The model in each packing, the finest first; empty until they have come.
    pub packings: Rc<[Shared<InPacking>]>,
    /// Steps taken and steps in all, while it goes on.
    pub progress: Option<(usize, usize)>,
    /// Bytes so far and in all of the packing that is being loaded.
    pub loading: Option<(u64, u64)>,
    /// Why there is nothing to compare.
    pub failed: Option<Text>,
}

/// Action on the comparison of packings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FidelityAction {
    /// Open the view, or close it.
    Open(bool),
    /// Compare what is chosen now.
    Compare,
}

impl State {
    /// What would be compared now: maps of all layers where the chosen method has such.
    fn in_packings(&self) -> Option<(Request, String, Shared<Observation>)> {
        let card = self.card().filter(|card| gives_maps(card))?;
        let request = self.request_at_one_layer(card)?;
        let all = card.asks.layers == LayersAsked::Many && !card.is_expensive();
        let request = if all { Request { layers: Layers::All, ..request } } else { request };
        Some((request, self.explanation.layer.clone().unwrap_or_default(), self.image.observation.clone()?))
    }

    /// Whether the model can be compared with its other packings.
    pub fn has_fidelity(&self) -> bool {
        self.in_packings().is_some()
    }

    /// Whether the worker could compare now.
    pub fn can_compare_packings(&self) -> bool {
        self.worker.busy() == Busy::No && self.worker.answers() && self.has_fidelity()
    }

    /// The comparison, where it is open, and whether it lacks what is chosen now.
    pub fn fidelity(&self) -> Option<(FidelityState, bool)> {
        let fidelity = &self.fidelity;
        if !fidelity.open || !self.has_fidelity() {
            return None;
        }
        let runs = self.worker.expects(Kind::Weigh);
        let (progress, loading) = (fidelity.progress.filter(|_| runs), fidelity.loading.filter(|_| runs));
        let known = !fidelity.packings.is_empty() || fidelity.failed.is_some();
        let stale = !(runs || known && fidelity.asked == self.in_packings());
        Some((FidelityState { progress, loading, ..fidelity.clone() }, stale))
    }

    pub(super) fn change_fidelity(&mut self, action: FidelityAction) -> Vec<Effect> {
        match action {
            FidelityAction::Open(true) => {
                // One thing stands beside the stage.
                self.drill.place = None;
                self.grid.open = false;
                let closed = self.change_conventions(ConventionsAction::Open(false));
                self.fidelity.open = true;
                let begun = self.compare_packings();
                if begun.is_empty() { closed } else { begun }
            }
            FidelityAction::Open(false) => self.close_fidelity(),
            FidelityAction::Compare => self.compare_packings(),
        }
    }

    pub(super) fn close_fidelity(&mut self) -> Vec<Effect> {
        self.fidelity = FidelityState::default();
        let ticket = self.worker.stop(Kind::Weigh);
        ticket.map(|ticket| Effect::Send(ticket, Command::Stop)).into_iter().collect()
    }

    fn compare_packings(&mut self) -> Vec<Effect> {
        let Some(asked) = self.in_packings().filter(|_| self.can_compare_packings()) else { return vec![] };
        let (request, layer, _) = asked.clone();
        let others = self.model.list.iter().map(|entry| &entry.id).filter(|id| **id != self.model.chosen);
        let command = Command::ComparePackings { request, layer, models: others.cloned().collect() };
        self.fidelity = FidelityState { open: true, asked: Some(asked), ..FidelityState::default() };
        vec![Effect::Send(self.worker.begin(Kind::Weigh), command)]
    }

    pub(super) fn take_packings(&mut self, event: Event) -> Vec<Effect> {
        let fidelity = &mut self.fidelity;
        match event {
            Event::Progress { done, total } => fidelity.progress = Some((done, total)),
            Event::Loading { done, total } => fidelity.loading = Some((done, total)).filter(|_| done < total),
            Event::Packings(mut packings) => {
                // As the list of classes calls them: those that share a name are told apart there.
                for class in packings.iter_mut().flat_map(|one| &mut one.classes) {
                    if let Some(known) = self.image.class(class.index) {
                        class.name.clone_from(&known.name);
                    }
                }
                fidelity.packings = packings.into_iter().map(Shared::from).collect();
            }
            Event::Done { .. } => self.worker.end(Kind::Weigh),
            _ => {}
        }
        vec![]
    }

    /// Said in the view alone: what is seen beside it is none the worse.
    pub(super) fn packings_failed(&mut self, why: Text) -> Vec<Effect> {
        self.worker.end(Kind::Weigh);
        self.fidelity.failed = Some(why);
        vec![]
    }

    /// The worker has died. If it was comparing, that may have been the cause, and is not begun again by itself.
    pub(super) fn fidelity_died(&mut self) {
        if self.worker.expects(Kind::Weigh) {
            self.fidelity = FidelityState::default();
        }
    }
}
