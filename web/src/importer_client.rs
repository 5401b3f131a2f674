//! The page's side of the importer: starts its program, gives it files, and hears what becomes of them.

use std::cell::RefCell;
use std::rc::Rc;

use convscope_core::import_message::{ImportCommand, ImportMessage, ImportStage};
use convscope_page::FileHandle;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use crate::browser::{new, part};
use crate::offline::meta;
use crate::script_address::script_address;
use crate::{files, wire};

/// The importer's script, beside the page, which says its name.
fn script() -> String {
    meta("convscope-importer").unwrap_or_else(|| "./importer_loader.js".into())
}

/// A running importer. Dropped, it is ended at once, whatever it is doing.
pub struct ImporterClient {
    worker: Worker,
    /// Commands that wait for it to listen; none once it does.
    outbox: Rc<RefCell<Option<Vec<Array>>>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

impl ImporterClient {
    /// Starts it.
    ///
    /// # Errors
    /// A sentence, where the browser refuses.
    pub fn start(heard: Callback<ImportMessage>) -> Result<Self, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = new("Worker", &[&script_address(&script()), &options])
            .and_then(JsCast::dyn_into::<Worker>)
            .map_err(|error| format!("this browser starts no worker ({error:?}); use a newer one"))?;
        let outbox = Rc::new(RefCell::new(Some(vec![])));
        let on_message = {
            let (outbox, worker, heard) = (outbox.clone(), worker.clone(), heard.clone());
            Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
                let said = said(&message.data()).unwrap_or_else(ImportMessage::Crashed);
                if matches!(said, ImportMessage::Listening) {
                    outbox.borrow_mut().take().into_iter().flatten().for_each(|command| post(&worker, &command));
                }
                heard.emit(said);
            })
        };
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            event.prevent_default();
            // A script that cannot be loaded gives a plain event without a message.
            let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).filter(|message| !message.is_empty());
            let why = message.unwrap_or_else(|| "its script or its wasm file could not be loaded".into());
            heard.emit(ImportMessage::Crashed(why));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, outbox, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a command with files, which the browser hands over without reading them, as soon as it listens.
    ///
    /// # Errors
    /// A sentence, if the command cannot be encoded.
    pub fn send(&self, command: &ImportCommand, handles: &[FileHandle]) -> Result<(), String> {
        let (bytes, _) = wire::encode(command)?;
        let files: Array = handles.iter().filter_map(files::file).map(JsValue::from).collect();
        let message = Array::of2(&bytes, &files);
        match self.outbox.borrow_mut().as_mut() {
            Some(waiting) => waiting.push(message),
            None => post(&self.worker, &message),
        }
        Ok(())
    }
}

impl Drop for ImporterClient {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn post(worker: &Worker, message: &Array) {
    // Bytes and files are what can be sent; one that is gone is found to be so by the reader.
    let _ = worker.post_message(message);
}

/// What the importer says; before there is a program, its loader says how much of it has come.
fn said(message: &JsValue) -> Result<ImportMessage, String> {
    if message.is_instance_of::<Uint8Array>() {
        return wire::decode(message);
    }
    let program = part(message, "program");
    let bytes = |name| part(&program, name).as_f64().unwrap_or_default() as u64;
    Ok(ImportMessage::Progress { stage: ImportStage::Program, done: bytes("done"), total: bytes("total") })
}
