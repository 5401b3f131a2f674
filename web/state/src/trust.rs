//! Trust: how far the map that is seen can be believed. It is measured by itself when the worker has nothing else to do, and gives way
//! to everything that a person asks for.

use std::rc::Rc;

use convscope_core::error::Fault;
use convscope_core::measurement::Measurement;
use convscope_core::protocol::{Command, Event};
use convscope_core::request::Request;

use super::{Busy, Effect, Shared, State, Text};

/// Forward passes of all that is measured, about as many as `convscope::trust` makes of a class activation map.
const PASSES: f64 = 110.0;

/// Seconds that measuring may take, by the time that looking at the image took, without anybody having asked for it.
const PATIENCE_SECONDS: f64 = 40.0;

/// The map that is measured: the request that gave it, and its layer.
#[derive(Clone, Debug, PartialEq)]
struct Subject {
    request: Rc<Request>,
    layer: String,
}

/// What is known of how far a map can be trusted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrustState {
    subject: Option<Subject>,
    /// Measurements that have come so far.
    pub measurements: Vec<Shared<Measurement>>,
    /// What they come to, in sentences; empty until all have come.
    pub verdict: Vec<Fault>,
    /// Steps taken and steps in all, while it goes on.
    pub progress: Option<(usize, usize)>,
    /// Why it could not be measured.
    pub failed: Option<Text>,
    /// Whether all has come.
    whole: bool,
    /// Whether a person has put an end to it.
    stopped: bool,
}

/// What happens to the measuring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustAction {
    /// Measure the map that is seen.
    Measure,
    /// Stop measuring it.
    Stop,
}

impl State {
    /// The map that is seen, where it can be measured: a whole one that shows something of a class.
    fn trust_subject(&self) -> Option<Subject> {
        let (card, shown) = (self.card()?, self.explanation.current()?);
        let whole = self.explanation.is_finished() && self.explanation.finished.as_ref() == Some(&shown.request);
        let measurable = card.gives.is_map() && card.asks.class && shown.map.blank.is_none();
        (whole && measurable).then(|| Subject { request: shown.request.clone(), layer: shown.map.layer.clone() })
    }

    /// What is known of the map that is seen; none where it cannot be measured.
    pub fn trust(&self) -> Option<TrustState> {
        let subject = self.trust_subject()?;
        let known = self.trust.subject.as_ref() == Some(&subject);
        let running = self.worker.is_measuring();
        let known =
            known.then(|| TrustState { progress: self.trust.progress.filter(|_| running), ..self.trust.clone() });
        Some(known.unwrap_or_default())
    }

    /// Seconds that measuring is going to take.
    pub fn trust_seconds(&self) -> f64 {
        PASSES * self.image.observation.as_ref().map_or(0.0, |observation| observation.seconds)
    }

    /// Whether the map that is seen is to be measured without anybody asking for it: the worker is idle, and it does not take long.
    pub fn is_trust_due(&self) -> bool {
        let open = self.trust().is_some_and(|trust| !trust.whole && !trust.stopped && trust.failed.is_none());
        open && !self.worker.is_measuring() && self.can_measure() && self.trust_seconds() <= PATIENCE_SECONDS
    }

    /// Whether the worker could begin now.
    pub fn can_measure(&self) -> bool {
        self.worker.busy() == Busy::No && self.worker.answers()
    }

    pub(super) fn change_trust(&mut self, action: TrustAction) -> Vec<Effect> {
        match action {
            TrustAction::Measure => {
                let Some(subject) = self.trust_subject().filter(|_| self.can_measure()) else { return vec![] };
                let command = Command::Trust { layer: subject.layer.clone() };
                self.trust = TrustState { subject: Some(subject), ..TrustState::default() };
                vec![Effect::Send(self.worker.measuring(), command)]
            }
            TrustAction::Stop => {
                self.trust.stopped = true;
                let ticket = self.worker.stop_measuring();
                ticket.map(|ticket| Effect::Send(ticket, Command::Stop)).into_iter().collect()
            }
        }
    }

    pub(super) fn take_trust(&mut self, event: Event) -> Vec<Effect> {
        let trust = &mut self.trust;
        match event {
            Event::Artifact(convscope_core::artifact::Artifact::Measurement(one)) => {
                trust.measurements.push(one.into())
            }
            Event::Progress { done, total } => trust.progress = Some((done, total)),
            Event::Verdict(verdict) => trust.verdict = verdict,
            Event::Done { .. } => {
                trust.whole = true;
                trust.progress = None;
                self.worker.measured();
            }
            _ => {}
        }
        vec![]
    }

    /// Nobody asked for it, so that nobody is told but beside the map.
    pub(super) fn trust_failed(&mut self, why: Text) -> Vec<Effect> {
        self.worker.measured();
        self.trust.progress = None;
        self.trust.failed = Some(why);
        vec![]
    }
}
