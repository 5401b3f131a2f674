//! Programs of workers: when the one for GPUs takes the first one's place.

use super::*;

#[test]
fn a_gpu_takes_over_after_the_first_result() {
    let mut state = settled();
    let before = state.clone();
    assert!(state.wants_gpu());
    let effects = state.apply(WorkerAction::Prepared);
    assert_eq!(effects[0], Effect::Start(Program::Gpu));
    assert!(!state.wants_gpu());
    let (open, command) = sent(&effects);
    assert_eq!(command, &Command::Open { model: "small".into(), device: Choice::Auto });
    // What is seen stays until the other worker has it too.
    assert_eq!(state.explanation.results.maps, before.explanation.results.maps);
    state.apply(said(WorkerMessage::Listening));
    let (look, _) = sent(&state.apply(heard(open, model("small", &["zero", "one"]))));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    state.apply(heard(run, map("conv2")));
    // Once is enough.
    assert_eq!(state.apply(heard(run, done())), []);
}

#[test]
fn a_gpu_waits_for_the_work_that_goes_on() {
    let mut state = settled();
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    assert_eq!(state.apply(WorkerAction::Prepared), []);
    state.apply(heard(run, map("conv2")));
    assert_eq!(state.apply(heard(run, done()))[0], Effect::Start(Program::Gpu));
}

#[test]
fn a_person_who_wants_the_cpu_keeps_it_and_who_wants_a_gpu_gets_it_at_once() {
    let mut state = settled();
    assert_eq!(state.apply(ModelAction::ChooseDevice(Choice::Gpu))[0], Effect::Start(Program::Gpu));
    let mut state = settled();
    assert_eq!(state.apply(ModelAction::ChooseDevice(Choice::Cpu))[0], Effect::Start(Program::Cpu));
    assert!(!state.wants_gpu());
    assert_eq!(state.apply(WorkerAction::Prepared), []);
    assert_eq!(state.apply(ModelAction::ChooseDevice(Choice::Auto))[0], Effect::Start(Program::Gpu));
}
