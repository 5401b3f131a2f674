//! Workers that hang, die, or lose their GPU.

use convscope::protocol::Refusal;

use super::*;

/// So many ticks without a sign of life; what has to be done and the message after them.
fn silence(state: &mut State, ticks: usize) -> Option<Remedy> {
    for _ in 0..ticks {
        assert_eq!(state.apply(Action::Tick), []);
    }
    state.message.as_ref().map(|message| message.remedy)
}

#[test]
fn a_worker_that_hangs_is_said_and_can_be_replaced() {
    let mut state = settled();
    let before = state.clone();
    // Nothing is expected of a worker that has nothing to do.
    assert_eq!(silence(&mut state, 10), None);
    sent(&state.apply(Action::ChooseClass(0)));
    assert_eq!(silence(&mut state, 3), None);
    assert_eq!(silence(&mut state, 1), Some(Remedy::Restart));
    assert_eq!((state.engine, &state.shown), (Engine::Running, &before.shown));
    // Sent away, the message does not come back at every tick.
    state.apply(Action::Dismiss);
    assert_eq!(silence(&mut state, 10), None);
    let (mut state, mut waits) = (before.clone(), before);
    for state in [&mut state, &mut waits] {
        sent(&state.apply(Action::ChooseClass(0)));
        silence(state, 4);
    }
    let effects = state.apply(Action::Mend);
    assert_eq!((&effects[0], state.engine), (&Effect::Start, Engine::Starting));
    // It was slow and not dead: the message goes by itself.
    assert_eq!(waits.apply(Action::Alive), []);
    assert_eq!((waits.message.is_none(), waits.busy()), (true, Busy::Explaining));
}

#[test]
fn signs_of_life_are_counted_from_the_last_one() {
    let mut state = settled();
    sent(&state.apply(Action::ChooseClass(0)));
    for _ in 0..5 {
        assert_eq!(silence(&mut state, 3), None);
        state.apply(Action::Alive);
    }
    assert_eq!(silence(&mut state, 4), Some(Remedy::Restart));
}

#[test]
fn a_sign_of_life_leaves_other_messages() {
    let mut state = settled();
    state.apply(Action::Crashed("out of memory".into()));
    state.apply(Action::Alive);
    assert_eq!(state.message.as_ref().map(|message| message.remedy), Some(Remedy::Restart));
}

#[test]
fn a_lost_gpu_is_replaced_and_the_second_time_by_the_cpu() {
    let mut state = settled();
    let shown = state.shown.clone();
    for (key, device) in [("gpu-lost", Choice::Auto), ("gpu-lost-again", Choice::Cpu)] {
        sent(&state.apply(Action::ChooseClass(0)));
        let effects = state.apply(Action::Lost("driver reset".into()));
        assert_eq!((&effects[0], state.device), (&Effect::Start, device));
        let (open, command) = sent(&effects);
        assert_eq!(command, &Command::Open { model: "small".into(), device });
        // A panic over the lost device, in the same worker, comes to nobody: that worker is gone.
        let message = state.message.clone().expect("a message");
        assert_eq!(message.text, Text::Own(key, vec![("why", "driver reset".into())]));
        assert_eq!((message.remedy, &state.shown), (Remedy::None, &shown));
        state.apply(Action::Started);
        let (look, _) = sent(&state.apply(Action::Heard(open, model("small", &["zero", "one"]))));
        let effects = state.apply(Action::Heard(look, looked(&[1, 0])));
        let (ask, command) = sent(&effects);
        assert!(matches!(command, Command::Explain { class: 0, .. }));
        state.apply(Action::Heard(ask, Event::Explained { seconds: 0.1 }));
        state.apply(Action::ChooseClass(1));
    }
}

#[test]
fn a_gpu_that_is_lost_after_the_panic_it_caused_is_replaced_too() {
    let mut state = settled();
    state.apply(Action::Crashed("a buffer cannot be mapped".into()));
    assert_eq!(state.apply(Action::Lost("unknown".into()))[0], Effect::Start);
    assert_eq!(state.engine, Engine::Starting);
}

fn not_kept() -> Event {
    Event::NotKept { name: "Small".into(), refusal: Refusal::Full }
}

#[test]
fn a_note_about_the_model_outlives_the_example() {
    let (mut state, _) = State::new(None, Choice::Auto);
    let (open, _) = sent(&state.apply(Action::Listed(Ok(vec![entry("small")]))));
    state.apply(Action::Started);
    assert_eq!(state.apply(Action::Heard(open, model("small", &["zero"]))), [Effect::GetExample]);
    state.apply(Action::Heard(open, not_kept()));
    state.apply(Action::Example(ExampleFile { id: "cat".into(), name: "cat".into(), file: Rc::from([9].as_slice()) }));
    let text = Text::Own("not-kept-full", vec![("name", "Small".into())]);
    assert_eq!(state.message.as_ref().map(|message| &message.text), Some(&text));
    give(&mut state, "dog.jpg");
    assert_eq!(state.message, None);
}

#[test]
fn what_is_not_kept_is_a_note_and_no_failure() {
    let mut state = settled();
    let (look, _) = sent(&give(&mut state, "dog.jpg"));
    assert_eq!(state.apply(Action::Heard(1, not_kept())), []);
    assert_eq!(state.message.as_ref().map(|message| message.remedy), Some(Remedy::None));
    assert!(matches!(sent(&state.apply(Action::Heard(look, looked(&[0, 1])))).1, Command::Explain { class: 0, .. }));
}

#[test]
fn a_note_about_a_picture_is_shown_beside_its_explanation() {
    let mut state = settled();
    let (look, _) = sent(&give(&mut state, "cut.png"));
    let Event::Looked { width, height, region, classes, seconds, .. } = looked(&[0, 1]) else { unreachable!() };
    let note = Some("it lacks its end".to_owned());
    sent(&state.apply(Action::Heard(look, Event::Looked { width, height, region, classes, note, seconds })));
    assert_eq!(state.photo.as_ref().map(|photo| photo.name.as_str()), Some("cut.png"));
    let said = Some(&Text::Engine("it lacks its end".into()));
    assert_eq!(state.message.as_ref().map(|message| &message.text), said);
}
