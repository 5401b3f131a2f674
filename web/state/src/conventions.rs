//! One map in all conventions of its method, side by side, while a person wants to see that. Nobody waits for it: it gives way to
//! everything that is asked for, and follows what is chosen elsewhere where that costs little.

use convscope_core::explain::InConvention;
use convscope_core::protocol::{Command, Event};
use convscope_core::request::Request;

use super::tickets::Kind;
use super::{Busy, Effect, Observation, Shared, State, Text, gives_maps};

/// Comparison of the conventions of one map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConventionsState {
    /// Whether the view is open.
    pub open: bool,
    /// Whether a link has opened it and no person, so that it may take no more than a moment.
    pub(super) unasked: bool,
    /// The map that is compared: its request, and what the network made of the image.
    pub(super) asked: Option<(Request, Shared<Observation>)>,
    /// The map in each convention, the others compared with the first; empty until they have come.
    pub compared: Vec<Shared<InConvention>>,
    /// Steps taken and steps in all, while it goes on.
    pub progress: Option<(usize, usize)>,
    /// Why there is nothing to compare.
    pub failed: Option<Text>,
}

/// Action on the comparison of conventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConventionsAction {
    /// Open the view, or close it.
    Open(bool),
    /// Compare the map that is chosen now.
    Compare,
}

impl State {
    /// The map whose conventions can be compared now: that of the chosen method, at the chosen layer.
    fn comparable(&self) -> Option<(Request, Shared<Observation>)> {
        let card = self.card().filter(|card| gives_maps(card) && card.conventions.len() > 1)?;
        // Whichever convention is chosen, it is one of those that are compared.
        let request = Request { convention: String::new(), ..self.request_at_one_layer(card)? };
        Some((request, self.image.observation.clone()?))
    }

    /// Whether the view holds, or is about to get, the map that is chosen now.
    fn is_compared(&self) -> bool {
        self.conventions.asked.is_some() && self.conventions.asked == self.comparable()
    }

    /// The comparison, where the chosen method has several conventions to compare, and whether it is of another map than the chosen one.
    pub fn conventions(&self) -> Option<(ConventionsState, bool)> {
        self.comparable()?;
        let progress = self.conventions.progress.filter(|_| self.worker.expects(Kind::Compare));
        let stale = !self.conventions.compared.is_empty() && !self.is_compared();
        Some((ConventionsState { progress, ..self.conventions.clone() }, stale))
    }

    /// Whether the worker could compare now.
    pub fn can_compare(&self) -> bool {
        self.worker.busy() == Busy::No && self.worker.answers() && self.comparable().is_some()
    }

    /// Whether the view, which is open, lacks the map that is chosen now, and that costs little.
    pub fn is_comparison_due(&self) -> bool {
        let conventions = &self.conventions;
        let known =
            !conventions.compared.is_empty() || conventions.failed.is_some() || self.worker.expects(Kind::Compare);
        let lacks = !(known && self.is_compared());
        conventions.open
            && lacks
            && !self.comparison_waits()
            && self.can_compare()
            && !self.worker.expects(Kind::Compare)
    }

    /// Whether it waits for a person: it takes its time, or more than a moment where a link alone has asked for it.
    pub fn comparison_waits(&self) -> bool {
        let Some(card) = self.card() else { return false };
        card.is_expensive() || self.conventions.unasked && !self.takes_little(card.conventions.len())
    }

    pub(super) fn change_conventions(&mut self, action: ConventionsAction) -> Vec<Effect> {
        match action {
            ConventionsAction::Open(true) => {
                (self.conventions.open, self.conventions.unasked) = (true, false);
                // One thing stands beside the stage.
                self.drill.place = None;
                self.grid.open = false;
                let closed = self.close_fidelity();
                if self.is_comparison_due() { self.compare() } else { closed }
            }
            ConventionsAction::Open(false) => {
                self.conventions = ConventionsState::default();
                let ticket = self.worker.stop(Kind::Compare);
                ticket.map(|ticket| Effect::Send(ticket, Command::Stop)).into_iter().collect()
            }
            ConventionsAction::Compare => {
                // Where it waits, this is a person's doing.
                self.conventions.unasked &= !self.comparison_waits();
                self.compare()
            }
        }
    }

    fn compare(&mut self) -> Vec<Effect> {
        let Some(asked) = self.comparable().filter(|_| self.can_compare()) else { return vec![] };
        let command = Command::CompareConventions(asked.0.clone());
        let same_image = self.conventions.asked.as_ref().is_some_and(|(_, seen)| *seen == asked.1);
        // What is seen of another map of the image stays until the new one comes.
        let compared = if same_image { std::mem::take(&mut self.conventions.compared) } else { vec![] };
        let unasked = self.conventions.unasked;
        self.conventions =
            ConventionsState { open: true, unasked, asked: Some(asked), compared, ..ConventionsState::default() };
        vec![Effect::Send(self.worker.begin(Kind::Compare), command)]
    }

    pub(super) fn take_conventions(&mut self, event: Event) -> Vec<Effect> {
        let conventions = &mut self.conventions;
        match event {
            Event::Progress { done, total } => conventions.progress = Some((done, total)),
            Event::Conventions(compared) => conventions.compared = compared.into_iter().map(Shared::from).collect(),
            Event::Done { .. } => self.worker.end(Kind::Compare),
            _ => {}
        }
        vec![]
    }

    /// Said in the view alone: what is seen beside it is none the worse.
    pub(super) fn conventions_failed(&mut self, why: Text) -> Vec<Effect> {
        self.worker.end(Kind::Compare);
        self.conventions.compared.clear();
        self.conventions.failed = Some(why);
        vec![]
    }

    /// The worker has died. If it was comparing, that may have been the cause, and is not begun again by itself.
    pub(super) fn conventions_died(&mut self) {
        if self.worker.expects(Kind::Compare) {
            self.conventions = ConventionsState::default();
        }
    }
}
