//! Messages to [`App`](super::App).

use convscope_core::error::Fault;
use convscope_core::protocol::{Command, Ticket};
use convscope_page::Action;

use crate::components::Example;

/// Message to [`App`].
#[derive(Clone, Debug)]
pub enum Msg {
    /// Something for the state.
    Act(Action),
    /// Something is dragged over the page, or no longer.
    Dragged(bool),
    /// Files have been chosen, dropped or pasted.
    Files(Vec<web_sys::File>),
    /// A file that a command takes has been read, or not.
    Read(Ticket, Box<Command>, Result<Vec<u8>, Fault>),
    /// A key that belongs to no field has been pressed.
    Key(String),
    /// An example has been chosen.
    Example(Example),
    /// There is a real GPU, and time to get the program for it.
    StandBy,
}

impl Msg {
    pub(super) fn act(action: impl Into<Action>) -> Self {
        Self::Act(action.into())
    }
}
