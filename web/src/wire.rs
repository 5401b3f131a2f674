//! Messages between the page and its worker, `(Ticket, Command)` one way and
//! [`WorkerMessage`](convscope_core::worker_message::WorkerMessage) the other: postcard in a `Uint8Array` whose buffer changes
//! hands instead of being copied. Both ends are built together, so the format needs no version.

#[cfg(feature = "page")]
use convscope_core::worker_message::WorkerMessage;
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
#[cfg(feature = "page")]
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;

/// A message and the list of what changes hands with it.
///
/// # Errors
/// A sentence, if it cannot be encoded.
pub fn encode(content: &impl Serialize) -> Result<(Uint8Array, Array), String> {
    let bytes = postcard::to_allocvec(content).map_err(|error| format!("a message cannot be sent: {error}"))?;
    let message = Uint8Array::from(bytes.as_slice());
    let transfer = Array::of1(&message.buffer());
    Ok((message, transfer))
}

/// Decodes what [`encode`] made.
///
/// # Errors
/// A sentence, if it is something else.
pub fn decode<T: DeserializeOwned>(message: &JsValue) -> Result<T, String> {
    let bytes = Uint8Array::new(message).to_vec();
    postcard::from_bytes(&bytes).map_err(|error| format!("a message cannot be read: {error}; reload the page"))
}

/// Message of a worker: one that [`encode`] made, or, before there is a program that can encode, the loader's plain object
/// `{ program: { done, total } }`.
///
/// # Errors
/// A sentence, if it is something else.
#[cfg(feature = "page")]
pub fn said(message: &JsValue) -> Result<WorkerMessage, String> {
    if message.is_instance_of::<Uint8Array>() {
        return decode(message);
    }
    let program = crate::browser::part(message, "program");
    let bytes = |name| crate::browser::part(&program, name).as_f64().map(|bytes| bytes as u64);
    let program = bytes("done").zip(bytes("total")).map(|(done, total)| WorkerMessage::Program { done, total });
    program.ok_or_else(|| "a message cannot be read: it is none of the worker's; reload the page".into())
}
