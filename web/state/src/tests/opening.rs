//! Models on their way: what is given meanwhile, and what comes too late.

use super::links::follow;
use super::*;

/// A page on which another model is on its way, with its ticket.
fn opening() -> (State, Ticket) {
    let mut state = settled();
    let (open, _) = sent(&state.apply(ModelAction::Choose("large".into())));
    (state, open)
}

fn came(id: &str) -> Event {
    model(id, &["zero", "one"])
}

/// The last command among the effects, with its ticket.
fn last(effects: &[Effect]) -> (Ticket, &Command) {
    match effects.last() {
        Some(Effect::Send(ticket, command)) => (*ticket, command),
        other => panic!("no command: {other:?}"),
    }
}

fn broken() -> Event {
    Event::Failed(Fault::plain("test", "a shard is damaged"))
}

#[test]
fn a_model_that_comes_after_it_was_cancelled_gives_way_to_the_one_before() {
    let (mut state, late) = opening();
    state.apply(ModelAction::CancelOpen);
    let maps = state.explanation.results.maps.clone();
    // The worker had built it already, and has the one before no longer.
    let effects = state.apply(heard(late, came("large")));
    let (open, command) = sent(&effects);
    assert_eq!(command, &Command::Open { model: "small".into(), device: Choice::Auto });
    let effects = state.apply(heard(open, came("small")));
    let (look, command) = sent(&effects);
    assert_eq!(command, &Command::Look { name: "cat".into(), file: vec![9] });
    asked(&state.apply(heard(look, looked(&[1, 0]))));
    assert_eq!((&state.explanation.results.maps, state.model.chosen.as_str()), (&maps, "small"));
    // What was cancelled is still offered.
    let effects = state.apply(NoticeAction::Retry);
    assert!(matches!(sent(&effects).1, Command::Open { model, .. } if model == "large"));
}

#[test]
fn nothing_is_looked_at_before_the_model_has_come() {
    let mut state = settled();
    assert_eq!(follow(&mut state, "picture=example-dog"), [Effect::GetNamed("dog".into())]);
    let (open, _) = sent(&state.apply(ModelAction::Choose("large".into())));
    // A look would overtake the model in the worker, which would never say that it is there.
    assert_eq!(state.apply(LinkAction::Example(Err(Text::key("link-no-example")))), []);
    assert!(matches!(sent(&state.apply(heard(open, came("large")))).1, Command::Look { .. }));
}

#[test]
fn an_image_given_while_a_model_loads_is_looked_at_where_that_does_not_come() {
    for end in [None, Some(broken())] {
        let (mut state, open) = opening();
        assert_eq!(give(&mut state, "dog.jpg"), []);
        let effects = match end {
            None => state.apply(ModelAction::CancelOpen),
            Some(event) => state.apply(heard(open, event)),
        };
        let (look, command) = last(&effects);
        assert_eq!(command, &Command::Look { name: "dog.jpg".into(), file: vec![1, 2, 3] });
        let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
        state.apply(heard(run, done()));
        assert!(state.notice.message.is_some(), "and it is said which model goes on");
        assert_eq!(state.image.photo.as_ref().map(|photo| photo.name.as_str()), Some("dog.jpg"));
    }
}

#[test]
fn an_image_that_was_being_looked_at_when_a_model_was_chosen_is_looked_at_again() {
    let mut state = settled();
    give(&mut state, "dog.jpg");
    let (open, _) = sent(&state.apply(ModelAction::Choose("large".into())));
    let effects = state.apply(heard(open, broken()));
    assert!(matches!(last(&effects).1, Command::Look { name, .. } if name == "dog.jpg"), "{effects:?}");
}

#[test]
fn a_link_to_a_model_that_does_not_come_is_given_up() {
    for cancelled in [true, false] {
        let mut state = settled();
        let (open, _) = sent(&follow(&mut state, "model=large&class=0&picture=example-dog"));
        let effects = if cancelled { state.apply(ModelAction::CancelOpen) } else { state.apply(heard(open, broken())) };
        assert_eq!(effects.len(), usize::from(cancelled), "what is seen is whole: {effects:?}");
        assert_eq!(state.link().and_then(|link| link.image), Some(LinkImage::Example("cat".into())));
    }
}

#[test]
fn an_image_that_cannot_be_read_again_is_not_taken_for_looked_at() {
    let mut state = settled();
    let (open, _) = sent(&state.apply(ModelAction::ChooseDevice(Choice::Cpu)));
    state.apply(said(WorkerMessage::Listening));
    let (look, _) = sent(&state.apply(heard(open, came("small"))));
    let gone = Fault::plain("test", "the file is gone");
    assert_eq!(state.apply(heard(look, Event::Failed(gone.clone()))), []);
    assert_eq!(state.notice.message.as_ref().map(|message| &message.text), Some(&Text::Engine(gone)));
    // The worker has no image to explain.
    assert_eq!((state.image.observation.is_none(), state.apply(ExplanationAction::ChooseClass(0))), (true, vec![]));
    // The next one is.
    let (look, _) = sent(&give(&mut state, "dog.jpg"));
    asked(&state.apply(heard(look, looked(&[1, 0]))));
}

#[test]
fn a_bad_image_behind_another_model_leaves_the_one_before_to_be_looked_at() {
    let (mut state, open) = opening();
    give(&mut state, "notes.txt");
    let (look, _) = sent(&state.apply(heard(open, came("large"))));
    let effects = state.apply(heard(look, Event::Failed(Fault::plain("test", "no image"))));
    assert_eq!(sent(&effects).1, &Command::Look { name: "cat".into(), file: vec![9] });
    assert!(state.notice.message.is_some());
}
