//! Last words of workers: a panic, and any other end of the work. An exception inside a promise, such as wasm's trap when the memory is
//! used up, reaches no `onerror` of the page by itself.

use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, PromiseRejectionEvent};

use crate::wire;

/// Has the page hear of any end of this worker, as the message that `crashed` makes of the reason.
pub(crate) fn report<M: Serialize + 'static>(scope: &DedicatedWorkerGlobalScope, crashed: fn(String) -> M) {
    std::panic::set_hook(Box::new(move |panic| {
        console_error_panic_hook::hook(panic);
        let place = panic.location().map(|place| format!(" ({}:{})", file_name(place.file()), place.line()));
        let why = panic.payload_as_str().unwrap_or("for an unknown reason");
        say(&crashed(format!("{why}{}", place.unwrap_or_default())), crashed);
    }));
    let on_rejection = Closure::<dyn FnMut(PromiseRejectionEvent)>::new(move |event: PromiseRejectionEvent| {
        say(&crashed(text(&event.reason())), crashed);
    });
    let listener = on_rejection.as_ref().unchecked_ref();
    let _ = scope.add_event_listener_with_callback("unhandledrejection", listener);
    on_rejection.forget();
}

/// Tells the page. A message that cannot be sent is the end of the worker; that this is so may be past saying, too.
pub(crate) fn say<M: Serialize>(message: &M, crashed: fn(String) -> M) {
    if let Err(why) = post(message) {
        let _ = post(&crashed(why));
    }
}

fn post(message: &impl Serialize) -> Result<(), String> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let (bytes, transfer) = wire::encode(message)?;
    scope.post_message_with_transfer(&bytes, &transfer).map_err(|error| text(&error))
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn text(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.unwrap_or_else(|| format!("{error:?}"))
}
