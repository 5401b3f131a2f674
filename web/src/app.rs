//! The page: carries out what [`State`] asks for, and hands its parts to the components.

mod effects;
mod message;

use std::cell::RefCell;
use std::rc::Rc;

use convscope_core::card::Gives;
use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use js_sys::Date;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::asked::{Asked, asked};
use crate::components::{
    Activations, Alert, BundleLine, BundleView, BundleViewProps, Classes, Example, Header, Images, Import, Teach,
    TeachProps, Workspace, about, embedded,
    help::{self, Help},
    picker, read, work,
};
use crate::dispatch::Dispatch;
use crate::embed::{Conversation, Embedding};
use crate::importer_client::ImporterClient;
use crate::shortcuts::{Shortcut, Shortcuts};
use crate::standby::Standby;
use crate::words::Words;
use crate::worker_client::WorkerClient;
use crate::{address, blink, canvas, events, findings, get, panes, readback};
use convscope_page::{
    Action, Busy, ComparisonAction, Effect, ExampleFile, History, ImageAction, LinkAction, NoticeAction, State,
    SurveyAction, Text, WorkerAction,
};
pub use message::Msg;

/// Milliseconds between two counts of the worker's signs of life; it gives them more often.
const TICK_MILLISECONDS: u32 = 1000;

/// Feature maps that a phone has room for in a row.
const NARROW_COLUMNS: usize = 8;

/// The page.
pub struct App {
    /// Shared with [`Readback`].
    state: Rc<RefCell<State>>,
    worker: Option<WorkerClient>,
    /// The worker with the program for GPUs, until it works.
    standby: Option<Standby>,
    /// The importer, while a model is imported.
    importer: Option<ImporterClient>,
    words: Words,
    dragged: bool,
    /// Field of the search for a class.
    search: NodeRef,
    /// Field of the choice of a file.
    file: NodeRef,
    /// Callbacks of the components. They are the same ones for good: a component that is given another one is drawn anew.
    dispatch: Dispatch,
    files: Callback<Vec<web_sys::File>>,
    example: Callback<Example>,
    /// The views that Back and Forward walk.
    history: History,
    /// The clock before an image is kept.
    keeping: Option<Timeout>,
    /// The way in which the page lies in a frame, if it does.
    embedding: Option<Embedding>,
    /// Conversation with the page around this one.
    conversation: Option<Conversation>,
    /// Effects that wait for that page to ask.
    held: Vec<Effect>,
    _listeners: Vec<EventListener>,
    _ticks: Interval,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let Asked { model, device, image, embedding, language } = asked();
        let (mut state, mut effects) = State::new(model, device);
        state.panes = panes::closed();
        if embedding != Some(Embedding::Waits) {
            effects.extend(address::followed().map(|link| state.apply(link)).into_iter().flatten());
        }
        let speak = state.apply(NoticeAction::ChooseLanguage(language));
        if canvas::narrow() {
            state.explanation.columns = NARROW_COLUMNS;
        }
        let words = Words::new(state.notice.language);
        let state = Rc::new(RefCell::new(state));
        readback::install(&state);
        let (worker, _listeners, _ticks) = (None, events::listen(ctx), tick(ctx));
        let (search, file) = (NodeRef::default(), NodeRef::default());
        let mut app = Self {
            state,
            worker,
            standby: None,
            importer: None,
            words,
            dragged: false,
            search,
            file,
            dispatch: Dispatch::from(ctx.link().callback(Msg::Act)),
            files: ctx.link().callback(Msg::Files),
            example: ctx.link().callback(Msg::Example),
            history: History::default(),
            keeping: None,
            embedding,
            conversation: None,
            held: vec![],
            _listeners,
            _ticks,
        };
        app.run(ctx, speak);
        if embedding == Some(Embedding::Waits) {
            app.conversation = Conversation::begin(ctx.link().callback(Msg::Act));
            app.held = effects;
        } else {
            app.run(ctx, effects);
            ctx.link().send_future(async { Msg::act(SurveyAction::Stored(findings::count().await)) });
        }
        if let Some(address) = image {
            ctx.link().send_future(async move { Msg::Act(get::image(&address).await) });
        }
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Act(action) => {
                if matches!(action, Action::Link(LinkAction::Follow(..))) {
                    self.history.follow();
                }
                let seen = |state: &State| (state.worker.silence(), state.notice.message.clone());
                let counts = matches!(action, Action::Worker(WorkerAction::Tick));
                let before = counts.then(|| seen(&self.state.borrow()));
                let held = match action {
                    Action::Embed(_) => std::mem::take(&mut self.held),
                    _ => vec![],
                };
                let effects = self.state.borrow_mut().apply(action);
                self.run(ctx, held);
                self.run(ctx, effects);
                self.show_link();
                if let Some(conversation) = &mut self.conversation {
                    conversation.tell(&self.state.borrow(), &self.words);
                }
                // Nothing is drawn every second.
                before.is_none_or(|before| before != seen(&self.state.borrow()))
            }
            // In a frame, the page around it says what is seen.
            Msg::Dragged(_) | Msg::Files(_) | Msg::Key(_) if self.embedding.is_some() => false,
            Msg::Dragged(dragged) => std::mem::replace(&mut self.dragged, dragged) != dragged,
            Msg::Files(files) => {
                self.dragged = false;
                ctx.link().send_future(async move { Msg::Act(read(files).await) });
                true
            }
            Msg::Read(ticket, command, file) => self.send_with(ctx, ticket, *command, file),
            Msg::Key(key) => self.key(ctx, &key),
            Msg::StandBy => {
                self.stand_by(ctx);
                false
            }
            Msg::Example(example) => {
                ctx.link().send_future(async move { got(get::example(example).await, ImageAction::ChooseExample) });
                false
            }
        }
    }

    fn view(&self, _ctx: &Context<Self>) -> Html {
        let dispatch = &self.dispatch;
        let state = &*self.state.borrow();
        let words = &self.words;
        if self.embedding.is_some() {
            let seen = embedded(state, words, dispatch);
            return html! { <ContextProvider<Words> context={words.clone()}>{ seen }</ContextProvider<Words>> };
        }
        let gives = state.card().map(|card| card.gives);
        let results = &state.explanation.results;
        let bundle = BundleViewProps::of(state, words, dispatch.clone());
        let line = bundle.clone().map(|bundle| html! { <BundleLine ..bundle /> });
        let left = html! {
            <>
                <Images file={self.file.clone()} current={state.image.photo.clone()} tray={state.image.tray.clone()} findings={state.survey.stored} surveyed={state.can_survey().then(|| state.shows_survey())} line={state.notice.line.clone()} bundle={line} idle={state.worker.busy() == Busy::No} live={state.live.clone()}
                    example={self.example.clone()} files={self.files.clone()} dispatch={dispatch.clone()} />
                if gives == Some(Gives::Sheet) {
                    <Activations sheet={results.sheet.clone()} classifier={state.model.has_classes()}
                        channel={results.channel.as_ref().map(|map| map.channel)} dispatch={dispatch.clone()} />
                } else if state.model.has_classes() {
                    <Classes search={self.search.clone()} observation={state.image.observation.clone()} target={state.explanation.target.clone()} pinned={state.explanation.pinned}
                        domain={state.model.ready.as_ref().and_then(|ready| ready.domain.clone())} dispatch={dispatch.clone()} />
                }
            </>
        };
        html! {
            <ContextProvider<Words> context={words.clone()}>
            <div class="page">
                <Header models={state.model.list.clone()} model={state.model.chosen.clone()} device={state.model.device}
                    ready={state.model.ready.clone()} files={self.files.clone()} dispatch={dispatch.clone()} />
                <Alert message={state.notice.message.clone()} dispatch={dispatch.clone()} />
                <Workspace center={work::center(state, words, dispatch)} {left} right={work::method(state, words, dispatch)}
                    below={work::network(state, dispatch)} closed={state.panes} dispatch={dispatch.clone()} />
                <Help />
                <Import import={state.import.clone()} dispatch={dispatch.clone()} />
                if let Some(teach) = TeachProps::of(state, dispatch.clone()) {
                    <Teach ..teach />
                }
                if let Some(bundle) = bundle {
                    <BundleView ..bundle />
                }
                if self.dragged {
                    <div class="drop" aria-hidden="true"><p>{ words.say("drop") }</p></div>
                }
            </div>
            </ContextProvider<Words>>
        }
    }
}

impl App {
    /// Keeps the page's address a link to what is seen.
    fn show_link(&mut self) {
        if self.embedding.is_some() {
            return;
        }
        if let Some((link, visit)) = self.history.visit(&self.state.borrow(), Date::now() / 1e3) {
            address::show(&link, visit);
        }
    }

    /// Does what a key does, as the help says. Whether anything is drawn anew is up to the action.
    fn key(&mut self, ctx: &Context<Self>, key: &str) -> bool {
        let shortcuts = Shortcuts::kept();
        let number = key.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|_| shortcuts.on);
        let family = number.and_then(|number| picker::open(&self.state.borrow(), number));
        match (shortcuts.of(key), family) {
            (Some(Shortcut::Help), _) => help::open(),
            (Some(Shortcut::Search), _) => focus(&self.search),
            (Some(Shortcut::Open), _) => {
                if let Some(file) = self.file.cast::<HtmlElement>() {
                    file.click();
                }
            }
            (Some(Shortcut::Keep), _) => later(ctx, ComparisonAction::Keep),
            (Some(Shortcut::About), _) => about::toggle(),
            (Some(Shortcut::Alone), _) => blink::alone(true),
            (None, Some(family)) => later(ctx, family),
            (None, None) => {}
        }
        false
    }
}

/// An example that has come, or why it has not.
fn got(example: Result<ExampleFile, Text>, action: fn(ExampleFile) -> ImageAction) -> Msg {
    match example {
        Ok(example) => Msg::act(action(example)),
        Err(text) => Msg::act(NoticeAction::Failed(text)),
    }
}

/// The clock by which the worker's signs of life are counted.
fn tick(ctx: &Context<App>) -> Interval {
    let link = ctx.link().clone();
    Interval::new(TICK_MILLISECONDS, move || link.send_message(Msg::act(WorkerAction::Tick)))
}

/// Gives the focus to an element, if it is there.
fn focus(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        let _ = element.focus();
    }
}

fn later(ctx: &Context<App>, action: impl Into<Action>) {
    let link = ctx.link().clone();
    let message = Msg::act(action);
    spawn_local(async move { link.send_message(message) });
}
