//! Running of the chosen method: when it begins, when it ends, and what is said of a run that is dropped.

use std::rc::Rc;

use convscope_core::protocol::{Command, Event};

use super::tickets::Kind;
use super::{Busy, Effect, Results, State, Text};

/// Seconds of work that a link begins without being asked.
const UNASKED_SECONDS: f64 = 2.0;
/// Passes through the network that a map takes, about.
const PASSES: f64 = 3.0;

impl State {
    /// Whether so many maps take no longer than a link may take unasked, by the quickest look at an image so far.
    pub(super) fn takes_little(&self, maps: usize) -> bool {
        maps as f64 * PASSES * self.image.quickest.unwrap_or_default() <= UNASKED_SECONDS
    }

    /// Runs the chosen method, unless it waits for a person or a page around this one to ask for it. While something newer is on its way,
    /// its answer will bring the run with it.
    pub(super) fn run_at_once(&mut self) -> Vec<Effect> {
        let waits = self.card().is_none_or(|card| card.is_expensive()) && !self.embed.is_asked();
        if waits { vec![] } else { self.run() }
    }

    /// Runs the chosen method.
    pub(super) fn run(&mut self) -> Vec<Effect> {
        let may = self.worker.answers() && !self.embed.is_refused();
        let Some(request) = self.request().filter(|_| may) else { return vec![] };
        self.untell_dropped();
        self.explanation.results.begin(Rc::new(request.clone()));
        vec![Effect::Send(self.worker.begin(Kind::Run), Command::Run(request))]
    }

    /// Goes on with what a command that failed has cut short.
    pub(super) fn resume(&mut self) -> Vec<Effect> {
        let Results { seconds, progress, .. } = self.explanation.results;
        match (seconds, progress) {
            (Some(_), _) => vec![],
            (None, Some(_)) => self.run(),
            (None, None) => self.run_at_once(),
        }
    }

    /// Runs what is wanted now, unless it is there already or takes long; what goes on for something else is stopped.
    pub(super) fn run_what_is_missing(&mut self) -> Vec<Effect> {
        let same = self.explanation.results.request.as_deref() == self.request().as_ref();
        if same && (self.explanation.is_finished() || self.worker.busy() == Busy::Explaining) {
            return vec![];
        }
        self.tell_dropped();
        let effects = self.run_at_once();
        if effects.is_empty() { self.stop() } else { effects }
    }

    /// A part of what the last request gives.
    pub(super) fn take_result(&mut self, event: Event) -> Vec<Effect> {
        let explanation = &mut self.explanation;
        let results = &mut explanation.results;
        match event {
            Event::Artifact(artifact) => {
                results.take(artifact, explanation.columns);
                return self.wanted_channel();
            }
            Event::Progress { done, total } => results.progress = Some((done, total)),
            Event::Done { seconds } => {
                results.progress = None;
                results.seconds = Some(seconds);
                results.before = false;
                explanation.finished = results.request.clone();
                self.count_frame();
                self.worker.end(Kind::Run);
                let mut effects = self.follow_then();
                effects.extend(self.take_gpu());
                return effects;
            }
            Event::Saved { name, bytes } => {
                self.worker.end(Kind::Run);
                return vec![Effect::Download { name, bytes: Rc::from(bytes) }];
            }
            _ => {}
        }
        vec![]
    }

    /// Stops the last request: nothing that is still to come of it is wanted.
    pub(super) fn stop(&mut self) -> Vec<Effect> {
        self.explanation.results.progress = None;
        let ticket = self.worker.stop(Kind::Run);
        ticket.map(|ticket| Effect::Send(ticket, Command::Stop)).into_iter().collect()
    }

    /// Says that a run which takes long is dropped, because something else is asked of the worker.
    pub(super) fn tell_dropped(&mut self) {
        let takes_long = self.card().is_some_and(|card| card.is_expensive());
        if self.worker.busy() != Busy::Explaining || !takes_long {
            return;
        }
        if let Some((done, total)) = self.explanation.results.progress {
            let values = vec![("done", done.to_string()), ("total", total.to_string())];
            self.notice.line = Some(Text::Own("run-dropped", values));
        }
    }

    /// Takes back what was said of a dropped run where one that takes long begins.
    fn untell_dropped(&mut self) {
        let dropped = matches!(self.notice.line, Some(Text::Own("run-dropped", _)));
        if dropped && self.card().is_some_and(|card| card.is_expensive()) {
            self.notice.line = None;
        }
    }
}
