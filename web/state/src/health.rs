//! Health of the worker: what ends it, what is done about it, and how one that hangs is told from one that works.

use convscope_core::Choice;
use convscope_core::protocol::StorageError;

use super::{Busy, Effect, Engine, Recovery, State, Text};

/// Ticks without a sign of life, each of some seconds, after which a worker counts as stuck.
const PATIENCE: u32 = 4;

/// Letters of a worker's last words that are said at most.
const LETTERS: usize = 200;

/// Health of the worker so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Health {
    /// Ticks since it last gave a sign of life.
    silent: u32,
    /// Number of times that the GPU has been lost.
    losses: u32,
}

impl State {
    pub(super) fn alive(&mut self) {
        let message = &mut self.notice.message;
        if self.worker.health.silent >= PATIENCE && message.as_ref().is_some_and(|m| m.recovery == Recovery::Restart) {
            // The worker was busy, not stuck: the message is taken back.
            *message = None;
        }
        self.worker.health.silent = 0;
    }

    /// Counting instead of a clock: a machine that has slept for an hour has not counted.
    pub(super) fn tick(&mut self) -> Vec<Effect> {
        let idle = match self.worker.engine {
            // Its program has to come, which a network may never finish.
            Engine::Starting => false,
            Engine::Running => self.worker.busy() == Busy::No,
            Engine::Crashed => true,
        };
        let health = &mut self.worker.health;
        if idle {
            health.silent = 0;
            return vec![];
        }
        health.silent += 1;
        if health.silent != PATIENCE {
            return vec![];
        }
        let starts = self.worker.engine == Engine::Starting;
        self.fail(if starts { Text::key("hangs-starting") } else { Text::key("hangs") }, Recovery::Restart)
    }

    pub(super) fn crashed(&mut self, why: &str) -> Vec<Effect> {
        if self.worker.engine != Engine::Crashed && why.contains("wgpu") {
            // What it says is for those who program GPUs; the same work would fail there again.
            self.model.device = Choice::Cpu;
            return self.ended(Text::key("crashed-gpu"));
        }
        let first: String = why.lines().next().unwrap_or_default().chars().take(LETTERS).collect();
        self.ended(Text::Own("crashed", vec![("why", first)]))
    }

    /// The worker has come to an end.
    pub(super) fn ended(&mut self, text: Text) -> Vec<Effect> {
        // The first report of a crash names the cause; later ones are left out.
        if self.worker.engine == Engine::Crashed {
            return vec![];
        }
        self.trust_died();
        self.conventions_died();
        self.fidelity_died();
        self.aside_died();
        self.survey_died();
        self.worker.engine = Engine::Crashed;
        self.worker.loaded = false;
        self.worker.forget_tickets();
        // The image on its way may have caused the crash; the one before is known to be harmless.
        self.image.drop_incoming();
        self.fail(text, Recovery::Restart)
    }

    /// Nobody's fault the first time: another worker gets another GPU. The second time the CPU goes on.
    pub(super) fn lost(&mut self, why: &str) -> Vec<Effect> {
        self.trust_died();
        self.conventions_died();
        self.fidelity_died();
        self.aside_died();
        self.survey_lost();
        self.worker.health.losses += 1;
        let values = vec![("why", why.to_owned())];
        let text = match self.worker.health.losses {
            1 => Text::Own("gpu-lost", values),
            _ => {
                self.model.device = Choice::Cpu;
                Text::Own("gpu-lost-again", values)
            }
        };
        let effects = self.restart();
        self.fail(text, Recovery::None);
        effects
    }
}

/// Sentence about a model that cannot be kept.
pub(super) fn not_kept(name: String, error: StorageError) -> Text {
    match error {
        StorageError::Full => Text::Own("not-kept-full", vec![("name", name)]),
        StorageError::Other(why) => Text::Own("not-kept", vec![("name", name), ("why", why)]),
    }
}
