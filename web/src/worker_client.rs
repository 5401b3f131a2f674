//! The page's end of the worker.
//!
//! A plain [`Worker`] instead of yew-agent's: that gives no sign when a worker dies (it would leave the page waiting for
//! ever), and copies every message. Here whatever ends the worker becomes [`WorkerMessage::Crashed`], or [`WorkerMessage::Gone`]
//! where it says nothing, and the page can start another one.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use convscope_core::protocol::{Command, Ticket};
use convscope_core::worker_message::WorkerMessage;
use convscope_page::Program;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use crate::browser::new;
use crate::offline::meta;
use crate::script_address::script_address;
use crate::{lock, wire};

/// The script of a worker with that program, beside the page. The page says its name, which changes with its content, so that no page ever
/// starts another version's worker.
fn script(program: Program) -> String {
    let (name, usual) = match program {
        Program::Cpu => ("convscope-worker", "./worker_loader.js"),
        Program::Gpu => ("convscope-gpu", "./gpu_loader.js"),
    };
    meta(name).unwrap_or_else(|| usual.into())
}

/// Messages that wait for the worker to listen; none once it does.
type Outbox = Rc<RefCell<Option<Vec<(Uint8Array, Array)>>>>;

/// A running worker. Dropped, it is ended at once, whatever it is doing.
pub struct WorkerClient {
    worker: Worker,
    outbox: Outbox,
    heard: Callback<WorkerMessage>,
    /// Whether it is to live: nobody is told of the end of one that has been dropped.
    wanted: Rc<Cell<bool>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

impl WorkerClient {
    /// Starts a worker.
    ///
    /// # Errors
    /// A sentence, where the browser refuses.
    pub fn start(program: Program, heard: Callback<WorkerMessage>) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let name = js_sys::Math::random().to_string();
        options.set_name(&name);
        let worker = new("Worker", &[&script_address(&script(program)), &options])
            .and_then(JsCast::dyn_into::<Worker>)
            .map_err(|error| format!("this browser starts no worker ({error:?}); use a newer one"))?;
        let outbox: Outbox = Rc::new(RefCell::new(Some(vec![])));
        let wanted = Rc::new(Cell::new(true));
        let on_message = {
            let (outbox, worker, heard, wanted) = (outbox.clone(), worker.clone(), heard.clone(), wanted.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
                let said = wire::said(&message.data()).unwrap_or_else(WorkerMessage::Crashed);
                if matches!(said, WorkerMessage::Listening) {
                    let (told, wanted) = (heard.clone(), wanted.clone());
                    let ended = move || {
                        if wanted.get() {
                            told.emit(WorkerMessage::Gone);
                        }
                    };
                    lock::watch(&name, ended);
                    for (message, transfer) in outbox.borrow_mut().take().into_iter().flatten() {
                        post(&worker, &message, &transfer, &heard);
                    }
                }
                heard.emit(said);
            })
        };
        let failed = heard.clone();
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            event.prevent_default();
            // A script that cannot be loaded gives a plain event without a message.
            let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).filter(|message| !message.is_empty());
            let why = message.unwrap_or_else(|| "its script or its wasm file could not be loaded".into());
            failed.emit(WorkerMessage::Crashed(why));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, outbox, heard, wanted, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a command, as soon as the worker listens.
    pub fn send(&self, ticket: Ticket, command: &Command) {
        match wire::encode(&(ticket, command)) {
            Ok((message, transfer)) => match self.outbox.borrow_mut().as_mut() {
                Some(waiting) => waiting.push((message, transfer)),
                None => post(&self.worker, &message, &transfer, &self.heard),
            },
            Err(error) => self.heard.emit(WorkerMessage::Crashed(error)),
        }
    }
}

fn post(worker: &Worker, message: &Uint8Array, transfer: &Array, heard: &Callback<WorkerMessage>) {
    if let Err(error) = worker.post_message_with_transfer(message, transfer) {
        heard.emit(WorkerMessage::Crashed(format!("it cannot be spoken to: {error:?}")));
    }
}

impl Drop for WorkerClient {
    fn drop(&mut self) {
        self.wanted.set(false);
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
        self.worker.terminate();
    }
}
