//! The worker that stands by: it has the program for GPUs, and takes the place of the first one when it is wanted.

use std::cell::Cell;
use std::rc::Rc;

use convscope_core::worker_message::WorkerMessage;
use convscope_page::Program;
use yew::Callback;

use crate::worker_client::WorkerClient;

/// How far the worker is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Its program comes.
    Coming,
    /// It listens.
    Ready,
    /// It has come to nothing.
    Ended,
    /// It is the one that works.
    Taken,
}

/// A worker that stands by.
pub(crate) struct Standby {
    worker: WorkerClient,
    stage: Rc<Cell<Stage>>,
    heard: Callback<WorkerMessage>,
}

impl Standby {
    /// Starts one; `ready` is told when it listens, and `heard` all that it says once it works.
    pub(crate) fn start(ready: Callback<()>, heard: Callback<WorkerMessage>) -> Option<Self> {
        let stage = Rc::new(Cell::new(Stage::Coming));
        let (now, told) = (stage.clone(), heard.clone());
        let of_stage = Callback::from(move |message| match (now.get(), &message) {
            (Stage::Taken, _) => told.emit(message),
            (Stage::Coming, WorkerMessage::Listening) => {
                now.set(Stage::Ready);
                ready.emit(());
            }
            // Nobody has asked for it: that it does not come is no news.
            (_, WorkerMessage::Crashed(_) | WorkerMessage::Gone) => now.set(Stage::Ended),
            _ => {}
        });
        let worker = WorkerClient::start(Program::Gpu, of_stage).ok()?;
        Some(Self { worker, stage, heard })
    }

    /// The worker, which works from now on; none that does not listen.
    pub(crate) fn take(self) -> Option<WorkerClient> {
        if self.stage.get() != Stage::Ready {
            return None;
        }
        self.stage.set(Stage::Taken);
        self.heard.emit(WorkerMessage::Listening);
        Some(self.worker)
    }
}
