//! Grids of which an axis is models, or the packings of one.

use super::*;
use crate::{Axis, GridAction, Gridded, Packed};

fn gridded(state: &State) -> Gridded {
    state.gridded().expect("a grid")
}

/// The model that is asked beside, with the ticket.
fn asked_of(effects: &[Effect]) -> (Ticket, Option<String>) {
    match sent(effects) {
        (ticket, Command::Aside { model, .. }) => (ticket, model.clone()),
        other => panic!("nothing beside: {other:?}"),
    }
}

/// Two classes against two models.
fn of_models() -> State {
    let mut state = settled();
    state.apply(GridAction::Open(true));
    assert!(
        sent(&state.apply(GridAction::ChooseAxis(1, Axis::Model))).1 == &Command::Stop,
        "nothing is loaded unasked"
    );
    state
}

fn end(state: &mut State, ticket: Ticket) -> Vec<Effect> {
    for event in [looked(&[0, 1]), map("conv2")] {
        assert_eq!(state.apply(heard(ticket, event)), []);
    }
    state.apply(heard(ticket, done()))
}

#[test]
fn models_are_loaded_when_a_person_asks_one_after_the_other() {
    let mut state = of_models();
    let Gridded { values, waits, loads, offered, .. } = gridded(&state);
    assert_eq!((values[1].clone(), waits, loads), (vec!["small".into(), "large".into()], true, (1, 10)));
    assert!(offered.contains(&Axis::Codec), "as long as nobody knows better");
    assert!(!state.is_aside_due());
    // All of one model before any of the next.
    let (mut ticket, mut models) = (0, vec![]);
    let mut effects = state.apply(GridAction::Make);
    for _ in 0..4 {
        let (next, model) = asked_of(&effects);
        (ticket, effects) = (next, end(&mut state, next));
        models.push(model);
    }
    assert_eq!(models, [None, None, Some("large".into()), Some("large".into())]);
    assert_eq!((effects, gridded(&state).missing, gridded(&state).loads), (vec![], 0, (0, 0)));
    assert_eq!(state.model.ready.as_ref().map(|ready| ready.id.as_str()), Some("small"), "it is seen as before");
    let cells = gridded(&state).cells;
    assert!(cells.iter().all(|cell| cell.map.is_some() && cell.layer.is_none()));
    assert_eq!(cells[1].first.as_ref().map(|(_, same)| *same), Some(false), "two models have no scale in common");
    assert!(state.apply(heard(ticket, done())).is_empty());
}

#[test]
fn loading_is_said_and_can_be_stopped() {
    let mut state = of_models();
    let mut effects = state.apply(GridAction::Make);
    for _ in 0..2 {
        let (ticket, _) = asked_of(&effects);
        effects = end(&mut state, ticket);
    }
    let (ticket, model) = asked_of(&effects);
    assert_eq!(model.as_deref(), Some("large"));
    state.apply(heard(ticket, Event::Loading { done: 3, total: 10 }));
    assert_eq!(gridded(&state).loading, Some(("large".into(), 3, 10)));
    assert_eq!(sent(&state.apply(GridAction::Stop)).1, &Command::Stop);
    let Gridded { loading, waits, missing, .. } = gridded(&state);
    assert_eq!((loading, waits, missing), (None, true, 2), "what has come stays");
    // A layer of its own is said.
    let (ticket, _) = asked_of(&state.apply(GridAction::Make));
    state.apply(heard(ticket, map("fire9")));
    assert_eq!(gridded(&state).cells[1].layer.as_deref(), Some("fire9"));
    state.apply(heard(ticket, Event::Failed(Fault::plain("test", "offline"))));
    assert_eq!(gridded(&state).cells[1].failed, Some(Text::Engine(Fault::plain("test", "offline"))));
}

#[test]
fn a_link_to_models_loads_none_by_itself() {
    let state = of_models();
    let link = state.link().expect("a link");
    assert!(link.encode().contains("grid_columns=model"), "{}", link.encode());
    let mut state = settled();
    let link = Link { hash: None, ..link };
    assert_eq!(state.apply(LinkAction::Follow(link.into(), None)), []);
    assert!(gridded(&state).waits && !state.is_aside_due());
    assert_eq!(asked_of(&state.apply(GridAction::Make)).1, None);
}

#[test]
fn packings_of_the_model_are_told_apart_by_how_they_are_stored() {
    let mut state = settled();
    state.apply(GridAction::Open(true));
    let effects = state.apply(GridAction::ChooseAxis(1, Axis::Codec));
    assert!(effects.contains(&Effect::Describe(vec!["small".into(), "large".into()])), "{effects:?}");
    assert!(gridded(&state).values[1].is_empty());
    let packed = |id: &str, network: &str, stored: &str| Packed {
        id: id.into(),
        network: network.into(),
        stored: stored.into(),
    };
    let list = vec![packed("small", "net", "int8"), packed("large", "net", "f32"), packed("third", "other", "int4")];
    assert_eq!(state.apply(ModelAction::Described(list)), []);
    let Gridded { values, waits, .. } = gridded(&state);
    assert_eq!((values[1].clone(), waits), (vec!["int8".into(), "f32".into()], true));
    let models =
        |state: &State| state.grid_asides().into_iter().map(|aside| aside.map(|one| one.model)).collect::<Vec<_>>();
    let large = Some(Some("large".to_owned()));
    assert_eq!(models(&state), [Some(None), large.clone(), Some(None), large.clone()]);
    // Against models: each in its own packing, where there is one.
    state.apply(GridAction::ChooseAxis(0, Axis::Model));
    assert_eq!(gridded(&state).values[1], ["int8", "f32", "int4"]);
    assert_eq!(models(&state)[..3], [Some(None), large, None]);
}

#[test]
fn another_axis_that_loads_more_waits_for_a_person_again() {
    let mut state = of_models();
    let mut effects = state.apply(GridAction::Make);
    for _ in 0..4 {
        let (ticket, _) = asked_of(&effects);
        effects = end(&mut state, ticket);
    }
    // The same models, otherwise laid out: nothing new is loaded.
    state.apply(GridAction::ChooseAxis(0, Axis::Layer));
    assert!(!gridded(&state).waits);
    state.model.list = vec![entry("small"), entry("large"), entry("third")].into();
    assert!(gridded(&state).values[1].contains(&"third".to_owned()) && gridded(&state).waits && !state.is_aside_due());
}
