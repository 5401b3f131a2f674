//! `window.convscope`: what the page knows, for tests and for the curious in a browser's console.
//!
//! - `convscope.state()`: an object with `engine` (`starting`, `running`, `crashed`), `busy` (`no`, `loading`, `looking`,
//!   `explaining`), `device`, `model`, `hash`, `picture`, `class`, `layer`, `layers` (those whose maps answer what is chosen
//!   now), `import` (`null`, `working`, `asking`, or `failed` with the engine's words), `message` (the engine's words, or the key of the page's own), `line` (likewise, about the image), `language`,
//!   `seconds` (`load`, `look`, `explain`),
//!   `technique` (the command of the chosen method), `method` (its id), `panels` (how many are here) and `progress` (`[done, total]`).
//! - `convscope.sheet()`: `activation` in numbers and `size` (width, height, tiles a row) of the layer's sheet.
//! - `convscope.channel()`: the feature map over the image: `layer`, `channel`, `width`, `height` and `values`, -1 to 1; or `null`.
//! - `convscope.panels()`: the images of channels, each with `channel`, `measure`, `size` and `rgb`, a `Uint8Array`.
//! - `convscope.curves()`: the curves of metrics, each with `metric`, `layer`, `x`, `y`, `points` and `area`.
//! - `convscope.measurements()`: all that metrics say, each with `metric`, `layer`, `value` and `baselines`.
//! - `convscope.trust()`: `measurements` of the map that is seen, `verdict` (codes), `running` and `due`; `null` where there are none.
//! - `convscope.conventions()`: the map in each convention that is compared: `name`, `correlation`, `largest` and `blank`; empty until they are
//!   there.
//! - `convscope.classes()`: all classes, the likeliest first, each with `index`, `name`, `probability`, `logit`.
//! - `convscope.kept()`: the map that is kept to compare with, likewise.
//! - `convscope.map(layer)`: the chosen layer's map, or that of `layer`: `layer`, `class`, `width`, `height`, `blank`,
//!   `maximum` and `values`, a `Float32Array` of 0 to 1, row by row; `null` where there is none.

use std::cell::RefCell;
use std::rc::Rc;

use convscope_core::artifact::Panel;
use convscope_core::explain::InConvention;
use convscope_core::export::baselines;
use convscope_core::measurement::{Curve, Measurement};
use convscope_core::target::Target;
use js_sys::{Array, Float32Array, JSON, Object, Reflect, Uint8Array};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use convscope_page::{Busy, Engine, FeatureMap, ImportStep, Shared, Shown, State, Text, TrustState, View};

/// Makes `window.convscope`, which tells the state as it is when it is asked.
pub fn install(shared: &Rc<RefCell<State>>) {
    let tools = Object::new();
    let reader = |name: &str, read: fn(&State, JsValue) -> JsValue| {
        let state = shared.clone();
        let function = Closure::<dyn Fn(JsValue) -> JsValue>::new(move |argument| read(&state.borrow(), argument));
        let _ = Reflect::set(&tools, &name.into(), &function.into_js_value());
    };
    reader("state", |state, _| object(&summary(state)));
    reader("classes", |state, _| object(&classes(state)));
    reader("map", |state, layer| {
        let shown = layer
            .as_string()
            .map_or_else(|| state.explanation.current(), |layer| state.explanation.results.map(&layer));
        shown.map_or(JsValue::NULL, map)
    });
    reader("kept", |state, _| {
        let shown = |view: &View| Shown { request: view.request.clone(), map: view.map.clone() };
        let shown = state.comparison.kept.as_deref().map(shown);
        shown.as_ref().map_or(JsValue::NULL, map)
    });
    reader("sheet", |state, _| {
        let sheet = state.explanation.results.sheet.as_ref();
        let size = sheet.and_then(|sheet| {
            let drawn = sheet.draw(state.explanation.colormap).ok()?;
            Some((drawn.width(), drawn.height(), sheet.columns))
        });
        object(&json!({ "activation": sheet.map(|sheet| &sheet.activation), "size": size }))
    });
    reader("channel", |state, _| {
        state.explanation.results.channel.as_ref().map_or(JsValue::NULL, |FeatureMap { layer, channel, plane }| {
            let told =
                object(&json!({ "layer": layer, "channel": channel, "width": plane.width, "height": plane.height }));
            let _ = Reflect::set(&told, &"values".into(), &Float32Array::from(plane.values.as_slice()));
            told
        })
    });
    reader("panels", |state, _| {
        state.explanation.results.panels.iter().map(|panel| panel_of(panel)).collect::<Array>().into()
    });
    reader("curves", |state, _| {
        let curve = |one: &Shared<Measurement>| {
            let Curve { x, y, points, .. } = one.reading.curve.as_ref()?;
            let area = one.reading.value;
            Some(json!({ "metric": one.metric, "layer": one.layer, "x": x, "y": y, "points": points, "area": area }))
        };
        object(&state.explanation.results.measurements.iter().filter_map(curve).collect())
    });
    reader("measurements", |state, _| {
        let told = |one: &Shared<Measurement>| {
            let (value, baselines) = (one.reading.value, baselines(one));
            json!({ "metric": one.metric, "layer": one.layer, "value": value, "baselines": baselines })
        };
        object(&state.explanation.results.measurements.iter().map(told).collect())
    });
    reader("trust", |state, _| state.trust().map_or(JsValue::NULL, |trust| object(&trusted(state, &trust))));
    reader("conventions", |state, _| {
        let told = |one: &Shared<InConvention>| {
            let difference = one.difference.as_ref();
            json!({
                "name": one.convention.name, "blank": one.map.blank.map(|blank| blank.to_string()),
                "correlation": difference.and_then(|difference| difference.correlation),
                "largest": difference.map(|difference| difference.largest),
            })
        };
        object(&state.conventions.compared.iter().map(told).collect())
    });
    let _ = Reflect::set(&js_sys::global(), &"convscope".into(), &tools);
}

pub(crate) fn object(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).unwrap_or(JsValue::NULL)
}

fn summary(state: &State) -> Value {
    let ready = state.model.ready.as_ref();
    let results = &state.explanation.results;
    let newest = results.maps.iter().filter(|shown| !state.is_stale(Some(shown)));
    let layers: Vec<&str> = newest.map(|shown| shown.map.layer.as_str()).collect();
    json!({
        "engine": match state.worker.engine {
            Engine::Starting => "starting",
            Engine::Running => "running",
            Engine::Crashed => "crashed",
        },
        "busy": match state.worker.busy() {
            Busy::No => "no",
            Busy::Starting(..) | Busy::Loading(..) => "loading",
            Busy::Looking => "looking",
            Busy::Explaining => "explaining",
        },
        "device": ready.map(|ready| &ready.device),
        "model": ready.map(|ready| &ready.id),
        "hash": ready.map(|ready| &ready.hash),
        "picture": state.image.photo.as_ref().map(|photo| &photo.name),
        "class": state.explanation.target.as_ref().and_then(Target::single),
        "target": state.explanation.target,
        "layer": state.explanation.layer,
        "language": state.notice.language.tag(),
        "technique": state.card().map(|card| &card.command),
        "method": state.explanation.method,
        "panels": results.panels.len(),
        "progress": results.progress,
        "layers": layers,
        "import": match &state.import.step {
            None => Value::Null,
            Some(ImportStep::Working { .. }) => json!("working"),
            Some(ImportStep::Asking(_)) => json!("asking"),
            Some(ImportStep::Failed(why)) => json!({ "failed": told(why) }),
        },
        "message": state.notice.message.as_ref().map(|message| told(&message.text)),
        "line": state.notice.line.as_ref().map(told),
        "seconds": {
            "load": ready.map(|ready| ready.seconds),
            "look": state.image.observation.as_ref().map(|observation| observation.seconds),
            "explain": results.seconds,
        },
    })
}

fn trusted(state: &State, trust: &TrustState) -> Value {
    json!({
        "measurements": trust.measurements.iter().map(|one| &**one).collect::<Vec<_>>(),
        "verdict": trust.verdict.iter().map(|sentence| sentence.code()).collect::<Vec<_>>(),
        "running": trust.progress.is_some(),
        "due": state.is_trust_due(),
    })
}

fn told(text: &Text) -> String {
    match text {
        Text::Own(key, _) => (*key).to_owned(),
        Text::Engine(fault) => fault.to_string(),
        Text::All(parts) => parts.iter().map(told).collect::<Vec<_>>().join(" "),
    }
}

fn classes(state: &State) -> Value {
    json!(state.image.observation.as_ref().map(|observation| &observation.classes))
}

fn panel_of(panel: &Panel) -> JsValue {
    let size = panel.drawing.as_ref().map(|drawing| [drawing.width, drawing.height]);
    let told = object(&json!({ "channel": panel.channel, "measure": panel.measure, "size": size }));
    if let Some(drawing) = &panel.drawing {
        let _ = Reflect::set(&told, &"rgb".into(), &Uint8Array::from(drawing.rgb.as_slice()));
    }
    told
}

fn map(shown: &Shown) -> JsValue {
    let map = &shown.map;
    let told = object(&json!({
        "layer": map.layer,
        "class": shown.request.target.as_ref().and_then(Target::single),
        "target": shown.request.target,
        "width": map.normalised.width,
        "height": map.normalised.height,
        "blank": map.blank.map(|blank| blank.to_string()),
        "maximum": map.raw_maximum,
    }));
    let values = Float32Array::from(map.normalised.values.as_slice());
    let _ = Reflect::set(&told, &"values".into(), &values);
    told
}
