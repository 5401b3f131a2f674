//! Trust: how far the map that is seen can be believed. It is measured by itself when the worker has nothing else to do, and gives way
//! to everything that a person asks for.

use convscope_core::artifact::Artifact;
use convscope_core::error::Fault;
use convscope_core::explain::AttributionMap;
use convscope_core::measurement::Measurement;
use convscope_core::protocol::{Command, Event};

use super::tickets::Kind;
use super::{Busy, Effect, Shared, State, Text};

/// Forward passes of all that is measured, about as many as `convscope::trust` makes of a class activation map.
const PASSES: f64 = 110.0;

/// Seconds that measuring may take, by the time that looking at images takes, without anybody having asked for it.
const PATIENCE_SECONDS: f64 = 40.0;

/// What is known of how far a map can be trusted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrustState {
    /// The map that is measured. Another image's or model's is another, whatever it looks like.
    map: Option<Shared<AttributionMap>>,
    /// Measurements that have come so far.
    pub measurements: Vec<Shared<Measurement>>,
    /// What they come to, in sentences; empty until all have come.
    pub verdict: Vec<Fault>,
    /// Steps taken and steps in all, while it goes on.
    pub progress: Option<(usize, usize)>,
    /// Why it could not be measured.
    pub failed: Option<Text>,
    /// Whether all has come.
    pub whole: bool,
    /// Whether a person has put an end to it.
    stopped: bool,
    /// Whether the worker died of it: what it would do again is left to a person.
    died: bool,
    /// Whether the panel is open, once a person has said so.
    pub open: Option<bool>,
}

/// What happens to the measuring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustAction {
    /// Measure the map that is seen.
    Measure,
    /// Stop measuring it.
    Stop,
    /// Open the panel, or close it.
    Open(bool),
}

impl State {
    /// The map that is seen, where it can be measured: a whole one that shows something of a class.
    fn measurable_map(&self) -> Option<&Shared<AttributionMap>> {
        let (card, shown) = (self.card()?, self.explanation.current()?);
        let whole = self.explanation.is_finished() && self.explanation.finished.as_ref() == Some(&shown.request);
        let measurable = card.gives.is_map() && card.asks.class && shown.map.blank.is_none();
        (whole && measurable).then_some(&shown.map)
    }

    /// Whether it is the map that is seen which is measured, or was last.
    fn is_known(&self) -> bool {
        self.measurable_map().is_some_and(|map| self.trust.map.as_ref() == Some(map))
    }

    /// What is known of the map that is seen; none where it cannot be measured.
    pub fn trust(&self) -> Option<TrustState> {
        self.measurable_map()?;
        let TrustState { died, open, .. } = self.trust;
        if !self.is_known() {
            return Some(TrustState { died, open, ..TrustState::default() });
        }
        let progress = self.trust.progress.filter(|_| self.worker.expects(Kind::Trust));
        Some(TrustState { progress, ..self.trust.clone() })
    }

    /// Seconds that measuring is going to take, by the quickest look at an image so far.
    pub fn trust_seconds(&self) -> f64 {
        PASSES * self.image.quickest.unwrap_or_default()
    }

    /// Whether the map that is seen is to be measured without anybody asking for it: the worker is idle, or measures another, and it
    /// does not take long.
    pub fn is_trust_due(&self) -> bool {
        let wanted = |trust: TrustState| !(trust.whole || trust.stopped || trust.died || trust.failed.is_some());
        let measuring = self.worker.expects(Kind::Trust) && self.is_known();
        let quick = self.trust_seconds() <= PATIENCE_SECONDS;
        self.trust().is_some_and(wanted) && !measuring && self.can_measure() && quick
    }

    /// Whether the worker could begin now.
    pub fn can_measure(&self) -> bool {
        let beside = self.worker.expects(Kind::Compare)
            || self.worker.expects(Kind::Weigh)
            || self.worker.expects(Kind::Aside)
            || self.lacks_asides()
            || self.lacks_lessons()
            || self.survey_comes_first();
        self.worker.busy() == Busy::No && self.worker.answers() && !beside
    }

    pub(super) fn change_trust(&mut self, action: TrustAction) -> Vec<Effect> {
        match action {
            TrustAction::Measure => {
                let Some(map) = self.measurable_map().filter(|_| self.can_measure()).cloned() else { return vec![] };
                let command = Command::Trust { layer: map.layer.clone() };
                self.trust = TrustState { map: Some(map), open: self.trust.open, ..TrustState::default() };
                vec![Effect::Send(self.worker.begin(Kind::Trust), command)]
            }
            TrustAction::Stop => {
                self.trust.stopped = true;
                let ticket = self.worker.stop(Kind::Trust);
                ticket.map(|ticket| Effect::Send(ticket, Command::Stop)).into_iter().collect()
            }
            TrustAction::Open(open) => {
                self.trust.open = Some(open);
                vec![]
            }
        }
    }

    /// The worker has died. If it was measuring, that may have been the cause.
    pub(super) fn trust_died(&mut self) {
        self.trust.died |= self.worker.expects(Kind::Trust);
    }

    pub(super) fn take_trust(&mut self, event: Event) -> Vec<Effect> {
        let trust = &mut self.trust;
        match event {
            Event::Artifact(Artifact::Measurement(one)) => trust.measurements.push(one.into()),
            Event::Progress { done, total } => trust.progress = Some((done, total)),
            Event::Verdict(verdict) => trust.verdict = verdict,
            Event::Done { .. } => {
                trust.whole = true;
                trust.progress = None;
                self.worker.end(Kind::Trust);
            }
            _ => {}
        }
        vec![]
    }

    /// Nobody asked for it, so that nobody is told but beside the map.
    pub(super) fn trust_failed(&mut self, why: Text) -> Vec<Effect> {
        self.worker.end(Kind::Trust);
        self.trust.progress = None;
        self.trust.failed = Some(why);
        vec![]
    }
}
