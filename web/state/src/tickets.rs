//! Tickets of the worker's commands: which answers are waited for.

use convscope_core::protocol::Ticket;

/// Tickets that each kind of answer must bear; an answer to an older one is stale.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tickets {
    pub(super) last: Ticket,
    pub(super) open: Option<Ticket>,
    pub(super) look: Option<Ticket>,
    pub(super) run: Option<Ticket>,
    pub(super) trust: Option<Ticket>,
    pub(super) compare: Option<Ticket>,
    pub(super) aside: Option<Ticket>,
}

/// The kind of a command that is being answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Look,
    Run,
    Trust,
    Compare,
    Aside,
}

impl Tickets {
    /// What a ticket's answers are about; `None` of one that is no longer waited for.
    pub(super) fn kind(&self, ticket: Ticket) -> Option<Kind> {
        let Tickets { open, look, run, trust, compare, aside, .. } = *self;
        let kinds = [
            (open, Kind::Open),
            (look, Kind::Look),
            (run, Kind::Run),
            (trust, Kind::Trust),
            (compare, Kind::Compare),
            (aside, Kind::Aside),
        ];
        kinds.into_iter().find(|(other, _)| *other == Some(ticket)).map(|(_, kind)| kind)
    }
}
