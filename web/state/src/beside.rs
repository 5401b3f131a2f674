//! Views beside the stage in links: one map in all conventions, or the model in all packings. A link opens them; what takes more than
//! a moment there waits for a button.

use super::{ConventionsAction, ConventionsState, Effect, FidelityState, State};

/// View that stands beside the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BesideView {
    /// One map in all conventions of its method.
    Conventions,
    /// The model in all packings of its weights.
    Fidelity,
}

impl BesideView {
    /// All of them.
    const ALL: [Self; 2] = [Self::Conventions, Self::Fidelity];

    /// Name in links.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Conventions => "conventions",
            Self::Fidelity => "fidelity",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }
}

impl State {
    /// The view that is open.
    pub(super) fn beside_view(&self) -> Option<BesideView> {
        if self.conventions.open && self.conventions().is_some() {
            return Some(BesideView::Conventions);
        }
        (self.fidelity.open && self.has_fidelity()).then_some(BesideView::Fidelity)
    }

    /// Opens the view that a link says, where there can be one, and closes any other.
    pub(super) fn follow_view(&mut self, view: Option<BesideView>) -> Vec<Effect> {
        if view == self.beside_view() {
            return vec![];
        }
        let mut effects = self.change_conventions(ConventionsAction::Open(false));
        effects.extend(self.close_fidelity());
        match view {
            Some(BesideView::Conventions) => {
                self.conventions = ConventionsState { open: true, unasked: true, ..ConventionsState::default() };
            }
            Some(BesideView::Fidelity) => self.fidelity = FidelityState { open: true, ..FidelityState::default() },
            None => {}
        }
        effects
    }
}
