//! Images of a person's own that links name, when the page is loaded again or gone back to.

use super::links::{follow, said};
use super::*;
use crate::KeptImage;

/// Start of the SHA-256 of the image that links name.
const OWN: &str = "abababababababab";

/// What the network makes of an image whose SHA-256 is all of one byte.
fn looked_at(byte: &str, order: &[usize]) -> Event {
    let Event::Looked { width, height, region, classes, note, doubt, seconds, .. } = looked(order) else {
        unreachable!()
    };
    Event::Looked { width, height, region, classes, note, doubt, sha256: byte.repeat(32), seconds }
}

fn line(state: &State) -> Option<&'static str> {
    match &state.notice.line {
        Some(Text::Own(key, _)) => Some(key),
        _ => None,
    }
}

/// A page that has been loaded with that address, and has a model, and what it does then.
fn loaded(fragment: &str) -> (State, Vec<Effect>) {
    let (mut state, _) = State::new(None, Choice::Auto);
    follow(&mut state, fragment);
    let (open, _) = sent(&state.apply(ModelAction::Listed(Ok(vec![entry("small")]))));
    state.apply(super::said(WorkerMessage::Listening));
    let effects = state.apply(heard(open, model("small", &["zero", "one"])));
    (state, effects)
}

fn name(state: &State) -> Option<&str> {
    state.image.photo.as_ref().map(|photo| photo.name.as_str())
}

fn kept(name: &str) -> LinkAction {
    LinkAction::Kept(OWN.into(), Some(KeptImage { name: name.into(), file: Rc::from([1, 2, 3].as_slice()) }))
}

/// A page that shows an image of the person's own, for its second class, and the address of that.
fn with_own_image() -> (State, String) {
    let mut state = settled();
    let (look, _) = sent(&give(&mut state, "mine.jpg"));
    let effects = state.apply(heard(look, looked_at("ab", &[1, 0])));
    let photo = state.image.photo.clone().expect("the image");
    assert!(effects.contains(&Effect::KeepImage(photo)), "{effects:?}");
    state.apply(ExplanationAction::ChooseClass(0));
    let fragment = state.link().expect("a view").encode();
    assert!(fragment.contains("picture=own-abababababababab&") && !fragment.contains("mine"), "{fragment}");
    (state, fragment.replace("hash=small&", ""))
}

#[test]
fn a_reload_brings_the_image_back_with_its_view() {
    let (_, fragment) = with_own_image();
    let (mut state, effects) = loaded(&fragment);
    assert_eq!(effects, [Effect::GetKept(OWN.into())]);
    let effects = state.apply(kept("mine.jpg"));
    let (look, command) = sent(&effects);
    assert_eq!(command, &Command::Look { name: "mine.jpg".into(), file: vec![1, 2, 3] });
    let effects = state.apply(heard(look, looked_at("ab", &[1, 0])));
    assert_eq!(asked(&effects).1.target, Some(0.into()));
    assert_eq!((name(&state), said(&state).len(), line(&state)), (Some("mine.jpg"), 0, None));
    assert_eq!(state.link().map(|link| link.encode().replace("hash=small&", "")), Some(fragment));
    // It can be chosen again after another one.
    assert_eq!(state.image.tray.len(), 1);
}

#[test]
fn an_example_stands_in_for_an_image_that_is_gone() {
    let (_, fragment) = with_own_image();
    for fragment in [fragment.clone(), fragment.replace("own-abababababababab", "own")] {
        let (mut state, mut effects) = loaded(&fragment);
        if effects == [Effect::GetKept(OWN.into())] {
            effects = state.apply(LinkAction::Kept(OWN.into(), None));
        }
        assert_eq!(effects, [Effect::GetExample]);
        let (look, _) = sent(&state.apply(ImageAction::Example(example("cat"))));
        let effects = state.apply(heard(look, looked(&[1, 0])));
        // What the link explained was no class of the example.
        assert_eq!((asked(&effects).1.target, name(&state)), (Some(1.into()), Some("cat")));
        assert_eq!((said(&state).len(), line(&state)), (0, Some("link-own-image")), "a line, and no alarm");
        assert!(state.link().is_some(), "the address is that of the example from now on");
        // The image itself, given by hand, has its class.
        let mut found = state.clone();
        let (look, _) = sent(&give(&mut found, "mine.jpg"));
        found.apply(heard(look, looked_at("ab", &[1, 0])));
        assert_eq!((found.explanation.target.clone(), line(&found)), (Some(0.into()), None));
        // An example that a person chooses ends the waiting.
        let (look, _) = sent(&state.apply(ImageAction::ChooseExample(example("coffee"))));
        state.apply(heard(look, looked(&[1, 0])));
        assert_eq!((state.explanation.target.clone(), line(&state)), (Some(1.into()), None));
        let (look, _) = sent(&give(&mut state, "mine.jpg"));
        state.apply(heard(look, looked_at("ab", &[1, 0])));
        assert_eq!((state.explanation.target.clone(), line(&state)), (Some(1.into()), None));
    }
}

#[test]
fn going_back_to_an_image_that_is_here_ends_the_waiting() {
    let (_, fragment) = with_own_image();
    let mut state = settled();
    let link = state.link().expect("a view").encode();
    assert_eq!(follow(&mut state, &fragment), [Effect::GetKept(OWN.into())]);
    let (look, _) = sent(&state.apply(LinkAction::Kept(OWN.into(), None)));
    state.apply(heard(look, looked(&[1, 0])));
    assert_eq!((name(&state), line(&state)), (Some("cat"), Some("link-own-image")));
    follow(&mut state, &link);
    assert_eq!(line(&state), None);
    let (look, _) = sent(&give(&mut state, "mine.jpg"));
    state.apply(heard(look, looked_at("ab", &[1, 0])));
    assert_eq!(state.explanation.target, Some(1.into()));
}

#[test]
fn another_image_than_the_links_is_said_to_be() {
    let (_, fragment) = with_own_image();
    let (mut state, _) = loaded(&fragment);
    state.apply(LinkAction::Kept(OWN.into(), None));
    let (look, _) = sent(&give(&mut state, "other.jpg"));
    state.apply(heard(look, looked_at("cd", &[1, 0])));
    assert_eq!((state.explanation.target.clone(), line(&state)), (Some(1.into()), Some("link-other-image")));
    let (look, _) = sent(&give(&mut state, "mine.jpg"));
    state.apply(heard(look, looked_at("ab", &[1, 0])));
    assert_eq!((state.explanation.target.clone(), line(&state)), (Some(0.into()), None));
}

#[test]
fn an_image_chosen_meanwhile_is_not_taken_away() {
    let (_, fragment) = with_own_image();
    let (mut state, _) = loaded(&fragment);
    let (look, _) = sent(&state.apply(ImageAction::ChooseExample(example("coffee"))));
    assert_eq!(state.apply(kept("mine.jpg")), []);
    state.apply(heard(look, looked(&[1, 0])));
    assert_eq!((name(&state), state.explanation.target.clone()), (Some("coffee"), Some(1.into())));
}

#[test]
fn an_image_that_comes_late_is_not_taken_for_another() {
    let (_, fragment) = with_own_image();
    let (mut state, _) = loaded(&fragment);
    let effects = follow(&mut state, &fragment.replace(OWN, "cdcdcdcdcdcdcdcd"));
    assert_eq!(effects, [Effect::GetKept("cdcdcdcdcdcdcdcd".into())]);
    assert_eq!((state.apply(kept("mine.jpg")), state.apply(LinkAction::Kept(OWN.into(), None))), (vec![], vec![]));
    assert_eq!((name(&state), line(&state)), (None, None));
}

#[test]
fn an_image_of_the_tray_is_taken_from_there() {
    let (_, fragment) = with_own_image();
    let mut state = settled();
    let file = |name: &str, byte: u8| (name.to_owned(), Content::Bytes(Rc::from([byte].as_slice())));
    let (look, _) = sent(&state.apply(ImageAction::Files(vec![file("mine.jpg", 1), file("other.jpg", 2)])));
    state.apply(heard(look, looked_at("ab", &[1, 0])));
    let (look, _) = sent(&state.apply(ImageAction::ChooseExample(example("coffee"))));
    state.apply(heard(look, looked(&[1, 0])));
    // Back.
    let effects = follow(&mut state, &fragment);
    let (look, command) = sent(&effects);
    assert_eq!(command, &Command::Look { name: "mine.jpg".into(), file: vec![1] });
    let effects = state.apply(heard(look, looked_at("ab", &[1, 0])));
    assert_eq!(asked(&effects).1.target, Some(0.into()));
    // It is here already: only the class is another.
    let effects = follow(&mut state, &fragment.replace("class=0", "class=1"));
    assert_eq!(asked(&effects).1.target, Some(1.into()));
}
