//! What happens to a page, without one.

mod beside;
mod bounding_box;
mod bundles;
mod cards;
mod comparison;
mod conventions;
mod drill;
mod embed;
mod fidelity;
mod grid;
mod grid_models;
mod health;
mod history;
mod images;
mod import;
mod kept_links;
mod links;
mod live;
mod maps;
mod methods;
mod opening;
mod optima;
mod own_images;
mod program;
mod running;
mod saving;
mod search;
mod strip;
mod survey;
mod targets;
mod teach;
mod tray;
mod trust;

use convscope_core::error::Fault;
use std::rc::Rc;

use super::*;
use convscope_core::artifact::Artifact;
use convscope_core::explain::AttributionMap;
use convscope_core::image::Plane;
use convscope_core::predictions::Class;
use convscope_core::preprocess::Region;
use convscope_core::protocol::{Command, Event, Tap, Ticket};
use convscope_core::request::{Layers, Request};
use convscope_core::worker_message::WorkerMessage;

fn entry(id: &str) -> ModelEntry {
    ModelEntry { id: id.into(), name: id.to_uppercase(), bytes: 10 }
}

fn model(id: &str, labels: &[&str]) -> Event {
    Event::Ready(cards::ready(id, labels))
}

fn looked(order: &[usize]) -> Event {
    let class = |&index: &usize| Class { index, name: format!("class {index}"), probability: Some(0.5), logit: 1.0 };
    Event::Looked {
        width: 4,
        height: 2,
        region: Region { x: 1.0, y: 0.0, width: 2.0, height: 2.0 },
        classes: order.iter().map(class).collect(),
        note: None,
        doubt: None,
        sha256: "00".repeat(32),
        seconds: 0.1,
    }
}

/// A map of a layer.
fn map(layer: &str) -> Event {
    let plane = Plane::new(1, 1, vec![1.0]);
    let map = AttributionMap {
        diagnoses: vec![],
        layer: layer.into(),
        normalised: plane.clone(),
        signed: plane,
        raw_maximum: 1.0,
        blank: None,
        image: None,
    };
    Event::Artifact(Artifact::Map(map))
}

fn done() -> Event {
    Event::Done { seconds: 0.1 }
}

fn choose_method(state: &mut State, id: &str) -> Vec<Effect> {
    state.apply(ExplanationAction::ChooseMethod(id.into()))
}

/// The request among the effects, with its ticket.
fn asked(effects: &[Effect]) -> (Ticket, Request) {
    match sent(effects) {
        (ticket, Command::Run(request)) => (ticket, request.clone()),
        other => panic!("no request: {other:?}"),
    }
}

/// The class that the map that is seen is about.
fn seen(state: &State) -> Option<usize> {
    state.explanation.current().and_then(|shown| shown.request.target.as_ref()?.single())
}

fn said(message: WorkerMessage) -> WorkerAction {
    WorkerAction::Said(message)
}

fn heard(ticket: Ticket, event: Event) -> WorkerAction {
    said(WorkerMessage::Event(ticket, Box::new(event)))
}

fn crashed(why: &str) -> WorkerAction {
    said(WorkerMessage::Crashed(why.into()))
}

/// The ticket of the only command among the effects.
fn sent(effects: &[Effect]) -> (Ticket, &Command) {
    let mut commands = effects.iter().filter_map(|effect| match effect {
        Effect::Send(ticket, command) => Some((*ticket, command)),
        _ => None,
    });
    let first = commands.next().expect("a command");
    assert_eq!(commands.next(), None);
    first
}

fn example(id: &str) -> ExampleFile {
    ExampleFile { id: id.into(), name: id.into(), file: Rc::from([9].as_slice()) }
}

fn give(state: &mut State, name: &str) -> Vec<Effect> {
    state.apply(ImageAction::Given { name: name.into(), file: Rc::from([1, 2, 3].as_slice()) })
}

/// A page that shows everything about its example, for the likeliest class 1.
fn settled() -> State {
    let (mut state, first) = State::new(None, Choice::Auto);
    assert_eq!(first, [Effect::Start(Program::Cpu), Effect::List]);
    let effects = state.apply(ModelAction::Listed(Ok(vec![entry("small"), entry("large")])));
    let (open, command) = sent(&effects);
    assert_eq!(command, &Command::Open { model: "small".into(), device: Choice::Auto });
    assert_eq!(state.apply(said(WorkerMessage::Listening)), []);
    assert_eq!(state.worker.busy(), Busy::Loading(0, 10));
    assert_eq!(state.apply(heard(open, Event::Loading { done: 4, total: 10 })), []);
    assert_eq!(state.worker.busy(), Busy::Loading(4, 10));
    assert_eq!(state.apply(heard(open, model("small", &["zero", "one"]))), [Effect::GetExample]);
    let effects = state.apply(ImageAction::Example(example("cat")));
    let (look, command) = sent(&effects);
    assert_eq!(command, &Command::Look { name: "cat".into(), file: vec![9] });
    assert_eq!((state.worker.busy(), state.image.photo.is_none()), (Busy::Looking, true));
    let effects = state.apply(heard(look, looked(&[1, 0])));
    let (run, request) = asked(&effects);
    let whole = Request {
        method: "grad_cam".into(),
        target: Some(1.into()),
        layers: Layers::All,
        convention: "paper".into(),
        ..Request::default()
    };
    assert_eq!(request, whole);
    assert_eq!((state.worker.busy(), state.explanation.layer.as_deref()), (Busy::Explaining, Some("conv2")));
    for layer in ["conv1", "conv2"] {
        assert_eq!(state.apply(heard(run, map(layer))), []);
    }
    assert_eq!(state.apply(heard(run, done())), []);
    assert_eq!((state.worker.busy(), seen(&state)), (Busy::No, Some(1)));
    state
}

#[test]
fn opening_the_page_explains_the_example() {
    let state = settled();
    assert_eq!(state.layers().iter().map(|tap| tap.name.as_str()).collect::<Vec<_>>(), ["conv1", "conv2"]);
    assert_eq!(state.image.class(0).map(|class| class.name.as_str()), Some("class 0"));
}

#[test]
fn another_class_keeps_the_old_map_until_the_new_one_comes() {
    let mut state = settled();
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    assert_eq!((seen(&state), state.is_stale(state.explanation.current())), (Some(1), true));
    state.apply(heard(run, map("conv2")));
    assert_eq!((seen(&state), state.explanation.results.maps.len()), (Some(0), 2));
    assert!(!state.is_stale(state.explanation.current()) && state.is_stale(state.explanation.results.map("conv1")));
    // Overtaken before it has ended: what still comes is stale.
    let (newer, _) = asked(&state.apply(ExplanationAction::ChooseClass(1)));
    state.apply(heard(run, map("conv1")));
    assert_eq!(
        state.explanation.results.map("conv1").and_then(|shown| shown.request.target.as_ref()?.single()),
        Some(1)
    );
    state.apply(heard(newer, done()));
    assert_eq!(state.apply(ExplanationAction::ChooseClass(1)), []);
    assert_eq!(state.apply(ExplanationAction::ChooseLayer("conv1".into())), []);
}

#[test]
fn a_crash_keeps_the_results_and_a_restart_restores_the_rest() {
    let mut state = settled();
    let before = state.clone();
    give(&mut state, "bomb.png");
    assert_eq!(state.apply(crashed("out of memory")), []);
    assert_eq!(
        (state.worker.engine, state.worker.busy(), &state.explanation.results.maps),
        (Engine::Crashed, Busy::No, &before.explanation.results.maps)
    );
    let message = state.notice.message.clone().expect("a message");
    let text = Text::Own("crashed", vec![("why", "out of memory".into())]);
    assert_eq!((message.recovery, message.text), (Recovery::Restart, text));
    let effects = state.apply(NoticeAction::Retry);
    assert_eq!(effects[0], Effect::Start(Program::Cpu));
    let (open, _) = sent(&effects);
    state.apply(said(WorkerMessage::Listening));
    let effects = state.apply(heard(open, model("small", &["zero", "one"])));
    // The harmless image, not the one that came before the crash.
    assert_eq!(sent(&effects).1, &Command::Look { name: "cat".into(), file: vec![9] });
    assert_eq!(state.explanation.results.maps, before.explanation.results.maps);
}

#[test]
fn a_model_that_cannot_be_loaded_leaves_the_one_before() {
    let mut state = settled();
    let effects = state.apply(ModelAction::Choose("large".into()));
    let (open, _) = sent(&effects);
    assert_eq!(state.apply(heard(open, Event::Failed(Fault::plain("test", "a shard is damaged")))), []);
    // The choice shows what is seen, and what is seen goes on.
    assert_eq!(state.model.ready.as_ref().map(|ready| ready.id.as_str()), Some("small"));
    assert_eq!(state.model.chosen, "small");
    asked(&state.apply(ExplanationAction::ChooseClass(0)));
    assert_eq!(state.notice.message.as_ref().map(|message| message.recovery), Some(Recovery::OpenAgain));
    let effects = state.apply(NoticeAction::Retry);
    assert!(matches!(sent(&effects).1, Command::Open { model, .. } if model == "large"));
}

#[test]
fn another_device_is_another_worker_with_the_same_request() {
    let mut state = settled();
    asked(&state.apply(ExplanationAction::ChooseClass(0)));
    let effects = state.apply(ModelAction::ChooseDevice(Choice::Cpu));
    assert_eq!(effects[0], Effect::Start(Program::Cpu));
    let (open, command) = sent(&effects);
    assert_eq!(command, &Command::Open { model: "small".into(), device: Choice::Cpu });
    state.apply(said(WorkerMessage::Listening));
    let effects = state.apply(heard(open, model("small", &["zero", "one"])));
    let (look, _) = sent(&effects);
    let effects = state.apply(heard(look, looked(&[1, 0])));
    assert_eq!(asked(&effects).1.target, Some(0.into()));
}

#[test]
fn a_model_without_classifier_shows_activations() {
    let mut state = settled();
    let effects = state.apply(ModelAction::Choose("base".into()));
    let (open, _) = sent(&effects);
    let (look, _) = sent(&state.apply(heard(open, model("base", &[]))));
    assert!(state.explanation.results.maps.is_empty() && !state.model.has_classes());
    let effects = state.apply(heard(look, looked(&[])));
    let (_, request) = asked(&effects);
    assert_eq!((request.method.as_str(), &request.layers), ("activations", &Layers::Named(vec!["conv2".into()])));
    assert_eq!(state.layers().len(), 4);
    let offered = [("explain", false), ("activations", true), ("deconvnet", true), ("filters", true)];
    assert_eq!(state.commands(), offered);
    assert_eq!(choose_method(&mut state, "grad_cam"), []);
    let effects = state.apply(ExplanationAction::ChooseLayer("pool1".into()));
    assert_eq!(asked(&effects).1.layers, Layers::Named(vec!["pool1".into()]));
}

#[test]
fn a_list_that_fails_or_lacks_the_model_says_so() {
    let (mut state, _) = State::new(Some("vanished".into()), Choice::Auto);
    state.apply(ModelAction::Listed(Err(Fault::plain("test", "offline"))));
    assert_eq!(state.apply(NoticeAction::Retry), [Effect::List]);
    let effects = state.apply(ModelAction::Listed(Ok(vec![entry("small")])));
    assert!(matches!(sent(&effects).1, Command::Open { model, .. } if model == "small"));
    let text = Text::Own("no-such-model", vec![("model", "vanished".into()), ("first", "small".into())]);
    assert_eq!(state.notice.message.as_ref().map(|message| &message.text), Some(&text));
    state.apply(ModelAction::Listed(Ok(vec![])));
    assert_eq!(state.notice.message.map(|message| message.text), Some(Text::key("no-models")));
}

#[test]
fn the_language_is_spoken_and_changes_nothing_else() {
    let mut state = settled();
    let before = state.clone();
    assert_eq!(state.apply(NoticeAction::ChooseLanguage(Language::Chinese)), [Effect::Speak(Language::Chinese)]);
    state.notice.language = Language::English;
    assert_eq!(state, before);
    assert_eq!(
        ["zh-CN", "en-GB", "fr", ""].map(Language::of_tag),
        [Some(Language::Chinese), Some(Language::English), None, None]
    );
}
