//! The page: carries out what [`State`] asks for, and hands its parts to the components.

use convscope_core::Choice;
use convscope_core::worker_message::WorkerMessage;
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use wasm_bindgen_futures::spawn_local;
use web_sys::UrlSearchParams;
use yew::prelude::*;

use crate::components::{
    Activations, Alert, Classes, DEVICES, EXAMPLES, Example, FILE, Footer, Header, Pictures, Status, Storage, Work,
    help::{self, Help},
    read,
};
use crate::readback::Readback;
use crate::words::{self, Words};
use crate::worker_client::WorkerClient;
use crate::{address, canvas, events, get, offline, save};
use convscope_page::{Action, Busy, Effect, Link, State, Technique, Text};

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
        let Asked { model, device, picture } = asked();
        let (mut state, mut effects) = State::new(model, device);
        effects.extend(state.apply(Action::ChooseLanguage(words::preferred())));
        effects.extend(address::followed().map(|link| state.apply(link)).into_iter().flatten());
        state.question.columns = if canvas::narrow() { 8 } else { state.question.columns };
        let readback = Readback::install(&state);
        let words = Words::new(state.language);
        let (worker, _listeners, _ticks) = (None, events::listen(ctx), tick(ctx));
        let mut app = Self { state, worker, words, readback, dragged: false, link: None, _listeners, _ticks };
        app.run(ctx, effects);
        if let Some(address) = picture {
            ctx.link().send_future(async move { Msg::Act(get::picture(&address).await) });
        }
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
                    Msg::Act(get::example(example).await.map_or_else(Action::Failed, Action::ChooseExample))
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
                Effect::List => link.send_future(async { Msg::Act(Action::Listed(get::models().await)) }),
                Effect::GetExample => link.send_future(async {
                    let [example, ..] = EXAMPLES;
                    Msg::Act(get::example(example).await.map_or_else(Action::Failed, Action::Example))
                }),
                Effect::GetNamed(id) => link.send_future(async move {
                    let found = EXAMPLES.iter().find(|example| example.id == id);
                    let example = match found {
                        Some(example) => get::example(*example).await,
                        None => Err(Text::key("link-no-example")),
                    };
                    Msg::Act(Action::LinkedExample(example))
                }),
                Effect::SavePicture { name, caption } => save::picture(name, caption, &made_with(&self.state)),
                Effect::Download { name, bytes } => save::download(&name, &bytes),
                Effect::Start => {
                    // The old one first, so that the two never hold their memory at the same time.
                    self.worker = None;
                    match WorkerClient::start(messages(ctx)) {
                        Ok(worker) => self.worker = Some(worker),
                        Err(error) => later(ctx, Action::Crashed(error)),
                    }
                }
                Effect::Speak(language) => {
                    self.words = Words::new(language);
                    words::speak(&self.words);
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
            ("/", _) => events::focus("[data-testid=search]"),
            ("o" | "O", _) => events::click(FILE),
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

/// The clock by which the worker's signs of life are counted.
fn tick(ctx: &Context<App>) -> Interval {
    let link = ctx.link().clone();
    Interval::new(1000 * TICK_SECONDS, move || link.send_message(Msg::Act(Action::Tick)))
}

fn messages(ctx: &Context<App>) -> Callback<WorkerMessage> {
    ctx.link().callback(|message| {
        Msg::Act(match message {
            WorkerMessage::Listening => {
                offline::keep();
                Action::Started
            }
            WorkerMessage::Program { done, total } => Action::Coming(done, total),
            WorkerMessage::Pulse => Action::Alive,
            WorkerMessage::Lost(why) => Action::Lost(why),
            WorkerMessage::Event(ticket, event) => Action::Heard(ticket, event),
            WorkerMessage::Crashed(why) => Action::Crashed(why),
        })
    })
}

fn later(ctx: &Context<App>, action: Action) {
    let link = ctx.link().clone();
    spawn_local(async move { link.send_message(Msg::Act(action)) });
}

/// What the page's address asks for: `?model=vgg16_base&device=cpu&picture=examples/cat.jpg`.
struct Asked {
    model: Option<String>,
    device: Choice,
    /// A picture of the page's own origin.
    picture: Option<String>,
}

fn asked() -> Asked {
    let query = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    let Ok(asked) = UrlSearchParams::new_with_str(&query) else {
        return Asked { model: None, device: Choice::Auto, picture: None };
    };
    let device = asked.get("device").unwrap_or_default();
    let device = DEVICES.iter().find(|(_, name, _)| *name == device).map_or(Choice::Auto, |(choice, ..)| *choice);
    Asked { model: asked.get("model"), device, picture: asked.get("picture") }
}
