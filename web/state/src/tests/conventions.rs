//! One map in all conventions of its method.

use convscope_core::explain::{Convention, InConvention};

use super::*;
use crate::{ConventionsAction, TrustAction};

fn in_conventions(layer: &str) -> Event {
    let Event::Artifact(Artifact::Map(map)) = map(layer) else { panic!("a map") };
    let one = |convention| InConvention { convention, map: map.clone(), shown: map.signed.clone(), difference: None };
    Event::Conventions([Convention::PAPER, Convention::CAPTUM].map(one).into())
}

/// The request whose conventions are compared, with its ticket.
fn compares(effects: &[Effect]) -> (Ticket, Request) {
    match sent(effects) {
        (ticket, Command::CompareConventions(request)) => (ticket, request.clone()),
        other => panic!("no comparison: {other:?}"),
    }
}

/// The names of what is seen, and whether it is of another map than the chosen one.
fn shown(state: &State) -> (Vec<&'static str>, bool) {
    let (conventions, stale) = state.conventions().expect("a method with conventions");
    (conventions.compared.iter().map(|one| one.convention.name).collect(), stale)
}

fn opened() -> (State, Ticket) {
    let mut state = settled();
    assert!(!state.is_comparison_due(), "nobody has asked");
    let (ticket, request) = compares(&state.apply(ConventionsAction::Open(true)));
    assert_eq!((request.layers, request.convention.as_str()), (Layers::Named(vec!["conv2".into()]), ""));
    (state, ticket)
}

#[test]
fn the_view_follows_what_is_chosen_elsewhere() {
    let (mut state, ticket) = opened();
    assert!(!state.is_comparison_due() && !state.is_trust_due(), "it goes on, and nothing else begins");
    assert_eq!(state.worker.busy(), Busy::No, "nobody waits for it");
    state.apply(heard(ticket, Event::Progress { done: 1, total: 2 }));
    assert_eq!(state.conventions().and_then(|(conventions, _)| conventions.progress), Some((1, 2)));
    state.apply(heard(ticket, in_conventions("conv2")));
    state.apply(heard(ticket, done()));
    assert_eq!((shown(&state), state.is_comparison_due()), ((vec!["paper", "captum"], false), false));
    assert!(state.conventions().is_some_and(|(conventions, _)| conventions.progress.is_none()));
    // Another convention of the same map is among them; another layer is not.
    state.apply(ExplanationAction::ChooseConvention("captum".into()));
    assert!(!shown(&state).1);
    state.apply(ExplanationAction::ChooseConvention("paper".into()));
    state.apply(ExplanationAction::Stop);
    state.apply(ExplanationAction::ChooseLayer("conv1".into()));
    assert_eq!((shown(&state).1, state.is_comparison_due()), (true, true));
    let (_, request) = compares(&state.apply(ConventionsAction::Compare));
    assert_eq!(
        (request.layers, shown(&state).0.len()),
        (Layers::Named(vec!["conv1".into()]), 2),
        "until the new ones come"
    );
}

#[test]
fn it_gives_way_and_comes_again() {
    let (mut state, ticket) = opened();
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    state.apply(heard(ticket, in_conventions("conv2")));
    assert_eq!((shown(&state).0, state.is_comparison_due()), (vec![], false), "what comes of it is stale");
    assert_eq!(state.apply(ConventionsAction::Compare), [], "not while a person waits");
    for layer in ["conv1", "conv2"] {
        state.apply(heard(run, map(layer)));
    }
    state.apply(heard(run, done()));
    assert!(state.is_comparison_due());
    let (_, request) = compares(&state.apply(ConventionsAction::Compare));
    assert_eq!(request.target, Some(0.into()));
    // Closed, it stops, and the map is measured.
    assert_eq!(sent(&state.apply(ConventionsAction::Open(false))).1, &Command::Stop);
    assert!(state.is_trust_due() && !state.is_comparison_due());
    state.apply(TrustAction::Measure);
    assert_eq!(state.apply(ConventionsAction::Open(false)), []);
}

#[test]
fn another_image_forgets_and_a_method_of_one_convention_has_none() {
    let (mut state, ticket) = opened();
    state.apply(heard(ticket, in_conventions("conv2")));
    state.apply(heard(ticket, done()));
    let (look, _) = sent(&give(&mut state, "other.png"));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    assert!(shown(&state).1, "of the image before");
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
    compares(&state.apply(ConventionsAction::Compare));
    assert_eq!(shown(&state).0, [""; 0]);
    choose_method(&mut state, "activations");
    assert_eq!((state.conventions(), state.is_comparison_due()), (None, false));
}

#[test]
fn what_fails_is_said_in_the_view_and_not_begun_again() {
    let (mut state, ticket) = opened();
    state.apply(heard(ticket, Event::Failed(Fault::plain("test", "no memory"))));
    let (conventions, _) = state.conventions().expect("a view");
    assert_eq!((conventions.failed.is_some(), state.notice.message.is_none()), (true, true));
    assert!(!state.is_comparison_due());
    compares(&state.apply(ConventionsAction::Compare));
    state.apply(crashed("out of memory"));
    assert!(!state.conventions.open);
}

#[test]
fn a_method_that_takes_its_time_waits_for_a_person() {
    let mut state = settled();
    choose_method(&mut state, "rise");
    assert_eq!(state.apply(ConventionsAction::Open(true)), []);
    assert_eq!((state.is_comparison_due(), state.can_compare()), (false, true));
    assert_eq!(compares(&state.apply(ConventionsAction::Compare)).1.method, "rise");
}
