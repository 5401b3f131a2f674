//! Means of browsers for keeping things, called by name. Typed bindings would be more of web-sys, and its choice of features is
//! one that all of burn is built on: every one more is a quarter of an hour for everybody. By name, what a browser does not have
//! is an error like any other.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A part of an object, `undefined` where there is none.
pub fn part(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A global object, or a part of one: `navigator.storage`.
pub fn global(path: &str) -> JsValue {
    path.split('.').fold(js_sys::global().into(), |of, name| part(&of, name))
}

/// Calls a method.
///
/// # Errors
/// Whatever it throws, and where there is no such method.
pub fn call(of: &JsValue, method: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(of, &method.into())?.dyn_into()?;
    function.apply(of, &arguments.iter().copied().collect::<Array>())
}

/// Calls a method and awaits the promise that it gives.
///
/// # Errors
/// Those of [`call`], and what the promise is rejected with.
pub async fn ask(of: &JsValue, method: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let promise: Promise = call(of, method, arguments)?.dyn_into()?;
    JsFuture::from(promise).await
}

/// A new object of a class.
///
/// # Errors
/// Whatever the constructor throws, and where there is no such class.
pub fn new(class: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let class: Function = global(class).dyn_into()?;
    Reflect::construct(&class, &arguments.iter().copied().collect::<Array>())
}

/// An object with parts that are strings.
pub fn object(parts: &[(&str, &str)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in parts {
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object.into()
}
