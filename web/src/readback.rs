//! `window.convscope`: what the page knows, for tests and for the curious in a browser's console.
//!
//! - `convscope.state()`: an object with `engine` (`starting`, `running`, `crashed`), `busy` (`no`, `loading`, `looking`,
//!   `explaining`), `device`, `model`, `hash`, `picture`, `class`, `layer`, `layers` (those whose maps of the chosen class are
//!   here), `message`, `seconds` (`load`, `look`, `explain`).
//! - `convscope.classes()`: all classes, the likeliest first, each with `index`, `name`, `probability`, `logit`.
//! - `convscope.map(layer)`: the chosen layer's map, or that of `layer`: `layer`, `class`, `width`, `height`, `blank`,
//!   `maximum` and `values`, a `Float32Array` of 0 to 1, row by row; `null` where there is none.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Float32Array, JSON, Object, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use crate::state::{Busy, Engine, Shown, State};

/// The state that `window.convscope` tells.
#[derive(Clone)]
pub struct Readback(Rc<RefCell<State>>);

impl Readback {
    /// Makes `window.convscope`.
    pub fn install(state: &State) -> Self {
        let shared = Rc::new(RefCell::new(state.clone()));
        let tools = Object::new();
        let reader = |name: &str, read: fn(&State, JsValue) -> JsValue| {
            let state = shared.clone();
            let function = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |argument| read(&state.borrow(), argument));
            let _ = Reflect::set(&tools, &name.into(), &function.into_js_value());
        };
        reader("state", |state, _| object(&summary(state)));
        reader("classes", |state, _| object(&classes(state)));
        reader("map", |state, layer| {
            let shown = layer.as_string().map_or_else(|| state.current(), |layer| state.map(&layer));
            shown.map_or(JsValue::NULL, map)
        });
        let _ = Reflect::set(&js_sys::global(), &"convscope".into(), &tools);
        Self(shared)
    }

    /// Tells this from now on.
    pub fn update(&self, state: &State) {
        self.0.replace(state.clone());
    }
}

fn object(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).unwrap_or(JsValue::NULL)
}

fn summary(state: &State) -> Value {
    let ready = state.ready.as_ref();
    let layers: Vec<&str> = state
        .shown
        .iter()
        .filter(|shown| Some(shown.class) == state.class)
        .map(|shown| shown.map.layer.as_str())
        .collect();
    json!({
        "engine": match state.engine {
            Engine::Starting => "starting",
            Engine::Running => "running",
            Engine::Crashed => "crashed",
        },
        "busy": match state.busy() {
            Busy::No => "no",
            Busy::Loading(..) => "loading",
            Busy::Looking => "looking",
            Busy::Explaining => "explaining",
        },
        "device": ready.map(|ready| &ready.device),
        "model": ready.map(|ready| &ready.id),
        "hash": ready.map(|ready| &ready.hash),
        "picture": state.photo.as_ref().map(|photo| &photo.name),
        "class": state.class,
        "layer": state.layer,
        "layers": layers,
        "message": state.message.as_ref().map(|message| &message.text),
        "seconds": {
            "load": ready.map(|ready| ready.seconds),
            "look": state.looked.as_ref().map(|looked| looked.seconds),
            "explain": state.explained,
        },
    })
}

fn classes(state: &State) -> Value {
    json!(state.looked.as_ref().map(|looked| &looked.classes))
}

fn map(shown: &Shown) -> JsValue {
    let map = &shown.map;
    let told = object(&json!({
        "layer": map.layer,
        "class": shown.class,
        "width": map.normalised.width,
        "height": map.normalised.height,
        "blank": map.blank.map(|blank| blank.to_string()),
        "maximum": map.raw_maximum,
    }));
    let values = Float32Array::from(map.normalised.values.as_slice());
    let _ = Reflect::set(&told, &"values".into(), &values);
    told
}
