//! How far the map that is seen can be trusted: measured when there is nothing else to do.

use convscope_core::measurement::{Better, Measurement};

use super::*;
use crate::TrustAction;

fn measurement(metric: &str) -> Event {
    let (metric, layer) = (metric.into(), "conv2".into());
    let reading = 0.25.into();
    let one = Measurement { metric, layer, blank: None, better: Better::Lower, reading, baselines: vec![] };
    Event::Artifact(Artifact::Measurement(one))
}

/// Measuring, begun by the clock.
fn measuring(state: &mut State) -> Ticket {
    assert!(state.is_trust_due());
    let effects = state.apply(TrustAction::Measure);
    let (ticket, command) = sent(&effects);
    assert_eq!(command, &Command::Trust { layer: "conv2".into() });
    ticket
}

#[test]
fn the_map_that_is_seen_is_measured_when_the_worker_is_idle() {
    let mut state = settled();
    let ticket = measuring(&mut state);
    assert!(!state.is_trust_due(), "it goes on");
    assert_eq!(state.worker.busy(), Busy::No, "nobody waits for it");
    state.apply(heard(ticket, Event::Progress { done: 1, total: 4 }));
    state.apply(heard(ticket, measurement("deletion")));
    let trust = state.trust().expect("a map");
    assert_eq!((trust.progress, trust.measurements.len(), trust.verdict.len()), (Some((1, 4)), 1, 0));
    state.apply(heard(ticket, Event::Verdict(vec![Fault::plain("test", "it is so")])));
    state.apply(heard(ticket, done()));
    let trust = state.trust().expect("a map");
    assert_eq!((trust.progress, trust.verdict.len(), state.is_trust_due()), (None, 1, false));
    // The run that gave the map is still the one that can be saved.
    assert!(state.explanation.is_finished());
}

#[test]
fn another_map_is_measured_anew() {
    let mut state = settled();
    let ticket = measuring(&mut state);
    state.apply(heard(ticket, done()));
    assert_eq!(state.apply(ExplanationAction::ChooseLayer("conv1".into())), []);
    assert_eq!((state.trust().map(|trust| trust.measurements.len()), state.is_trust_due()), (Some(0), true));
    assert!(matches!(sent(&state.apply(TrustAction::Measure)).1, Command::Trust { layer } if layer == "conv1"));
}

#[test]
fn whatever_is_asked_for_comes_first() {
    let mut state = settled();
    let ticket = measuring(&mut state);
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    // What still comes of it is about another map.
    state.apply(heard(ticket, measurement("deletion")));
    assert_eq!((state.trust.measurements.len(), state.trust(), state.is_trust_due()), (0, None, false));
    assert_eq!(state.apply(TrustAction::Measure), []);
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    measuring(&mut state);
}

#[test]
fn what_a_person_has_stopped_waits_to_be_asked_for() {
    let mut state = settled();
    measuring(&mut state);
    let effects = state.apply(TrustAction::Stop);
    assert_eq!(sent(&effects).1, &Command::Stop);
    assert_eq!((state.is_trust_due(), state.can_measure()), (false, true));
    let effects = state.apply(TrustAction::Measure);
    let (ticket, _) = sent(&effects);
    state.apply(heard(ticket, Event::Failed(Fault::plain("test", "no memory"))));
    let trust = state.trust().expect("a map");
    assert_eq!((trust.failed.is_some(), state.is_trust_due(), state.notice.message), (true, false, None));
}

#[test]
fn a_slow_machine_and_a_blank_map_are_not_measured_unasked() {
    let mut state = settled();
    state.image.quickest = Some(1.0);
    assert_eq!((state.is_trust_due(), state.trust().is_some(), state.can_measure()), (false, true, true));
    state.image.quickest = Some(0.1);
    assert!(state.is_trust_due());
    let shown = state.explanation.results.maps.iter_mut().find(|shown| shown.map.layer == "conv2").expect("a map");
    let blank = Some(convscope_core::explain::Blank::DeadLayer);
    shown.map = convscope_core::explain::AttributionMap { blank, ..(*shown.map).clone() }.into();
    assert_eq!((state.is_trust_due(), state.trust()), (false, None));
}

#[test]
fn another_image_of_the_same_class_is_not_judged_by_the_first() {
    let mut state = settled();
    let ticket = measuring(&mut state);
    state.apply(heard(ticket, Event::Verdict(vec![Fault::plain("test", "it is so")])));
    state.apply(heard(ticket, done()));
    let (look, _) = sent(&give(&mut state, "other.png"));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    state.apply(heard(run, map("conv1")));
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    assert_eq!(state.trust().map(|trust| trust.verdict.len()), Some(0));
    measuring(&mut state);
    // The first look is slower than the rest, and a panel that a person has closed stays so.
    assert!(state.image.quickest.is_some_and(|seconds| seconds <= 0.1));
    state.apply(TrustAction::Open(false));
    state.apply(ExplanationAction::ChooseLayer("conv1".into()));
    assert_eq!(state.trust().and_then(|trust| trust.open), Some(false));
}

#[test]
fn another_layer_does_not_wait_for_the_first() {
    let mut state = settled();
    let ticket = measuring(&mut state);
    state.apply(ExplanationAction::ChooseLayer("conv1".into()));
    assert!(state.is_trust_due(), "what is measured is not what is seen");
    let effects = state.apply(TrustAction::Measure);
    assert!(matches!(sent(&effects).1, Command::Trust { layer } if layer == "conv1"));
    state.apply(heard(ticket, measurement("deletion")));
    assert_eq!(state.trust().map(|trust| trust.measurements.len()), Some(0), "that of the first layer is stale");
}

#[test]
fn what_the_worker_died_of_is_not_begun_again_by_itself() {
    let mut state = settled();
    measuring(&mut state);
    state.apply(crashed("out of memory"));
    let effects = state.apply(NoticeAction::Retry);
    let (open, _) = sent(&effects);
    state.apply(said(WorkerMessage::Listening));
    let (look, _) = sent(&state.apply(heard(open, model("small", &["zero", "one"]))));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    assert_eq!((state.is_trust_due(), state.can_measure()), (false, true));
    assert!(matches!(sent(&state.apply(TrustAction::Measure)).1, Command::Trust { .. }), "a person may try");
}
