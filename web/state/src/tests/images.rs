//! Images that are given, chosen, and refused.

use super::*;
use convscope_core::error::Fault;

#[test]
fn a_bad_image_leaves_the_previous_one_and_its_maps() {
    let mut state = settled();
    let before = state.clone();
    let effects = give(&mut state, "notes.txt");
    let (look, _) = sent(&effects);
    assert_eq!(state.image.photo, before.image.photo);
    assert_eq!(state.apply(heard(look, Event::Failed(Fault::plain("test", "no image")))), []);
    assert_eq!(
        (&state.image.photo, &state.explanation.results.maps, state.worker.busy()),
        (&before.image.photo, &before.explanation.results.maps, Busy::No)
    );
    assert_eq!(
        state.notice.message.as_ref().map(|message| &message.text),
        Some(&Text::Engine(Fault::plain("test", "no image")))
    );
    state.apply(NoticeAction::Dismiss);
    assert_eq!(state.notice.message, None);
    // The next one takes its place.
    let effects = give(&mut state, "dog.jpg");
    let (look, _) = sent(&effects);
    sent(&state.apply(heard(look, looked(&[0, 1]))));
    assert_eq!((state.explanation.target.clone(), state.explanation.results.maps.len()), (Some(0.into()), 0));
    assert_eq!(state.image.photo.as_ref().map(|photo| photo.name.as_str()), Some("dog.jpg"));
}

#[test]
fn a_bad_image_does_not_cut_an_explanation_short() {
    let mut state = settled();
    state.apply(ExplanationAction::ChooseClass(0));
    let (look, _) = sent(&give(&mut state, "notes.txt"));
    let effects = state.apply(heard(look, Event::Failed(Fault::plain("test", "no image"))));
    assert_eq!(asked(&effects).1.target, Some(0.into()));
}

#[test]
fn an_image_given_while_the_model_loads_wins_over_the_example() {
    let (mut state, _) = State::new(None, Choice::Auto);
    let (open, _) = sent(&state.apply(ModelAction::Listed(Ok(vec![entry("small")]))));
    assert_eq!(give(&mut state, "dog.jpg"), []);
    assert_eq!(state.apply(ImageAction::Example(example("cat"))), []);
    let effects = state.apply(heard(open, model("small", &["zero"])));
    assert_eq!(sent(&effects).1, &Command::Look { name: "dog.jpg".into(), file: vec![1, 2, 3] });
}

#[test]
fn several_files_can_be_chosen_from_and_a_bad_one_is_dropped() {
    let mut state = settled();
    let file = |name: &str, byte: u8| (name.to_owned(), Content::Bytes(Rc::from([byte].as_slice())));
    let effects = state.apply(ImageAction::Files(vec![file("a.jpg", 1), file("notes.txt", 2)]));
    let (look, command) = sent(&effects);
    assert_eq!(command, &Command::Look { name: "a.jpg".into(), file: vec![1] });
    let (run, _) = asked(&state.apply(heard(look, looked(&[0, 1]))));
    state.apply(heard(run, done()));
    let serial = state.image.tray[1].serial;
    let effects = state.apply(ImageAction::Choose(serial));
    let (look, command) = sent(&effects);
    assert_eq!(command, &Command::Look { name: "notes.txt".into(), file: vec![2] });
    state.apply(heard(look, Event::Failed(Fault::plain("test", "no image"))));
    let names: Vec<&str> = state.image.tray.iter().map(|photo| photo.name.as_str()).collect();
    assert_eq!((names, state.image.photo.as_ref().map(|photo| photo.name.as_str())), (vec!["a.jpg"], Some("a.jpg")));
    assert_eq!(state.image.tray.len(), 1);
}
