//! The constructors of a wasm program that computes.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Runs the constructors, once: parts of burn's compiler for GPUs (`pliron`) register themselves in them. Left to itself,
/// wasm-ld would have them run anew at every call from JavaScript, which takes half a second of every second here and
/// registers everything again (`build.rs` keeps it from that).
pub fn run() {
    let constructors = Reflect::get(&wasm_bindgen::exports(), &"__wasm_call_ctors".into());
    if let Some(constructors) = constructors.ok().and_then(|export| export.dyn_into::<Function>().ok()) {
        let _ = constructors.call0(&JsValue::UNDEFINED);
    }
}
