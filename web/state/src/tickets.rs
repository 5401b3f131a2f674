//! Tickets of the worker's commands: which answers are waited for.

use convscope_core::protocol::Ticket;

use super::WorkerState;

/// Tickets that each kind of answer must bear; an answer to an older one is stale.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tickets {
    pub(super) last: Ticket,
    pub(super) open: Option<Ticket>,
    pub(super) look: Option<Ticket>,
    pub(super) run: Option<Ticket>,
    pub(super) trust: Option<Ticket>,
    pub(super) compare: Option<Ticket>,
    pub(super) weigh: Option<Ticket>,
    pub(super) aside: Option<Ticket>,
    pub(super) survey: Option<Ticket>,
}

/// The kind of a command that is being answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Look,
    Run,
    Trust,
    Compare,
    Weigh,
    Aside,
    Survey,
}

impl Tickets {
    /// What a ticket's answers are about; `None` of one that is no longer waited for.
    pub(super) fn kind(&self, ticket: Ticket) -> Option<Kind> {
        let Tickets { open, look, run, trust, compare, weigh, aside, survey, .. } = *self;
        let kinds = [
            (open, Kind::Open),
            (look, Kind::Look),
            (run, Kind::Run),
            (trust, Kind::Trust),
            (compare, Kind::Compare),
            (weigh, Kind::Weigh),
            (aside, Kind::Aside),
            (survey, Kind::Survey),
        ];
        kinds.into_iter().find(|(other, _)| *other == Some(ticket)).map(|(_, kind)| kind)
    }
}

impl WorkerState {
    /// A ticket for a model of so many bytes; nothing from before is waited for.
    pub(super) fn opening(&mut self, total: u64) -> Ticket {
        let ticket = self.ticket();
        self.forget_tickets();
        self.tickets.open = Some(ticket);
        self.bytes = (0, total);
        ticket
    }

    /// A ticket for the order to stop loading a model, if one is on its way.
    pub(super) fn stop_opening(&mut self) -> Option<Ticket> {
        self.tickets.open.take().map(|_| self.ticket())
    }

    /// A ticket for an image; no result about the one before is waited for.
    pub(super) fn looking(&mut self) -> Ticket {
        let ticket = self.ticket();
        self.tickets.look = Some(ticket);
        self.tickets.run = None;
        ticket
    }

    /// A ticket for a run.
    pub(super) fn running(&mut self) -> Ticket {
        let ticket = self.ticket();
        self.tickets.run = Some(ticket);
        ticket
    }

    /// A ticket for the order to stop, if there is a run to be given up.
    pub(super) fn stopping(&mut self) -> Option<Ticket> {
        self.tickets.run.take().map(|_| self.ticket())
    }

    /// Measuring has come to its end.
    pub(super) fn measured(&mut self) {
        self.tickets.trust = None;
    }

    /// The run has come to its end.
    pub(super) fn answered(&mut self) {
        self.tickets.run = None;
    }

    pub(super) fn forget_tickets(&mut self) {
        self.tickets = Tickets { last: self.tickets.last, ..Tickets::default() };
    }

    /// A ticket for measuring what is seen.
    pub(super) fn measuring(&mut self) -> Ticket {
        let ticket = self.ticket();
        self.tickets.trust = Some(ticket);
        ticket
    }

    /// Whether it measures what is seen; whoever asks for anything does not wait for that.
    pub(super) fn is_measuring(&self) -> bool {
        self.tickets.trust.is_some()
    }

    /// A ticket for the order to stop measuring, if it does.
    pub(super) fn stop_measuring(&mut self) -> Option<Ticket> {
        self.tickets.trust.is_some().then(|| self.ticket())
    }

    /// A ticket for comparing conventions.
    pub(super) fn comparing(&mut self) -> Ticket {
        let ticket = self.ticket();
        self.tickets.compare = Some(ticket);
        ticket
    }

    /// Whether it compares conventions; whoever asks for anything does not wait for that.
    pub(super) fn is_comparing(&self) -> bool {
        self.tickets.compare.is_some()
    }

    /// Comparing has come to its end.
    pub(super) fn compared(&mut self) {
        self.tickets.compare = None;
    }

    /// A ticket for the order to stop comparing, if it does.
    pub(super) fn stop_comparing(&mut self) -> Option<Ticket> {
        self.tickets.compare.is_some().then(|| self.ticket())
    }

    /// A ticket for comparing packings.
    pub(super) fn weighing(&mut self) -> Ticket {
        let ticket = self.ticket();
        self.tickets.weigh = Some(ticket);
        ticket
    }

    /// Whether it compares packings; whoever asks for anything does not wait for that.
    pub(super) fn is_weighing(&self) -> bool {
        self.tickets.weigh.is_some()
    }

    /// Comparing packings has come to its end.
    pub(super) fn weighed(&mut self) {
        self.tickets.weigh = None;
    }

    /// A ticket for the order to stop comparing packings, if it does.
    pub(super) fn stop_weighing(&mut self) -> Option<Ticket> {
        self.tickets.weigh.is_some().then(|| self.ticket())
    }

    /// A ticket for a request beside what is seen.
    pub(super) fn asiding(&mut self) -> Ticket {
        let ticket = self.ticket();
        self.tickets.aside = Some(ticket);
        ticket
    }

    /// Whether a request beside what is seen goes on; whoever asks for anything does not wait for that.
    pub(super) fn is_aside(&self) -> bool {
        self.tickets.aside.is_some()
    }

    /// That request has come to its end.
    pub(super) fn asided(&mut self) {
        self.tickets.aside = None;
    }

    /// A ticket for the order to stop it, if one goes on.
    pub(super) fn stop_aside(&mut self) -> Option<Ticket> {
        self.tickets.aside.is_some().then(|| self.ticket())
    }

    /// A ticket for a step of the survey.
    pub(super) fn surveying(&mut self) -> Ticket {
        let ticket = self.ticket();
        self.tickets.survey = Some(ticket);
        ticket
    }

    /// Whether a step of the survey is taken; whoever asks for anything does not wait for that.
    pub(super) fn is_surveying(&self) -> bool {
        self.tickets.survey.is_some()
    }

    /// That step has come to its end.
    pub(super) fn surveyed(&mut self) {
        self.tickets.survey = None;
    }

    /// A ticket for the order to stop it, if one is taken.
    pub(super) fn stop_surveying(&mut self) -> Option<Ticket> {
        self.tickets.survey.is_some().then(|| self.ticket())
    }

    /// A new ticket, which cancels measuring, comparing and what is asked beside.
    fn ticket(&mut self) -> Ticket {
        self.tickets.aside = None;
        self.tickets.trust = None;
        self.tickets.compare = None;
        self.tickets.weigh = None;
        self.tickets.survey = None;
        self.tickets.last += 1;
        self.tickets.last
    }
}
