//! The page: carries out what [`State`] asks for, and hands its parts to the components.

use std::rc::Rc;

use convscope::device::Choice;
use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Interval;
use serde::Deserialize;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, Element, HtmlElement, KeyboardEvent, RequestCache, UrlSearchParams,
};
use yew::prelude::*;

use crate::components::{
    Activations, Alert, Classes, DEVICES, EXAMPLES, Example, FILE, Footer, Header, Pictures, Status, Storage, Work,
    help::{self, Help},
    list, read,
};
use crate::keep::Drawer;
use crate::readback::Readback;
use crate::state::{Action, Busy, Effect, ExampleFile, Language, Link, ModelEntry, State, Technique, Text};
use crate::words::Words;
use crate::worker_client::{Signal, WorkerClient};
use crate::{address, canvas, fetch, offline, save};

/// What happens to [`App`].
#[derive(Clone, Debug)]
pub enum Msg {
    /// Something for the state.
    Act(Action),
    /// Something is dragged over the page, or no longer.
    Dragged(bool),
    /// Files have been chosen, dropped or pasted.
    Files(Vec<web_sys::File>),
    /// A key that belongs to no field has been pressed.
    Key(String),
    /// An example has been chosen.
    Example(Example),
}

/// How often the worker's signs of life are counted; it gives them more often.
const TICK_SECONDS: u32 = 5;

/// The page.
pub struct App {
    state: State,
    worker: Option<WorkerClient>,
    words: Words,
    readback: Readback,
    dragged: bool,
    /// The link that the page's address is.
    link: Option<Link>,
    _listeners: Vec<EventListener>,
    _ticks: Interval,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let (model, device) = asked();
        let (mut state, mut effects) = State::new(model, device);
        effects.extend(state.apply(Action::ChooseLanguage(language())));
        effects.extend(address::followed().map(|link| state.apply(link)).into_iter().flatten());
        state.question.columns = if canvas::narrow() { 8 } else { state.question.columns };
        let readback = Readback::install(&state);
        let words = Words::new(state.language);
        let (worker, _listeners, _ticks) = (None, listen(ctx), tick(ctx));
        let mut app = Self { state, worker, words, readback, dragged: false, link: None, _listeners, _ticks };
        app.run(ctx, effects);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Act(action) => {
                let effects = self.state.apply(action);
                self.run(ctx, effects);
                self.readback.update(&self.state);
                self.show_link();
                true
            }
            Msg::Dragged(dragged) => std::mem::replace(&mut self.dragged, dragged) != dragged,
            Msg::Files(files) => {
                self.dragged = false;
                ctx.link().send_future(async move { Msg::Act(read(files).await) });
                true
            }
            Msg::Key(key) => self.key(ctx, &key),
            Msg::Example(example) => {
                ctx.link().send_future(async move {
                    Msg::Act(get(example).await.map_or_else(Action::Failed, Action::ChooseExample))
                });
                false
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let dispatch = ctx.link().callback(Msg::Act);
        let state = &self.state;
        let words = &self.words;
        html! {
            <ContextProvider<Words> context={words.clone()}>
            <div class="page">
                <Header models={state.models.clone()} model={state.model.clone()} device={state.device} dispatch={dispatch.clone()} />
                <Status device={state.device} engine={state.engine} busy={state.busy()} ready={state.ready.clone()} />
                <Alert message={state.message.clone()} dispatch={dispatch.clone()} />
                <main class="main">
                    <Work state={self.state.clone()} dispatch={dispatch.clone()} />
                    <div class="side">
                        if state.technique == Technique::Activations {
                            <Activations activation={state.answer.activation.clone()} classifier={state.has_classes()}
                                channel={state.answer.channel.as_ref().map(|(_, channel, _)| *channel)} dispatch={dispatch.clone()} />
                        } else if state.has_classes() {
                            <Classes looked={state.looked.clone()} chosen={state.class} dispatch={dispatch.clone()} />
                        }
                        <Pictures current={state.photo.clone()} tray={state.tray.clone()} idle={state.busy() == Busy::No}
                            example={ctx.link().callback(Msg::Example)} files={ctx.link().callback(Msg::Files)} dispatch={dispatch.clone()} />
                    </div>
                </main>
                <Footer ready={state.ready.clone()} />
                <Storage models={state.models.clone()} />
                <Help />
                if self.dragged {
                    <div class="drop" aria-hidden="true"><p>{ words.say("drop") }</p></div>
                }
            </div>
            </ContextProvider<Words>>
        }
    }
}

impl App {
    fn run(&mut self, ctx: &Context<Self>, effects: Vec<Effect>) {
        for effect in effects {
            let link = ctx.link();
            match effect {
                Effect::List => link.send_future(async { Msg::Act(Action::Listed(models().await)) }),
                Effect::GetExample => link.send_future(async {
                    let [example, ..] = EXAMPLES;
                    Msg::Act(get(example).await.map_or_else(Action::Failed, Action::Example))
                }),
                Effect::GetNamed(id) => link.send_future(async move {
                    let found = EXAMPLES.iter().find(|example| example.id == id);
                    let example = match found {
                        Some(example) => get(*example).await,
                        None => Err(Text::key("link-no-example")),
                    };
                    Msg::Act(Action::LinkedExample(example))
                }),
                Effect::SavePicture { name, caption } => save::picture(name, caption, &made_with(&self.state)),
                Effect::Download { name, bytes } => save::download(&name, &bytes),
                Effect::Start => {
                    // The old one first, so that the two never hold their memory at the same time.
                    self.worker = None;
                    match WorkerClient::start(signals(ctx)) {
                        Ok(worker) => self.worker = Some(worker),
                        Err(error) => later(ctx, Action::Crashed(error)),
                    }
                }
                Effect::Speak(language) => {
                    self.words = Words::new(language);
                    speak(&self.words);
                }
                Effect::Send(ticket, command) => {
                    if let Some(worker) = &self.worker {
                        worker.send(ticket, &command);
                    }
                }
            }
        }
    }
}

impl App {
    /// Keeps the page's address a link to what is seen.
    fn show_link(&mut self) {
        let link = self.state.link();
        if link.is_some() && link != self.link {
            link.iter().for_each(address::show);
            self.link = link;
        }
    }

    /// What a key does, as the help says. Whether anything is drawn anew is up to the action.
    fn key(&mut self, ctx: &Context<Self>, key: &str) -> bool {
        let technique = key.parse::<usize>().ok().and_then(|number| Technique::ALL.get(number.wrapping_sub(1)));
        match (key, technique) {
            ("?", _) => help::open(),
            ("/", _) => focus("[data-testid=search]"),
            ("o" | "O", _) => click(FILE),
            ("k" | "K", _) => later(ctx, Action::Keep),
            (_, Some((technique, _))) => later(ctx, Action::ChooseTechnique(*technique)),
            _ => {}
        }
        false
    }
}

/// What a picture was made with, for its caption.
fn made_with(state: &State) -> String {
    let Some(ready) = &state.ready else { return String::new() };
    let hash: String = ready.hash.chars().take(12).collect();
    format!("{} ({hash}), {}, Convscope {}", ready.name, ready.device, env!("CARGO_PKG_VERSION"))
}

fn focus(selector: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let element = document.and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

fn click(id: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let element = document.and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.click();
    }
}

/// A key that is the page's: pressed alone, and in no field or dialog.
fn key(event: &Event) -> Option<String> {
    let event = event.dyn_ref::<KeyboardEvent>()?;
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let taken = target
        .is_some_and(|target| target.closest("input, select, textarea, dialog").is_ok_and(|found| found.is_some()));
    let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented());
    (plain && !taken).then(|| event.key())
}

/// The clock by which the worker's signs of life are counted.
fn tick(ctx: &Context<App>) -> Interval {
    let link = ctx.link().clone();
    Interval::new(1000 * TICK_SECONDS, move || link.send_message(Msg::Act(Action::Tick)))
}

/// Where the choice of a language is kept.
const LANGUAGE: &str = "convscope.language";

/// The language that was chosen before, or else the first of the browser's that is one of ours.
fn language() -> Language {
    let Some(window) = web_sys::window() else { return Language::default() };
    let chosen = window.local_storage().ok().flatten().and_then(|storage| storage.get_item(LANGUAGE).ok().flatten());
    let preferred = window.navigator().languages();
    let preferred = preferred.iter().filter_map(|tag| tag.as_string());
    chosen.into_iter().chain(preferred).find_map(|tag| Language::of_tag(&tag)).unwrap_or_default()
}

/// Tells the browser, for its screen reader and its title bar, and remembers.
fn speak(words: &Words) {
    let Some(window) = web_sys::window() else { return };
    if let Some(document) = window.document() {
        document.set_title(&words.say("title"));
        if let Some(root) = document.document_element() {
            let _ = root.set_attribute("lang", words.language().tag());
        }
    }
    // A browser that keeps nothing asks its own settings next time.
    if let Some(storage) = window.local_storage().ok().flatten() {
        let _ = storage.set_item(LANGUAGE, words.language().tag());
    }
}

fn signals(ctx: &Context<App>) -> Callback<Signal> {
    ctx.link().callback(|signal| {
        Msg::Act(match signal {
            Signal::Started => {
                offline::keep();
                Action::Started
            }
            Signal::Coming(done, total) => Action::Coming(done, total),
            Signal::Alive => Action::Alive,
            Signal::Lost(why) => Action::Lost(why),
            Signal::Heard(ticket, event) => Action::Heard(ticket, event),
            Signal::Crashed(why) => Action::Crashed(why),
        })
    })
}

fn later(ctx: &Context<App>, action: Action) {
    let link = ctx.link().clone();
    spawn_local(async move { link.send_message(Msg::Act(action)) });
}

/// The model and the device that the page's address asks for: `?model=vgg16_base&device=cpu`.
fn asked() -> (Option<String>, Choice) {
    let query = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    let Ok(asked) = UrlSearchParams::new_with_str(&query) else { return (None, Choice::Auto) };
    let device = asked.get("device").unwrap_or_default();
    let choice = DEVICES.iter().find(|(_, name, _)| *name == device).map_or(Choice::Auto, |(choice, ..)| *choice);
    (asked.get("model"), choice)
}

/// `weights/index.json`.
#[derive(Deserialize)]
struct Index {
    models: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    name: String,
    bytes: u64,
}

async fn models() -> Result<Vec<ModelEntry>, String> {
    let name = "weights/index.json";
    let drawer = Drawer::of_list().await;
    let json = match (fetch::get(name, name, RequestCache::NoCache, &mut |_| {}).await, &drawer) {
        (Ok(json), Some(drawer)) => {
            // Without room for it, the list is what the server says.
            let _ = drawer.keep("index.json", &json).await;
            json
        }
        (Ok(json), None) => json,
        (Err(error), Some(drawer)) => drawer.content("index.json").await.ok_or_else(|| error.to_string())?,
        (Err(error), None) => return Err(error.to_string()),
    };
    let index: Index = serde_json::from_slice(&json).map_err(|error| {
        format!("{name} is not the list of models that it should be ({error}); build the page again")
    })?;
    Ok(index.models.into_iter().map(|Entry { id, name, bytes }| ModelEntry { id, name, bytes }).collect())
}

async fn get(example: Example) -> Result<ExampleFile, Text> {
    let file = fetch::get(example.url, example.url, RequestCache::NoCache, &mut |_| {}).await;
    let file = file.map_err(|error| Text::Engine(error.to_string()))?;
    Ok(ExampleFile { id: example.id.into(), name: example.name.into(), file: Rc::from(file) })
}

/// Pictures are taken wherever they are dropped or pasted.
fn listen(ctx: &Context<App>) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else { return vec![] };
    let listener = |name: &'static str, message: fn(&Event) -> Option<Msg>| {
        let link = ctx.link().clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&window, name, options, move |event| {
            if let Some(message) = message(event) {
                link.send_message(message);
            }
        })
    };
    let link = ctx.link().clone();
    vec![
        address::listen(&window, move |action| link.send_message(Msg::Act(action))),
        listener("dragover", |event| {
            // Without this the browser would leave the page for the picture.
            event.prevent_default();
            Some(Msg::Dragged(true))
        }),
        listener("dragleave", |event| {
            // It left the window if it entered nothing else.
            let left = event.dyn_ref::<DragEvent>().is_some_and(|event| event.related_target().is_none());
            left.then_some(Msg::Dragged(false))
        }),
        listener("drop", |event| {
            event.prevent_default();
            let data = event.dyn_ref::<DragEvent>().and_then(|event| event.data_transfer());
            Some(Some(files(data)).filter(|files| !files.is_empty()).map_or(Msg::Dragged(false), Msg::Files))
        }),
        listener("paste", |event| {
            let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
            Some(files(data)).filter(|files| !files.is_empty()).map(Msg::Files)
        }),
        listener("keydown", |event| {
            let key = key(event)?;
            if key == "/" {
                // It would be the first letter of the search.
                event.prevent_default();
            }
            Some(Msg::Key(key))
        }),
    ]
}

fn files(data: Option<DataTransfer>) -> Vec<web_sys::File> {
    list(data.and_then(|data| data.files()))
}
