//! Panes of the workspace, and which of them are closed.

use super::{Effect, State};

/// A pane that can be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// Images and classes, on the left.
    Left,
    /// The method and trust, on the right.
    Right,
    /// The layers, below.
    Below,
}

impl Pane {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Left, Self::Right, Self::Below];

    /// Name in the page's classes, in links, and in what is kept.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
            Self::Below => "below",
        }
    }
}

/// The panes that are closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Closed([bool; Pane::ALL.len()]);

impl Closed {
    /// The panes of a text such as `left,below`; none where it names anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut closed = Self::default();
        for name in text.split(',').filter(|name| !name.is_empty()) {
            closed.0[Pane::ALL.iter().position(|pane| pane.name() == name)?] = true;
        }
        Some(closed)
    }

    /// Whether a pane is closed.
    pub fn has(&self, pane: Pane) -> bool {
        Pane::ALL.iter().position(|one| *one == pane).is_some_and(|place| self.0[place])
    }

    /// With a pane opened that is closed, or closed that is open.
    #[must_use]
    fn toggled(mut self, pane: Pane) -> Self {
        for (closed, _) in self.0.iter_mut().zip(Pane::ALL).filter(|(_, one)| *one == pane) {
            *closed = !*closed;
        }
        self
    }
}

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = Pane::ALL.iter().filter(|pane| self.has(**pane)).map(|pane| pane.name()).collect();
        f.write_str(&names.join(","))
    }
}

/// Action on panes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaneAction {
    /// Close a pane that is open, or open one that is closed.
    Toggle(Pane),
}

impl State {
    pub(super) fn change_panes(&mut self, PaneAction::Toggle(pane): PaneAction) -> Vec<Effect> {
        self.panes = self.panes.toggled(pane);
        vec![Effect::KeepPanes(self.panes)]
    }
}
