//! The worker: what it was told, what it is doing, and what its answers change.

use convscope_core::error::Fault;
use convscope_core::protocol::{Event, Ticket};
use convscope_core::worker_message::WorkerMessage;

use super::health::{Health, not_kept};
use super::program::Programs;
use super::tickets::{Kind, Tickets};
use super::{Effect, Observation, Recovery, State, Text};

/// State of the worker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// The program is being loaded.
    #[default]
    Starting,
    /// The worker listens.
    Running,
    /// The worker died.
    Crashed,
}

/// The worker's present work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// No work.
    No,
    /// Getting the worker's program: bytes so far and in all.
    Starting(u64, u64),
    /// Getting weights: bytes so far and in all.
    Loading(u64, u64),
    /// Running the network forward.
    Looking,
    /// Running a method, or writing down what it gave.
    Explaining,
}

/// The worker, and what it is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkerState {
    /// State of the worker.
    pub engine: Engine,
    /// Whether the worker has a model.
    pub(super) loaded: bool,
    /// Bytes of the weights that are on their way: so far and in all.
    pub(super) bytes: (u64, u64),
    /// Bytes of the worker's program, while it comes: so far and in all.
    program: Option<(u64, u64)>,
    pub(super) programs: Programs,
    pub(super) tickets: Tickets,
    pub(super) health: Health,
}

/// Action on the worker.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkerAction {
    /// Message of the worker.
    Said(WorkerMessage),
    /// A second has passed in which the worker should have given a sign of life.
    Tick,
    /// Start another worker in the place of one that gives none.
    Restart,
    /// Another worker, with the program for GPUs, stands by.
    Prepared,
}

impl WorkerState {
    /// Work that the worker is doing.
    pub fn busy(&self) -> Busy {
        match (self.engine, self.program) {
            (Engine::Crashed, _) => Busy::No,
            (Engine::Starting, Some((done, total))) => Busy::Starting(done, total),
            _ if self.is_opening() => Busy::Loading(self.bytes.0, self.bytes.1),
            _ if self.is_looking() => Busy::Looking,
            _ if self.expects(Kind::Run) => Busy::Explaining,
            _ => Busy::No,
        }
    }

    /// Whether a model is on its way.
    pub(super) fn is_opening(&self) -> bool {
        self.expects(Kind::Open)
    }

    /// Whether an answer to a command of that ticket is still waited for.
    pub fn waits_for(&self, ticket: Ticket) -> bool {
        self.tickets.kind(ticket).is_some()
    }

    /// Whether an image is being looked at.
    pub(super) fn is_looking(&self) -> bool {
        self.expects(Kind::Look)
    }

    /// Whether the worker has the model and the image that are seen, and nothing newer on its way.
    pub(super) fn answers(&self) -> bool {
        self.loaded && !self.tickets.any(&[Kind::Open, Kind::Look])
    }
}

impl State {
    pub(super) fn change_worker(&mut self, action: WorkerAction) -> Vec<Effect> {
        let message = match action {
            WorkerAction::Tick => return self.tick(),
            WorkerAction::Restart => return self.give_up(),
            WorkerAction::Prepared => return self.gpu_prepared(),
            WorkerAction::Said(message) => message,
        };
        match message {
            WorkerMessage::Program { done, total } => {
                self.alive();
                self.worker.program = Some((done, total));
            }
            WorkerMessage::Listening => {
                self.alive();
                self.worker.engine = Engine::Running;
                self.worker.program = None;
            }
            WorkerMessage::Pulse => self.alive(),
            WorkerMessage::Event(ticket, event) => {
                self.alive();
                return self.heard(ticket, *event);
            }
            WorkerMessage::Crashed(why) => return self.crashed(&why),
            WorkerMessage::Gone => return self.ended(Text::key("crashed-gone")),
            WorkerMessage::Lost(why) => return self.lost(&why),
        }
        vec![]
    }

    /// Starts another worker, which knows nothing yet. What is seen stays until it is known anew.
    pub(super) fn restart(&mut self) -> Vec<Effect> {
        self.worker.health.begin();
        self.worker.engine = Engine::Starting;
        self.worker.program = None;
        self.worker.loaded = false;
        self.notice.message = None;
        let mut effects = vec![Effect::Start(self.choose_program())];
        effects.extend(self.open());
        effects
    }

    fn heard(&mut self, ticket: Ticket, event: Event) -> Vec<Effect> {
        match (self.worker.tickets.kind(ticket), event) {
            // A model that cannot be kept works all the same: what goes on goes on.
            (_, Event::NotKept { name, error }) => self.fail(not_kept(name, error), Recovery::None),
            (Some(kind), Event::Failed(fault)) => self.command_failed(kind, fault),
            (Some(Kind::Open), Event::Loading { done, total }) => {
                self.worker.bytes = (done, total);
                vec![]
            }
            (Some(Kind::Open), Event::Ready(ready)) => {
                self.worker.end(Kind::Open);
                self.worker.loaded = true;
                self.became_ready(ready)
            }
            (None, Event::Ready(_)) => self.came_too_late(),
            (Some(Kind::Look), Event::Looked { width, height, region, classes, note, doubt, sha256, seconds }) => {
                self.worker.end(Kind::Look);
                if let Some(note) = note {
                    // The image is explained all the same.
                    self.fail(Text::Engine(note), Recovery::None);
                }
                self.observed(Observation { size: (width, height), region, classes, doubt, sha256, seconds })
            }
            (Some(Kind::Run), event) => self.take_result(event),
            (Some(Kind::Trust), event) => self.take_trust(event),
            (Some(Kind::Compare), event) => self.take_conventions(event),
            (Some(Kind::Weigh), event) => self.take_packings(event),
            (Some(Kind::Aside), event) => self.take_aside(event),
            (Some(Kind::Teach), event) => self.take_teach(event),
            (Some(Kind::Survey), event) => self.take_survey(event),
            _ => vec![],
        }
    }

    /// Keeps what was there before, and starts a run again that the failed command had cut short.
    fn command_failed(&mut self, kind: Kind, fault: Fault) -> Vec<Effect> {
        match kind {
            Kind::Open => {
                self.worker.end(Kind::Open);
                self.open_failed(fault)
            }
            Kind::Trust => self.trust_failed(Text::Engine(fault)),
            Kind::Compare => self.conventions_failed(Text::Engine(fault)),
            Kind::Weigh => self.packings_failed(Text::Engine(fault)),
            Kind::Aside => self.aside_failed(Text::Engine(fault)),
            Kind::Teach => self.teach_failed(fault),
            Kind::Survey => self.survey_failed(fault),
            Kind::Run => {
                self.worker.end(Kind::Run);
                self.explanation.results.progress = None;
                self.fail(Text::Engine(fault), Recovery::None);
                self.follow_then()
            }
            Kind::Look => {
                self.worker.end(Kind::Look);
                self.link.then = None;
                self.embed.refuse();
                self.fail(Text::Engine(fault), Recovery::None);
                if self.image.incoming.is_none() {
                    // It has been seen, and cannot be read again: the worker has no image.
                    self.image.observation = None;
                    return vec![];
                }
                // What is no image is not offered again.
                self.image.drop_incoming();
                let unseen = self.image.observation.is_none() && self.image.photo.is_some();
                if unseen { self.look() } else { self.resume() }
            }
        }
    }
}
