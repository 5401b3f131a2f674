//! Tickets of the worker's commands: which answers are waited for.

use convscope_core::protocol::Ticket;

use super::WorkerState;

/// The kind of a command that is being answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A model is loaded.
    Open,
    /// An image is looked at.
    Look,
    /// The chosen method runs, or what it gave is written down.
    Run,
    /// What is seen is measured.
    Trust,
    /// Conventions are compared.
    Compare,
    /// Packings are compared.
    Weigh,
    /// A request beside what is seen.
    Aside,
    /// A step of teaching.
    Teach,
    /// A step of a survey.
    Survey,
}

impl Kind {
    /// All of them, in their order.
    const ALL: [Self; 9] = [
        Self::Open,
        Self::Look,
        Self::Run,
        Self::Trust,
        Self::Compare,
        Self::Weigh,
        Self::Aside,
        Self::Teach,
        Self::Survey,
    ];

    /// Whether nobody waits for it, so that any newer command puts an end to it.
    const fn gives_way(self) -> bool {
        !matches!(self, Self::Open | Self::Look | Self::Run)
    }
}

/// Tickets that each kind of answer must bear; an answer to an older one is stale.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tickets {
    last: Ticket,
    /// The one of each kind, in the order of [`Kind::ALL`].
    waiting: [Option<Ticket>; Kind::ALL.len()],
}

impl Tickets {
    /// What a ticket's answers are about; `None` of one that is no longer waited for.
    pub(super) fn kind(&self, ticket: Ticket) -> Option<Kind> {
        Kind::ALL.into_iter().find(|&kind| self.waiting[kind as usize] == Some(ticket))
    }

    /// Whether an answer to any of these kinds is waited for.
    pub(super) fn any(&self, kinds: &[Kind]) -> bool {
        kinds.iter().any(|&kind| self.waiting[kind as usize].is_some())
    }

    /// Whether any answer is waited for.
    pub(super) fn busy(&self) -> bool {
        self.any(&Kind::ALL)
    }
}

impl WorkerState {
    /// A ticket for a model of so many bytes; nothing from before is waited for.
    pub(super) fn opening(&mut self, total: u64) -> Ticket {
        self.forget_tickets();
        self.bytes = (0, total);
        self.begin(Kind::Open)
    }

    /// A ticket for an image; no result about the one before is waited for.
    pub(super) fn looking(&mut self) -> Ticket {
        self.end(Kind::Run);
        self.begin(Kind::Look)
    }

    /// A ticket for a command of that kind.
    pub(super) fn begin(&mut self, kind: Kind) -> Ticket {
        let ticket = self.ticket();
        self.tickets.waiting[kind as usize] = Some(ticket);
        ticket
    }

    /// Whether an answer of that kind is waited for.
    pub(super) fn expects(&self, kind: Kind) -> bool {
        self.tickets.any(&[kind])
    }

    /// A command of that kind has come to its end.
    pub(super) fn end(&mut self, kind: Kind) {
        self.tickets.waiting[kind as usize] = None;
    }

    /// A ticket for the order to stop a command of that kind, if one goes on.
    pub(super) fn stop(&mut self, kind: Kind) -> Option<Ticket> {
        self.tickets.waiting[kind as usize].take().map(|_| self.ticket())
    }

    pub(super) fn forget_tickets(&mut self) {
        self.tickets = Tickets { last: self.tickets.last, ..Tickets::default() };
    }

    /// A new ticket, which cancels what gives way.
    fn ticket(&mut self) -> Ticket {
        Kind::ALL.into_iter().filter(|kind| kind.gives_way()).for_each(|kind| self.end(kind));
        self.tickets.last += 1;
        self.tickets.last
    }
}
