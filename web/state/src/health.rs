//! Health of the worker: what ends it, what is done about it, and how one that hangs is told from one that works.
//!
//! An endless loop cannot be told for certain from a step that takes long: a worker has one thread, and memory that the page could see into
//! while that is busy (`SharedArrayBuffer`) is had only from servers that send headers of their own. But a worker speaks while it works,
//! whenever it has done a small part of a layer, so that silence is rare, and longer ones are learnt from. What is left is said and not
//! acted on.

use convscope_core::Choice;
use convscope_core::protocol::StorageError;

use super::{Effect, Engine, Recovery, State, Text, WorkerState};

/// Seconds without a sign of life after which that is said of a worker: at first, and on a machine that has been silent for long before.
const SILENCE_SECONDS: u32 = 3;
const LONG_SILENCE_SECONDS: u32 = 10;
/// Seconds without a byte of its program after which a worker counts as one that does not come.
const STARTING_SECONDS: u32 = 20;

/// Letters of a worker's last words that are said at most.
const LETTERS: usize = 200;

/// Health of the worker so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Health {
    /// Seconds since it last gave a sign of life.
    silent: u32,
    /// The longest of such times after which it went on.
    longest: u32,
    /// Number of times that the GPU has been lost.
    losses: u32,
}

impl Health {
    /// Another worker begins.
    pub(super) fn begin(&mut self) {
        self.silent = 0;
    }
}

impl WorkerState {
    /// Seconds for which the worker has given no sign of life, where that is worth a word: more than usual on this machine.
    pub fn silence(&self) -> Option<u32> {
        let Health { silent, longest, .. } = self.health;
        let most = (2 * longest).clamp(SILENCE_SECONDS, LONG_SILENCE_SECONDS);
        Some(silent).filter(|silent| self.engine == Engine::Running && *silent >= most)
    }
}

impl State {
    pub(super) fn alive(&mut self) {
        let starts = self.worker.engine == Engine::Starting;
        let (health, message) = (&mut self.worker.health, &mut self.notice.message);
        if health.silent >= STARTING_SECONDS
            && starts
            && message.as_ref().is_some_and(|m| m.recovery == Recovery::Restart)
        {
            // The network was slow and not dead: the message is taken back.
            *message = None;
        }
        if !starts {
            health.longest = health.longest.max(health.silent);
        }
        health.silent = 0;
    }

    /// Counting instead of a clock: a machine that has slept for an hour has not counted.
    pub(super) fn tick(&mut self) -> Vec<Effect> {
        let idle = match self.worker.engine {
            // Its program has to come, which a network may never finish.
            Engine::Starting => false,
            Engine::Running => !self.worker.tickets.busy(),
            Engine::Crashed => true,
        };
        let health = &mut self.worker.health;
        health.silent = if idle { 0 } else { health.silent + 1 };
        if self.worker.engine != Engine::Starting || health.silent != STARTING_SECONDS {
            return vec![];
        }
        self.fail(Text::key("hangs-starting"), Recovery::Restart)
    }

    /// Another worker takes the place of one that gives no sign of life; what nobody waits for may have been the cause, and is not begun
    /// again by itself.
    pub(super) fn give_up(&mut self) -> Vec<Effect> {
        self.forget_beside();
        self.survey_died();
        self.restart()
    }

    /// What a worker did that has ended, and that nobody waits for, is left to a person: it may have been the cause.
    fn forget_beside(&mut self) {
        self.trust_died();
        self.conventions_died();
        self.fidelity_died();
        self.aside_died();
        self.teach_died();
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
        self.forget_beside();
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
        self.forget_beside();
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
