//! The model in other packings of its weights.

use convscope_core::explain::{Agreement, InPacking};

use super::*;
use crate::{ConventionsAction, DrillAction, FidelityAction, FidelityState, GridAction, point};

fn asked_of(effects: &[Effect]) -> (Ticket, Request, String, Vec<String>) {
    match sent(effects) {
        (ticket, Command::ComparePackings { request, layer, models }) => {
            (ticket, request.clone(), layer.clone(), models.clone())
        }
        other => panic!("no packings: {other:?}"),
    }
}

fn open(state: &mut State) -> Ticket {
    asked_of(&state.apply(FidelityAction::Open(true))).0
}

fn packings() -> Event {
    let agreement = Agreement { same_class: Some(true), shared_classes: 5, layers: vec![] };
    let one = |stored: &str, agreement| InPacking {
        id: stored.into(),
        stored: stored.into(),
        bytes: 1,
        classes: vec![],
        map: None,
        agreement,
    };
    Event::Packings(vec![one("f32", None), one("int8", Some(agreement))])
}

fn seen(state: &State) -> (FidelityState, bool) {
    state.fidelity().expect("it is open")
}

#[test]
fn all_other_models_are_asked_for_the_maps_of_all_layers() {
    let mut state = settled();
    assert!(state.has_fidelity() && state.fidelity().is_none());
    let (ticket, request, layer, models) = asked_of(&state.apply(FidelityAction::Open(true)));
    let class = Class { index: 1, name: "crane".into(), probability: None, logit: 0.0 };
    assert_eq!((request.layers, layer.as_str(), models), (Layers::All, "conv2", vec!["large".to_owned()]));
    assert_eq!((request.method.as_str(), request.target), ("grad_cam", Some(1.into())));
    assert!(!state.is_trust_due() && !state.is_aside_due(), "nobody waits for it, nor does it for them");
    state.apply(heard(ticket, Event::Loading { done: 1, total: 10 }));
    state.apply(heard(ticket, Event::Progress { done: 1, total: 2 }));
    assert_eq!((seen(&state).0.loading, seen(&state).0.progress), (Some((1, 10)), Some((1, 2))));
    state.apply(heard(ticket, Event::Loading { done: 10, total: 10 }));
    let Event::Packings(mut both) = packings() else { panic!("packings") };
    both[1].classes.push(class);
    state.apply(heard(ticket, Event::Packings(both)));
    assert_eq!(state.apply(heard(ticket, done())), []);
    assert_eq!(seen(&state).0.packings[1].classes[0].name, "class 1", "as the list of classes calls it");
    let (fidelity, stale) = seen(&state);
    assert_eq!((fidelity.packings.len(), fidelity.progress, fidelity.loading, stale), (2, None, None, false));
    assert!(state.is_trust_due(), "now it is measured again");
}

#[test]
fn it_gives_way_and_is_begun_again_by_a_person() {
    let mut state = settled();
    let ticket = open(&mut state);
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    state.apply(heard(ticket, packings()));
    assert_eq!((seen(&state).0.packings.len(), seen(&state).1), (0, true), "what was overtaken is not heard");
    assert_eq!(state.apply(FidelityAction::Compare), [], "while something runs");
    state.apply(heard(run, done()));
    let (ticket, request, ..) = asked_of(&state.apply(FidelityAction::Compare));
    assert_eq!(request.target, Some(0.into()));
    // A failure is said in the view, and what is seen stays.
    state.apply(heard(ticket, Event::Failed(Fault::plain("test", "offline"))));
    let (fidelity, stale) = seen(&state);
    assert_eq!((fidelity.failed, stale), (Some(Text::Engine(Fault::plain("test", "offline"))), false));
    assert_eq!(state.notice.message, None);
    let ticket = asked_of(&state.apply(FidelityAction::Compare)).0;
    state.apply(heard(ticket, packings()));
    state.apply(heard(ticket, done()));
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(1)));
    state.apply(heard(run, done()));
    assert_eq!((seen(&state).0.packings.len(), seen(&state).1), (2, true), "it stays, as that of another class");
    // A worker that dies of it does not begin it again.
    open(&mut state);
    state.apply(crashed("memory"));
    assert!(state.fidelity().is_none());
}

#[test]
fn one_thing_stands_beside_the_stage() {
    let mut state = settled();
    state.apply(DrillAction::Look(point((0.5, 0.2))));
    open(&mut state);
    assert!(state.drilled().is_none() && state.fidelity().is_some());
    state.apply(ConventionsAction::Open(true));
    assert!(state.conventions.open && state.fidelity().is_none());
    open(&mut state);
    assert!(!state.conventions.open);
    let effects = state.apply(GridAction::Open(true));
    assert!(
        matches!(effects[..], [Effect::Send(_, Command::Stop), Effect::Send(_, Command::Aside { .. })]),
        "{effects:?}"
    );
    assert!(state.fidelity().is_none() && state.gridded().is_some());
    open(&mut state);
    assert!(state.gridded().is_none());
    assert!(matches!(sent(&state.apply(FidelityAction::Open(false))).1, Command::Stop));
    // Another model is another comparison.
    open(&mut state);
    let (opening, _) = sent(&state.apply(ModelAction::Choose("large".into())));
    state.apply(heard(opening, model("large", &["a", "b"])));
    assert_eq!(state.fidelity, FidelityState::default());
    choose_method(&mut state, "activations");
    assert!(!state.has_fidelity());
}
