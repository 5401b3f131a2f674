//! A lock that a worker holds for as long as it lives (the Web Locks API, <https://www.w3.org/TR/web-locks/>): whoever asks for it gets
//! it when the worker has ended, whatever ended it. A worker that a browser has ended says nothing, and no event tells.
//!
//! Browsers have locks for pages over https and from this machine only; elsewhere the counting of signs of life is left.

use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use crate::browser::{ask, global};

/// Name of the lock of a worker, which has that name.
fn name(worker: &str) -> JsValue {
    format!("convscope worker {worker}").into()
}

/// Holds the lock of the worker that calls it until that ends; returns once it is held, or cannot be.
#[cfg(feature = "worker")]
pub async fn hold() {
    use futures_channel::oneshot;
    use futures_util::future::{Either, select};

    let worker = global("name").as_string().unwrap_or_default();
    let (sender, held) = oneshot::channel();
    let granted = Closure::once_into_js(move || {
        let _ = sender.send(());
        // A promise that is never kept.
        js_sys::Promise::new(&mut |_, _| {})
    });
    let arguments = (global("navigator.locks"), name(&worker), granted);
    let request = async move { ask(&arguments.0, "request", &[&arguments.1, &arguments.2]).await };
    // The request ends with the lock, or at once where there are none.
    if let Either::Left((_, request)) = select(held, Box::pin(request)).await {
        wasm_bindgen_futures::spawn_local(async {
            let _ = request.await;
        });
    }
}

/// Calls `ended` when the worker of that name, which holds its lock, has ended.
#[cfg(feature = "page")]
pub fn watch(worker: &str, ended: impl FnOnce() + 'static) {
    let (worker, granted) = (name(worker), Closure::once_into_js(ended));
    wasm_bindgen_futures::spawn_local(async move {
        let _ = ask(&global("navigator.locks"), "request", &[&worker, &granted]).await;
    });
}
