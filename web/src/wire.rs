//! How a command or an event, with its ticket, travels between the page and its worker: postcard in a `Uint8Array` whose
//! buffer changes hands instead of being copied. Both ends are built together, so the format needs no version.

use convscope_core::protocol::Ticket;
use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// What the worker says first: it listens now. A module worker that is still starting would lose a message.
pub const HELLO: &str = "hello";

/// What the worker says every [`PULSE_SECONDS`] while it works on a command, unless a step keeps it from that.
pub const PULSE: &str = "pulse";

/// How often that is.
pub const PULSE_SECONDS: u32 = 2;

/// What the worker's last words begin with when they are that the GPU has been lost.
pub const LOST: &str = "the GPU has been lost: ";

/// A message and the list of what changes hands with it.
///
/// # Errors
/// A sentence, if it cannot be encoded.
pub fn encode<T: Serialize>(ticket: Ticket, content: &T) -> Result<(Uint8Array, Array), String> {
    let bytes =
        postcard::to_allocvec(&(ticket, content)).map_err(|error| format!("a message cannot be sent: {error}"))?;
    let message = Uint8Array::from(bytes.as_slice());
    let transfer = Array::of1(&message.buffer());
    Ok((message, transfer))
}

/// What [`encode`] made.
///
/// # Errors
/// A sentence, if it is something else.
pub fn decode<T: DeserializeOwned>(message: &JsValue) -> Result<(Ticket, T), String> {
    let bytes = Uint8Array::new(message).to_vec();
    postcard::from_bytes(&bytes).map_err(|error| format!("a message cannot be read: {error}; reload the page"))
}
