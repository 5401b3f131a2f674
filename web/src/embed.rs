//! The page in a frame of another one: `?embed` shows the stage, its caption and its classes alone. `?embed=wait`, which the element
//! `<conv-scope>` opens, does nothing before the page around it asks.
//!
//! The two meet once: this page says hello to its parent, whoever that is, and takes the port that its parent, and no other window,
//! sends back. Everything else goes through that port. `docs/embed.md` says what an element hears; the messages are its and this file's own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use convscope_core::target::Target;
use convscope_page::{Action, EmbedAction, EmbedEvent, Link, LinkImage, State, Told};
use gloo_events::EventListener;
use js_sys::{Float32Array, Object, Reflect, Uint8Array};
use serde_json::{Value, json};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::MessageEvent;
use yew::Callback;

use crate::browser::{call, global, new, part};
use crate::components::EXAMPLES;
use crate::readback::object;
use crate::save;
use crate::words::Words;

/// Version of the messages.
const VERSION: u32 = 1;
/// Letters of an image's name.
const NAME: usize = 200;

/// The way in which the page lies in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Embedding {
    /// It shows what its address says.
    Shown,
    /// It does nothing before the page around it asks.
    Waits,
}

/// Port to the page around this one, once that has sent it.
#[derive(Clone, Default)]
struct Port(Rc<RefCell<Option<JsValue>>>);

/// The requests of the page around this one that want a picture, too.
type Wanted = Rc<RefCell<BTreeMap<u32, bool>>>;

/// End of the conversation with the page around this one.
pub(crate) struct Conversation {
    port: Port,
    wanted: Wanted,
    told: Told,
    _listener: EventListener,
}

impl Port {
    fn send(&self, message: &JsValue) {
        if let Some(port) = &*self.0.borrow() {
            let _ = call(port, "postMessage", &[message]);
        }
    }

    fn say(&self, message: &Value) {
        self.send(&object(message));
    }

    /// The height that the page wants to have, in CSS pixels.
    fn say_height(&self) {
        let root = global("document.documentElement");
        let height = call(&root, "getBoundingClientRect", &[]).ok().and_then(|place| part(&place, "height").as_f64());
        if let Some(height) = height {
            self.say(&json!({ "type": "size", "height": height.ceil() }));
        }
    }
}

impl Conversation {
    /// Says hello to the parent, and hears what it asks for.
    pub(crate) fn begin(hear: Callback<Action>) -> Option<Self> {
        let window = web_sys::window()?;
        let parent: JsValue = window.parent().ok()??.into();
        let (port, wanted) = (Port::default(), Wanted::default());
        let listener = {
            let (port, wanted, parent) = (port.clone(), wanted.clone(), parent.clone());
            EventListener::new(&window, "message", move |event| {
                let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
                let from_parent = Object::is(&part(event, "source"), &parent);
                let given = part(&part(event, "ports"), "0");
                if from_parent && part(&event.data(), "convscope") == "connect" && given.is_object() {
                    listen(&given, &wanted, hear.clone());
                    *port.0.borrow_mut() = Some(given);
                    port.say_height();
                }
            })
        };
        let hello = object(&json!({ "convscope": "hello", "version": VERSION }));
        // Whoever it is: there is nothing in it, and no origin is known yet.
        let _ = call(&parent, "postMessage", &[&hello, &"*".into()]);
        watch_height(&port);
        Some(Self { port, wanted, told: Told::default(), _listener: listener })
    }

    /// Tells what is new.
    pub(crate) fn tell(&mut self, state: &State, words: &Words) {
        for event in self.told.news(state) {
            match event {
                EmbedEvent::Ready => self.port.say(&ready(state)),
                EmbedEvent::Progress(loads, done, total) => {
                    let what = if loads { "loading" } else { "explaining" };
                    self.port.say(&json!({ "type": "progress", "what": what, "done": done, "total": total }));
                }
                EmbedEvent::Failed(number, text) => {
                    let message = words.tell(&text);
                    self.port
                        .say(&json!({ "type": "error", "number": number, "code": text.code(), "message": message }));
                }
                EmbedEvent::Explained(number) => self.explained(number, state),
            }
        }
    }

    fn explained(&self, number: Option<u32>, state: &State) {
        let Some(message) = explained(number, state) else { return };
        let wants = number.and_then(|number| self.wanted.borrow_mut().remove(&number)).unwrap_or_default();
        let (port, scene) = (self.port.clone(), state.scene());
        spawn_local(async move {
            if wants && let Some(picture) = save::picture(scene).await {
                let _ = Reflect::set(&message, &"picture".into(), &picture.into());
            }
            port.send(&message);
        });
    }
}

/// Hears what comes through a port.
fn listen(port: &JsValue, wanted: &Wanted, hear: Callback<Action>) {
    let wanted = wanted.clone();
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let data = event.data();
        let number = part(&data, "number").as_f64();
        let Some(number) = number.filter(|_| part(&data, "type") == "explain").map(|number| number as u32) else {
            return;
        };
        *wanted.borrow_mut() = [(number, part(&data, "picture").is_truthy())].into();
        hear.emit(asked(number, &data).into());
    });
    let _ = Reflect::set(port, &"onmessage".into(), &heard.into_js_value());
}

/// What a message asks for.
fn asked(number: u32, data: &JsValue) -> EmbedAction {
    let text = part(data, "link").as_string().unwrap_or_default();
    let (mut link, problem) = Link::parse(&text).unwrap_or_default();
    let image = part(data, "image");
    if image.is_null() && link.image.is_none() {
        let [example, ..] = EXAMPLES;
        link.image = Some(LinkImage::Example(example.id.into()));
    }
    let bytes = part(&image, "bytes");
    let image = bytes.is_object().then(|| {
        let name = part(&image, "name").as_string().unwrap_or_default().chars().take(NAME).collect();
        (name, Rc::from(Uint8Array::new(&bytes).to_vec()))
    });
    EmbedAction::Ask { number, link: Box::new(link), problem, image }
}

/// Tells the page around this one how high this one wants to be, now and whenever that changes.
fn watch_height(port: &Port) {
    let changed = {
        let port = port.clone();
        Closure::<dyn Fn()>::new(move || port.say_height()).into_js_value()
    };
    // A browser without has a frame of one height.
    if let Ok(observer) = new("ResizeObserver", &[&changed]) {
        let _ = call(&observer, "observe", &[&global("document.documentElement")]);
    }
}

fn ready(state: &State) -> Value {
    let ready = state.model.ready.as_deref();
    let methods: Vec<_> = state.model.methods.iter().filter(|card| state.offers(card) && card.gives.is_map()).collect();
    json!({
        "type": "ready",
        "model": ready.map(|ready| &ready.id),
        "name": ready.map(|ready| &ready.name),
        "hash": ready.map(|ready| &ready.hash),
        "device": ready.map(|ready| &ready.device),
        "layers": ready.map(|ready| ready.taps.iter().map(|tap| &tap.name).collect::<Vec<_>>()),
        "methods": methods.iter().map(|card| &card.id).collect::<Vec<_>>(),
    })
}

/// The answer, with the map's numbers; none where there is none.
fn explained(number: Option<u32>, state: &State) -> Option<JsValue> {
    let (shown, ready) = (state.settled_map()?, state.model.ready.as_deref()?);
    let (map, request) = (&shown.map, &shown.request);
    let (width, height) = (map.normalised.width, map.normalised.height);
    let class = request.target.as_ref().and_then(Target::single).and_then(|class| state.image.class(class));
    let size = state.image.size();
    let region = state.image.region();
    let message = object(&json!({
        "type": "explained",
        "number": number,
        "model": ready.id,
        "hash": ready.hash,
        "device": ready.device,
        "method": request.method,
        "convention": request.convention,
        "layer": map.layer,
        "target": request.target.as_ref().map(ToString::to_string),
        "class": class,
        "classes": state.image.observation.as_ref().map(|observation| &observation.classes),
        "width": width,
        "height": height,
        "shape": [height, width],
        "maximum": map.raw_maximum,
        "blank": map.blank.map(|blank| blank.to_string()),
        "image": {
            "width": size.0, "height": size.1,
            "region": { "x": region.x, "y": region.y, "width": region.width, "height": region.height },
        },
        "seconds": state.explanation.results.seconds,
    }));
    let values = Float32Array::from(map.normalised.values.as_slice());
    let _ = Reflect::set(&message, &"map".into(), &values);
    Some(message)
}
