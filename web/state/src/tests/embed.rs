//! A page around this one: what it asks for, and what it hears.

use super::links::said as keys;
use super::*;

fn ask(state: &mut State, number: u32, link: &str, image: Option<&str>) -> Vec<Effect> {
    let (link, problem) = Link::parse(link).unwrap_or_default();
    let image = image.map(|name| (name.to_owned(), Rc::from([7].as_slice())));
    state.apply(EmbedAction::Ask { number, link: Box::new(link), problem, image })
}

/// A page whose frame has been asked for an image of the other one's, once its model is there; and its look.
fn looking(link: &str) -> (State, Told, Ticket) {
    let (mut state, _) = State::new(None, Choice::Auto);
    let mut told = Told::default();
    assert_eq!(ask(&mut state, 1, link, Some("theirs.png")), []);
    state.apply(said(WorkerMessage::Listening));
    let effects = state.apply(ModelAction::Listed(Ok(vec![entry("small"), entry("large")])));
    let (open, _) = sent(&effects);
    assert_eq!(told.news(&state), [EmbedEvent::Progress(true, 0, 10)]);
    let effects = state.apply(heard(open, model("small", &["zero", "one"])));
    let (look, command) = sent(&effects);
    assert_eq!(command, &Command::Look { name: "theirs.png".into(), file: vec![7] });
    assert_eq!(told.news(&state), [EmbedEvent::Ready]);
    (state, told, look)
}

/// The same with its first request answered.
fn answered(link: &str) -> (State, Told) {
    let (mut state, mut told, look) = looking(link);
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    finish(&mut state, run);
    assert_eq!(told.news(&state), [EmbedEvent::Explained(Some(1))]);
    assert_eq!(told.news(&state), []);
    (state, told)
}

fn finish(state: &mut State, run: Ticket) {
    for layer in ["conv1", "conv2"] {
        state.apply(heard(run, map(layer)));
    }
    state.apply(heard(run, done()));
}

fn failed(news: &[EmbedEvent]) -> (Option<u32>, &str) {
    match news {
        [EmbedEvent::Failed(number, text)] => (*number, text.code()),
        other => panic!("no failure alone: {other:?}"),
    }
}

#[test]
fn what_is_asked_is_answered_once_and_nothing_is_kept_of_it() {
    let (mut state, mut told, look) = looking("class=0&layer=conv1");
    let effects = state.apply(heard(look, looked(&[1, 0])));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::KeepImage(_))), "{effects:?}");
    let (run, request) = asked(&effects);
    assert_eq!((request.target, state.explanation.layer.as_deref()), (Some(0.into()), Some("conv1")));
    state.apply(heard(run, map("conv1")));
    // Not before all of it is there.
    assert_eq!((told.news(&state), state.settled_map()), (vec![], None));
    state.apply(heard(run, done()));
    assert_eq!(told.news(&state), [EmbedEvent::Explained(Some(1))]);
    assert_eq!(state.settled_map().map(|shown| shown.map.layer.as_str()), Some("conv1"));
    assert_eq!(told.news(&state), []);
}

#[test]
fn what_the_next_request_does_not_say_is_as_usual() {
    let (mut state, mut told) = answered("class=0&layer=conv1&convention=keras_notebook");
    let (run, request) = asked(&ask(&mut state, 2, "", None));
    assert_eq!((request.target, request.convention.as_str()), (Some(1.into()), "paper"));
    assert_eq!((state.explanation.layer.as_deref(), state.explanation.method.as_str()), (Some("conv2"), "grad_cam"));
    finish(&mut state, run);
    assert_eq!(told.news(&state), [EmbedEvent::Explained(Some(2))]);
    // The same again is there already.
    assert_eq!(ask(&mut state, 3, "layer=last&class=top1", None), []);
    assert_eq!(told.news(&state), [EmbedEvent::Explained(Some(3))]);
}

#[test]
fn what_takes_long_is_run_where_a_page_asks_for_it() {
    let (mut state, mut told) = answered("");
    let (run, request) = asked(&ask(&mut state, 2, "method=rise", None));
    assert_eq!(request.method, "rise");
    state.apply(heard(run, Event::Progress { done: 3, total: 8 }));
    assert_eq!(told.news(&state), [EmbedEvent::Progress(false, 3, 8)]);
    state.apply(ExplanationAction::Stop);
    assert_eq!(failed(&told.news(&state)), (Some(2), "embed-nothing"));
}

#[test]
fn a_persons_choice_in_the_frame_is_told_without_a_number() {
    let (mut state, mut told) = answered("");
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    assert_eq!(told.news(&state), []);
    finish(&mut state, run);
    assert_eq!(told.news(&state), [EmbedEvent::Explained(None)]);
}

#[test]
fn nothing_else_is_explained_in_the_place_of_what_cannot_be_had() {
    for (link, code) in [
        ("class=absent", "link-no-class"),
        ("layer=absent", "link-no-layer"),
        ("method=absent", "link-not-understood"),
        ("model=absent", "no-such-model"),
        ("method=activations", "embed-no-map"),
    ] {
        let (mut state, mut told) = answered("");
        assert_eq!(ask(&mut state, 2, link, None), [], "{link}");
        assert_eq!(failed(&told.news(&state)), (Some(2), code), "{link}");
        assert_eq!((keys(&state), state.settled_map()), (vec![code], None), "{link}");
        assert_eq!(told.news(&state), [], "{link}");
        // A person may go on with what is there.
        state.apply(ExplanationAction::ChooseMethod("grad_cam".into()));
        asked(&state.apply(ExplanationAction::ChooseClass(0)));
    }
}

#[test]
fn a_model_that_is_not_there_from_the_start_is_no_other_one() {
    let (mut state, _) = State::new(None, Choice::Auto);
    let mut told = Told::default();
    ask(&mut state, 1, "model=absent", Some("theirs.png"));
    state.apply(said(WorkerMessage::Listening));
    state.apply(ModelAction::Listed(Ok(vec![entry("small")])));
    let news = told.news(&state);
    assert!(
        matches!(&news[..], [EmbedEvent::Progress(..), EmbedEvent::Failed(Some(1), text)] if text.code() == "no-such-model")
    );
}

#[test]
fn a_file_that_is_no_image_is_answered_by_no_other_image() {
    let (mut state, mut told) = answered("");
    let (look, _) = sent(&ask(&mut state, 2, "", Some("no-image.png")));
    let effects = state.apply(heard(look, Event::Failed(Fault::plain("not-an-image", "no image"))));
    assert_eq!(effects, []);
    assert_eq!(failed(&told.news(&state)), (Some(2), "not-an-image"));
}

#[test]
fn a_newer_image_takes_the_place_of_one_that_is_looked_at() {
    let (mut state, mut told, first) = looking("");
    let effects = ask(&mut state, 2, "", Some("second.png"));
    let (second, command) = sent(&effects);
    assert_eq!(command, &Command::Look { name: "second.png".into(), file: vec![7] });
    assert_eq!(state.apply(heard(first, looked(&[0, 1]))), []);
    let (run, _) = asked(&state.apply(heard(second, looked(&[1, 0]))));
    finish(&mut state, run);
    assert_eq!(told.news(&state), [EmbedEvent::Explained(Some(2))]);
    assert_eq!(state.image.photo.as_ref().map(|photo| photo.name.as_str()), Some("second.png"));
}

#[test]
fn an_example_that_is_on_its_way_is_waited_for_by_the_next_request() {
    let (mut state, mut told) = answered("");
    let named = || [Effect::GetNamed("dog".into())];
    assert_eq!(ask(&mut state, 2, "picture=example-dog", None), named());
    assert_eq!(ask(&mut state, 3, "class=0", None), named());
    assert_eq!(told.news(&state), []);
    let (look, _) = sent(&state.apply(LinkAction::Example(Ok(example("dog")))));
    let (run, request) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    assert_eq!(request.target, Some(0.into()));
    finish(&mut state, run);
    assert_eq!(told.news(&state), [EmbedEvent::Explained(Some(3))]);
}

#[test]
fn a_page_without_another_around_it_tells_nothing_and_asks_before_what_takes_long() {
    let mut state = settled();
    assert_eq!(Told::default().news(&state), []);
    assert!(!choose_method(&mut state, "rise").iter().any(|effect| matches!(effect, Effect::Send(_, Command::Run(_)))));
    // No picture that is kept on this machine, and nothing of another view, can be asked for.
    let effects = ask(&mut state, 1, "picture=own-0123456789abcdef&drill=0,0,1,1&grid_rows=class,0,1", None);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::GetKept(_))), "{effects:?}");
    assert!(state.drill.place.is_none() && !state.shows_grid());
}
