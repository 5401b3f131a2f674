//! The page's end of the worker.
//!
//! A plain [`Worker`] instead of yew-agent's: that gives no sign when a worker dies (it would leave the page waiting for
//! ever), and copies every message. Here whatever ends the worker becomes [`Signal::Crashed`], and the page can start
//! another one.

use std::cell::RefCell;
use std::rc::Rc;

use convscope_core::protocol::{Command, Event, Ticket};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use crate::offline::meta;
use crate::wire;

/// What is heard from the worker.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// So many bytes of its program have come, of so many; an array of two numbers, from the script that `cargo xtask` writes.
    Coming(u64, u64),
    /// It listens.
    Started,
    /// An answer.
    Heard(Ticket, Event),
    /// It is at work.
    Alive,
    /// It is dead, since the GPU has been lost, with the reason.
    Lost(String),
    /// It is dead, with its last words.
    Crashed(String),
}

/// The worker's script, beside the page. The page says its name, which changes with its content, so that no page ever starts
/// another version's worker.
fn script() -> String {
    meta("convscope-worker").unwrap_or_else(|| "./worker_loader.js".into())
}

/// Messages that wait for the worker to listen; none once it does.
type Outbox = Rc<RefCell<Option<Vec<(Uint8Array, Array)>>>>;

/// A running worker. Dropped, it is ended at once, whatever it is doing.
pub struct WorkerClient {
    worker: Worker,
    outbox: Outbox,
    signal: Callback<Signal>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

impl WorkerClient {
    /// Starts a worker.
    ///
    /// # Errors
    /// A sentence, where the browser refuses.
    pub fn start(signal: Callback<Signal>) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&script(), &options)
            .map_err(|error| format!("this browser starts no worker ({error:?}); use a newer one"))?;
        let outbox: Outbox = Rc::new(RefCell::new(Some(vec![])));
        let on_message = {
            let (outbox, worker, signal) = (outbox.clone(), worker.clone(), signal.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
                let data = message.data();
                match data.as_string() {
                    Some(word) if word == wire::HELLO => {
                        for (message, transfer) in outbox.borrow_mut().take().into_iter().flatten() {
                            post(&worker, &message, &transfer, &signal);
                        }
                        signal.emit(Signal::Started);
                    }
                    Some(word) if word == wire::PULSE => signal.emit(Signal::Alive),
                    Some(last_words) => signal.emit(match last_words.strip_prefix(wire::LOST) {
                        Some(why) => Signal::Lost(why.to_owned()),
                        None => Signal::Crashed(last_words),
                    }),
                    None if Array::is_array(&data) => {
                        let bytes = |index| Array::from(&data).get(index).as_f64().unwrap_or(0.0) as u64;
                        signal.emit(Signal::Coming(bytes(0), bytes(1)));
                    }
                    None => match wire::decode(&data) {
                        Ok((ticket, event)) => signal.emit(Signal::Heard(ticket, event)),
                        Err(error) => signal.emit(Signal::Crashed(error)),
                    },
                }
            })
        };
        let failed = signal.clone();
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            event.prevent_default();
            // A script that cannot be loaded gives a plain event without a message.
            let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).filter(|message| !message.is_empty());
            let why = message.unwrap_or_else(|| "its script or its wasm file could not be loaded".into());
            failed.emit(Signal::Crashed(why));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, outbox, signal, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a command, as soon as the worker listens.
    pub fn send(&self, ticket: Ticket, command: &Command) {
        match wire::encode(ticket, command) {
            Ok((message, transfer)) => match self.outbox.borrow_mut().as_mut() {
                Some(waiting) => waiting.push((message, transfer)),
                None => post(&self.worker, &message, &transfer, &self.signal),
            },
            Err(error) => self.signal.emit(Signal::Crashed(error)),
        }
    }
}

fn post(worker: &Worker, message: &Uint8Array, transfer: &Array, signal: &Callback<Signal>) {
    if let Err(error) = worker.post_message_with_transfer(message, transfer) {
        signal.emit(Signal::Crashed(format!("it cannot be spoken to: {error:?}")));
    }
}

impl Drop for WorkerClient {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.set_onmessageerror(None);
        self.worker.terminate();
    }
}
