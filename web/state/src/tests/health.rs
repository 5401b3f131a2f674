//! Workers that hang, die, or lose their GPU.

use convscope_core::error::Fault;
use convscope_core::protocol::StorageError;

use super::*;

/// So many ticks without a sign of life; what has to be done and the message after them.
fn silence(state: &mut State, ticks: usize) -> Option<Recovery> {
    for _ in 0..ticks {
        assert_eq!(state.apply(WorkerAction::Tick), []);
    }
    state.notice.message.as_ref().map(|message| message.recovery)
}

/// What is said of a silence after so many seconds of it.
fn after(state: &mut State, seconds: usize) -> Option<u32> {
    assert_eq!(silence(state, seconds), None, "it is no alert");
    state.worker.silence()
}

#[test]
fn a_worker_that_hangs_is_said_after_three_seconds_and_can_be_replaced() {
    let mut state = settled();
    let before = state.clone();
    // Nothing is expected of a worker that has nothing to do.
    assert_eq!(after(&mut state, 10), None);
    asked(&state.apply(ExplanationAction::ChooseClass(0)));
    assert_eq!((after(&mut state, 2), after(&mut state, 1), after(&mut state, 1)), (None, Some(3), Some(4)));
    assert_eq!(
        (state.worker.engine, &state.explanation.results.maps),
        (Engine::Running, &before.explanation.results.maps)
    );
    let mut waits = state.clone();
    let effects = state.apply(WorkerAction::Restart);
    assert_eq!((&effects[0], state.worker.engine), (&Effect::Start(Program::Cpu), Engine::Starting));
    assert_eq!(state.worker.silence(), None);
    // It was slow and not dead: the line goes by itself.
    assert_eq!(waits.apply(said(WorkerMessage::Pulse)), []);
    assert_eq!((waits.worker.silence(), waits.worker.busy()), (None, Busy::Explaining));
}

#[test]
fn what_nobody_waits_for_is_not_begun_again_after_a_silence() {
    let mut state = settled();
    sent(&state.apply(TrustAction::Measure));
    assert_eq!(after(&mut state, 3), Some(3));
    let (open, _) = sent(&state.apply(WorkerAction::Restart));
    state.apply(said(WorkerMessage::Listening));
    let (look, _) = sent(&state.apply(heard(open, model("small", &["zero", "one"]))));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    assert!(state.trust().is_some() && !state.is_trust_due());
}

#[test]
fn a_machine_that_is_slow_is_given_longer() {
    let mut state = settled();
    asked(&state.apply(ExplanationAction::ChooseClass(0)));
    for _ in 0..5 {
        assert_eq!(after(&mut state, 2), None);
        state.apply(said(WorkerMessage::Pulse));
    }
    assert_eq!(after(&mut state, 4), Some(4), "twice what it was silent for before");
    state.apply(said(WorkerMessage::Pulse));
    assert_eq!((after(&mut state, 7), after(&mut state, 1)), (None, Some(8)));
    after(&mut state, 100);
    state.apply(said(WorkerMessage::Pulse));
    assert_eq!((after(&mut state, 9), after(&mut state, 1)), (None, Some(10)), "but not for ever");
}

#[test]
fn a_sign_of_life_leaves_other_messages() {
    let mut state = settled();
    state.apply(crashed("out of memory"));
    state.apply(said(WorkerMessage::Pulse));
    assert_eq!(state.notice.message.as_ref().map(|message| message.recovery), Some(Recovery::Restart));
}

#[test]
fn a_lost_gpu_is_replaced_and_the_second_time_by_the_cpu() {
    let mut state = settled();
    let shown = state.explanation.results.maps.clone();
    for (key, device) in [("gpu-lost", Choice::Auto), ("gpu-lost-again", Choice::Cpu)] {
        asked(&state.apply(ExplanationAction::ChooseClass(0)));
        let effects = state.apply(said(WorkerMessage::Lost("driver reset".into())));
        assert_eq!((&effects[0], state.model.device), (&Effect::Start(Program::Cpu), device));
        let (open, command) = sent(&effects);
        assert_eq!(command, &Command::Open { model: "small".into(), device });
        // A panic over the lost device, in the same worker, comes to nobody: that worker is gone.
        let message = state.notice.message.clone().expect("a message");
        assert_eq!(message.text, Text::Own(key, vec![("why", "driver reset".into())]));
        assert_eq!((message.recovery, &state.explanation.results.maps), (Recovery::None, &shown));
        state.apply(said(WorkerMessage::Listening));
        let (look, _) = sent(&state.apply(heard(open, model("small", &["zero", "one"]))));
        let effects = state.apply(heard(look, looked(&[1, 0])));
        let (run, request) = asked(&effects);
        assert_eq!(request.target, Some(0.into()));
        state.apply(heard(run, done()));
        state.apply(ExplanationAction::ChooseClass(1));
    }
}

#[test]
fn a_gpu_that_is_lost_after_the_panic_it_caused_is_replaced_too() {
    let mut state = settled();
    state.apply(crashed("a buffer cannot be mapped"));
    assert_eq!(state.apply(said(WorkerMessage::Lost("unknown".into())))[0], Effect::Start(Program::Cpu));
    assert_eq!(state.worker.engine, Engine::Starting);
}

fn not_kept() -> Event {
    Event::NotKept { name: "Small".into(), error: StorageError::Full }
}

#[test]
fn a_note_about_the_model_outlives_the_example() {
    let (mut state, _) = State::new(None, Choice::Auto);
    let (open, _) = sent(&state.apply(ModelAction::Listed(Ok(vec![entry("small")]))));
    state.apply(said(WorkerMessage::Listening));
    assert_eq!(state.apply(heard(open, model("small", &["zero"]))), [Effect::GetExample]);
    state.apply(heard(open, not_kept()));
    state.apply(ImageAction::Example(ExampleFile {
        id: "cat".into(),
        name: "cat".into(),
        file: Rc::from([9].as_slice()),
    }));
    let text = Text::Own("not-kept-full", vec![("name", "Small".into())]);
    assert_eq!(state.notice.message.as_ref().map(|message| &message.text), Some(&text));
    give(&mut state, "dog.jpg");
    assert_eq!(state.notice.message, None);
}

#[test]
fn what_is_not_kept_is_a_note_and_no_failure() {
    let mut state = settled();
    let (look, _) = sent(&give(&mut state, "dog.jpg"));
    assert_eq!(state.apply(heard(1, not_kept())), []);
    assert_eq!(state.notice.message.as_ref().map(|message| message.recovery), Some(Recovery::None));
    assert_eq!(asked(&state.apply(heard(look, looked(&[0, 1])))).1.target, Some(0.into()));
}

#[test]
fn a_note_about_an_image_is_shown_beside_its_explanation() {
    let mut state = settled();
    let (look, _) = sent(&give(&mut state, "cut.png"));
    let Event::Looked { width, height, region, classes, doubt, sha256, seconds, .. } = looked(&[0, 1]) else {
        unreachable!()
    };
    let note = Some(Fault::plain("test", "it lacks its end"));
    sent(&state.apply(heard(look, Event::Looked { width, height, region, classes, note, doubt, sha256, seconds })));
    assert_eq!(state.image.photo.as_ref().map(|file| file.name.as_str()), Some("cut.png"));
    let said = Some(&Text::Engine(Fault::plain("test", "it lacks its end")));
    assert_eq!(state.notice.message.as_ref().map(|message| &message.text), said);
}

#[test]
fn a_worker_that_is_gone_is_said_once() {
    let mut state = settled();
    assert_eq!(state.apply(said(WorkerMessage::Gone)), []);
    let message = state.notice.message.clone().expect("a message");
    assert_eq!((message.text, message.recovery), (Text::key("crashed-gone"), Recovery::Restart));
    assert_eq!((state.worker.engine, state.explanation.results.maps.len()), (Engine::Crashed, 2));
    // Its own last words, where there were any, name the cause.
    let mut state = settled();
    state.apply(crashed("out of memory"));
    state.apply(said(WorkerMessage::Gone));
    let text = Text::Own("crashed", vec![("why", "out of memory".into())]);
    assert_eq!(state.notice.message.map(|message| message.text), Some(text));
}

#[test]
fn what_only_programmers_of_gpus_understand_is_not_said() {
    let mut state = settled();
    state.apply(crashed("wgpu error: Validation Error\n\nCaused by:\n  In Device::create_bind_group"));
    assert_eq!(state.notice.message.clone().map(|message| message.text), Some(Text::key("crashed-gpu")));
    assert_eq!(state.model.device, Choice::Cpu, "where it goes on");
    assert!(matches!(sent(&state.apply(NoticeAction::Retry)).1, Command::Open { device: Choice::Cpu, .. }));
    let mut state = settled();
    state.apply(crashed(&format!("index out of range{}\nat a place", "!".repeat(300))));
    let Some(Text::Own("crashed", values)) = state.notice.message.map(|message| message.text) else {
        panic!("no word")
    };
    assert_eq!((values[0].1.len(), values[0].1.contains('\n')), (200, false));
}

#[test]
fn a_device_that_cannot_be_had_leaves_the_choice_on_what_runs() {
    let refusal = || Event::Failed(Fault::plain("no-gpu", "Validation Error in Device::create_bind_group"));
    let mut state = settled();
    let (open, _) = sent(&state.apply(ModelAction::ChooseDevice(Choice::Cpu)));
    state.apply(said(WorkerMessage::Listening));
    state.apply(heard(open, model("small", &["zero", "one"])));
    let (open, _) = sent(&state.apply(ModelAction::ChooseDevice(Choice::Gpu)));
    let effects = state.apply(heard(open, refusal()));
    assert!(matches!(sent(&effects).1, Command::Open { device: Choice::Cpu, .. }), "{effects:?}");
    let message = state.notice.message.clone().expect("a message");
    assert_eq!((message.text, message.recovery), (Text::key("gpu-unusable"), Recovery::None));
    assert_eq!(state.model.device, Choice::Cpu);
    // Where nothing ran before, the best that there is.
    let (mut state, _) = State::new(None, Choice::Gpu);
    let (open, _) = sent(&state.apply(ModelAction::Listed(Ok(vec![entry("small")]))));
    state.apply(said(WorkerMessage::Listening));
    let effects = state.apply(heard(open, refusal()));
    assert!(matches!(sent(&effects).1, Command::Open { device: Choice::Auto, .. }), "{effects:?}");
}

#[test]
fn a_model_that_fails_after_a_restart_gives_way_to_the_one_before() {
    let mut state = settled();
    state.apply(crashed("out of memory"));
    state.apply(ModelAction::Choose("large".into()));
    let (open, _) = sent(&state.apply(NoticeAction::Retry));
    state.apply(said(WorkerMessage::Listening));
    let effects = state.apply(heard(open, Event::Failed(Fault::plain("test", "too large"))));
    assert!(matches!(sent(&effects).1, Command::Open { model, .. } if model == "small"));
    let (open, _) = sent(&effects);
    let Some(Text::All(texts)) = state.notice.message.clone().map(|message| message.text) else { panic!("no word") };
    let goes_on = Text::Own("model-goes-on", vec![("name", "small".into())]);
    assert_eq!(texts, [Text::Engine(Fault::plain("test", "too large")), goes_on]);
    // If that cannot be had either, it is not tried for ever.
    assert_eq!(state.apply(heard(open, Event::Failed(Fault::plain("test", "offline")))), []);
    assert_eq!((state.model.chosen.as_str(), state.worker.busy()), ("small", Busy::No));
}

#[test]
fn loading_another_model_can_be_cancelled_and_the_one_before_goes_on() {
    let mut state = settled();
    assert_eq!(state.apply(ModelAction::CancelOpen), [], "nothing is loaded");
    sent(&state.apply(ModelAction::Choose("large".into())));
    assert!(matches!(state.worker.busy(), Busy::Loading(..)));
    let effects = state.apply(ModelAction::CancelOpen);
    assert_eq!(sent(&effects).1, &Command::Stop);
    assert_eq!((state.worker.busy(), state.model.chosen.as_str()), (Busy::No, "small"));
    let message = state.notice.message.clone().expect("a message");
    assert_eq!(message.recovery, Recovery::OpenAgain);
    asked(&state.apply(ExplanationAction::ChooseClass(0)));
    let effects = state.apply(NoticeAction::Retry);
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::Send(_, Command::Open { model, .. }) if model == "large"))
    );
}

#[test]
fn loading_the_first_model_can_be_cancelled_and_tried_again() {
    let (mut state, _) = State::new(None, Choice::Auto);
    let (open, _) = sent(&state.apply(ModelAction::Listed(Ok(vec![entry("small")]))));
    state.apply(said(WorkerMessage::Listening));
    assert_eq!(sent(&state.apply(ModelAction::CancelOpen)).1, &Command::Stop);
    assert_eq!((state.worker.busy(), state.apply(heard(open, model("small", &["zero"])))), (Busy::No, vec![]));
    let effects = state.apply(NoticeAction::Retry);
    assert!(matches!(sent(&effects).1, Command::Open { model, .. } if model == "small"));
}

#[test]
fn a_newer_version_is_said_unless_something_went_wrong() {
    let mut state = settled();
    state.apply(NoticeAction::NewVersion);
    assert_eq!(state.notice.message.as_ref().map(|message| message.recovery), Some(Recovery::Reload));
    assert_eq!(state.apply(NoticeAction::Retry), [Effect::Reload]);
    state.apply(crashed("out of memory"));
    state.apply(NoticeAction::NewVersion);
    assert_eq!(state.notice.message.as_ref().map(|message| message.recovery), Some(Recovery::Restart));
}

#[test]
fn a_program_that_never_comes_is_said_and_taken_back_when_it_comes() {
    let (mut state, _) = State::new(None, Choice::Auto);
    assert_eq!(silence(&mut state, 19), None);
    // Bytes have come.
    state.apply(said(WorkerMessage::Program { done: 1, total: 9 }));
    assert_eq!(silence(&mut state, 19), None);
    assert_eq!(silence(&mut state, 1), Some(Recovery::Restart));
    assert_eq!(state.notice.message.as_ref().map(|message| &message.text), Some(&Text::key("hangs-starting")));
    state.apply(said(WorkerMessage::Listening));
    assert_eq!(state.notice.message, None);
}
