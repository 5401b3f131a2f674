//! Programs of workers: the one that comes first, and the one that computes on GPUs.

use convscope_core::Choice;

use super::{Effect, Engine, State};

/// Program of a worker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Program {
    /// One that computes on the CPU alone: it is small, and comes first.
    #[default]
    Cpu,
    /// One that computes on GPUs too.
    Gpu,
}

/// Programs of this visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Programs {
    /// The one that the worker runs.
    runs: Program,
    /// Whether another worker with the one for GPUs stands by, because there is a real GPU.
    prepared: bool,
}

impl State {
    /// Whether another worker with the program for GPUs is wanted, if there is a real GPU.
    pub fn wants_gpu(&self) -> bool {
        let Programs { runs, prepared } = self.worker.programs;
        self.model.device == Choice::Auto && runs == Program::Cpu && !prepared
    }

    /// The program that another worker is to run, from now on the one that runs.
    pub(super) fn choose_program(&mut self) -> Program {
        let programs = &mut self.worker.programs;
        programs.runs = match self.model.device {
            Choice::Cpu => Program::Cpu,
            Choice::Gpu => Program::Gpu,
            Choice::Auto if programs.prepared => Program::Gpu,
            Choice::Auto => Program::Cpu,
        };
        programs.runs
    }

    /// A worker with the program for GPUs stands by.
    pub(super) fn gpu_prepared(&mut self) -> Vec<Effect> {
        self.worker.programs.prepared = true;
        self.take_gpu()
    }

    /// Lets the worker with the program for GPUs take the place of the one before, where that is at rest and has nothing that cannot be
    /// had again in a moment.
    pub(super) fn take_gpu(&mut self) -> Vec<Effect> {
        let Programs { runs, prepared } = self.worker.programs;
        let rests = self.worker.engine == Engine::Running && !self.worker.tickets.busy();
        let beside = self.survey.open || self.teach.open;
        let cheap = self.card().is_some_and(|card| !card.is_expensive());
        let wanted = self.model.device == Choice::Auto && prepared && runs == Program::Cpu;
        if wanted && rests && cheap && !beside && self.explanation.is_finished() { self.restart() } else { vec![] }
    }
}
