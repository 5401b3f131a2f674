//! Runs that are dropped, and those that are not.

use super::methods::{command, panel};
use super::*;
use convscope_core::artifact::Measure;

/// A page whose filters grow, two of eight steps far.
fn growing() -> (State, Ticket) {
    let mut state = settled();
    command(&mut state, "filters");
    let (run, _) = asked(&state.apply(ExplanationAction::Run));
    state.apply(heard(run, panel("conv2", 3, Measure::Objective(1.0))));
    state.apply(heard(run, Event::Progress { done: 2, total: 8 }));
    (state, run)
}

fn dropped() -> Option<Text> {
    Some(Text::Own("run-dropped", vec![("done", "2".into()), ("total", "8".into())]))
}

#[test]
fn what_takes_long_is_not_dropped_without_a_word() {
    let (mut state, _) = growing();
    sent(&command(&mut state, "explain"));
    assert_eq!((&state.notice.line, &state.notice.message), (&dropped(), &None));
    // What has come so far is still there, and running it again takes the line back.
    command(&mut state, "filters");
    assert_eq!(state.explanation.results.panels.len(), 1);
    asked(&state.apply(ExplanationAction::Run));
    assert_eq!(state.notice.line, None);
    // Another image, model or device.
    let (mut state, _) = growing();
    give(&mut state, "dog.jpg");
    assert_eq!(state.notice.line, dropped());
    let (mut state, _) = growing();
    state.apply(ModelAction::Choose("large".into()));
    assert_eq!(state.notice.line, dropped());
    let (mut state, _) = growing();
    state.apply(ModelAction::ChooseDevice(Choice::Cpu));
    assert_eq!(state.notice.line, dropped());
}

#[test]
fn what_is_whole_goes_on_or_is_quick_is_not_said_to_be_dropped() {
    let (mut state, run) = growing();
    // A class is nothing to the filters, and a person who stops them knows.
    state.apply(ExplanationAction::ChooseClass(0));
    assert_eq!((state.worker.busy(), &state.notice.line), (Busy::Explaining, &None));
    state.apply(heard(run, done()));
    command(&mut state, "explain");
    assert_eq!(state.notice.line, None);
    let (mut state, _) = growing();
    state.apply(ExplanationAction::Stop);
    command(&mut state, "explain");
    assert_eq!(state.notice.line, None);
    let mut state = settled();
    state.apply(ExplanationAction::ChooseClass(0));
    command(&mut state, "activations");
    assert_eq!(state.notice.line, None);
}

#[test]
fn a_run_that_a_bad_image_cut_short_begins_again_without_a_word() {
    let (mut state, _) = growing();
    let (look, _) = sent(&give(&mut state, "notes.txt"));
    asked(&state.apply(heard(look, Event::Failed(Fault::plain("test", "no image")))));
    assert_eq!(state.notice.line, None);
}

#[test]
fn a_method_of_the_input_has_no_layers_to_choose_from() {
    let mut state = settled();
    for (method, layers) in [("gradient", 0), ("rise", 0), ("activations", 4), ("grad_cam", 2)] {
        choose_method(&mut state, method);
        assert_eq!((state.layers().len(), state.card().map(|card| card.id.to_string())), (layers, Some(method.into())));
    }
}
