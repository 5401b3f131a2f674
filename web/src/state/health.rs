//! What ends a worker, what is done about it, and how one that hangs is told from one that works.

use super::{Busy, Effect, Engine, Remedy, State, Tickets};
use convscope::device::Choice;

/// Ticks without a sign of life, each of some seconds, after which a worker counts as stuck.
const PATIENCE: u32 = 4;

/// How the worker has been.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Health {
    /// Ticks since it last gave a sign of life.
    silent: u32,
    /// How often the GPU has been lost.
    losses: u32,
}

impl State {
    pub(super) fn alive(&mut self) -> Vec<Effect> {
        if self.health.silent >= PATIENCE && self.message.as_ref().is_some_and(|m| m.remedy == Remedy::Restart) {
            // It was busy after all.
            self.message = None;
        }
        self.health.silent = 0;
        vec![]
    }

    /// Counting instead of a clock: a machine that has slept for an hour has not counted.
    pub(super) fn tick(&mut self) -> Vec<Effect> {
        if self.engine != Engine::Running || self.busy() == Busy::No {
            self.health.silent = 0;
            return vec![];
        }
        self.health.silent += 1;
        if self.health.silent != PATIENCE {
            return vec![];
        }
        let text = "the engine gives no sign of life; wait, if this machine is slow or has other work to do, or start the engine again";
        self.fail(text.into(), Remedy::Restart)
    }

    pub(super) fn crashed(&mut self, why: &str) -> Vec<Effect> {
        // The first words are those of the cause.
        if self.engine == Engine::Crashed {
            return vec![];
        }
        self.engine = Engine::Crashed;
        self.loaded = false;
        self.tickets = Tickets { last: self.tickets.last, ..Tickets::default() };
        // It may have been the end of the worker; the one before is known to be harmless.
        self.coming = None;
        let text = format!(
            "the engine stopped ({why}); start it again, with a smaller picture or on the CPU if it stops once more"
        );
        self.fail(text, Remedy::Restart)
    }

    /// Nobody's fault the first time: another worker gets another GPU. The second time the CPU goes on.
    pub(super) fn lost(&mut self, why: &str) -> Vec<Effect> {
        self.health.losses += 1;
        let again = self.health.losses > 1;
        if again {
            self.device = Choice::Cpu;
        }
        let effects = self.restart();
        let how = if again {
            "for the second time, so it goes on with the CPU"
        } else {
            "and the engine has been started again"
        };
        self.fail(format!("the browser lost the GPU ({why}) {how}"), Remedy::None);
        effects
    }
}
