//! Runs of the chosen method: what begins one, what comes of it, and what stops it.

use std::rc::Rc;

use convscope_core::protocol::{Command, Event};

use super::cards::is_expensive;
use super::{Effect, Results, State};

impl State {
    /// Runs the chosen method, unless it waits for a person to ask for it. While something newer is on its way, its answer will
    /// bring the run with it.
    pub(super) fn run_at_once(&mut self) -> Vec<Effect> {
        if self.card().is_some_and(|card| !is_expensive(card)) { self.run() } else { vec![] }
    }

    /// Runs the chosen method.
    pub(super) fn run(&mut self) -> Vec<Effect> {
        let Some(request) = self.request().filter(|_| self.worker.answers()) else { return vec![] };
        self.explanation.results.begin(Rc::new(request.clone()));
        vec![Effect::Send(self.worker.running(), Command::Run(request))]
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
                explanation.finished = results.request.clone();
                self.worker.answered();
            }
            Event::Saved { name, bytes } => {
                self.worker.answered();
                return vec![Effect::Download { name, bytes: Rc::from(bytes) }];
            }
            _ => {}
        }
        vec![]
    }

    /// Stops the last request: nothing that is still to come of it is wanted.
    pub(super) fn stop(&mut self) -> Vec<Effect> {
        self.explanation.results.progress = None;
        let ticket = self.worker.stopping();
        ticket.map(|ticket| Effect::Send(ticket, Command::Stop)).into_iter().collect()
    }
}
