//! The strip of layers: a look at a map in passing, and what its numbers are about.

use convscope_core::explain::{BoundingBox, Glance};

use super::*;
use crate::{BoxAction, DrillAction, Numbers};

fn preview(state: &mut State, layer: Option<&str>) {
    assert_eq!(state.apply(ExplanationAction::Preview(layer.map(Into::into))), []);
}

/// The layer whose map lies over the image.
fn staged(state: &State) -> String {
    match state.staged().overlay.map(|overlay| overlay.numbers) {
        Some(Numbers::Rectified(map)) => map.layer.clone(),
        other => panic!("no map: {other:?}"),
    }
}

#[test]
fn a_look_in_passing_chooses_nothing() {
    let mut state = settled();
    let before = state.clone();
    preview(&mut state, Some("conv1"));
    assert_eq!((staged(&state).as_str(), state.explanation.layer.as_deref()), ("conv1", Some("conv2")));
    assert_eq!(state.previewed().map(|shown| shown.map.layer.as_str()), Some("conv1"));
    assert_eq!(state.layered(), before.layered(), "what is saved is what was chosen");
    assert_eq!((state.link(), state.is_trust_due()), (before.link(), before.is_trust_due()));
    preview(&mut state, None);
    assert_eq!((staged(&state).as_str(), &state), ("conv2", &before));
    // The chosen one, and one without a map, are no other.
    for layer in ["conv2", "pool1"] {
        preview(&mut state, Some(layer));
        assert!(state.previewed().is_none() && staged(&state) == "conv2");
    }
    preview(&mut state, Some("conv1"));
    state.apply(ExplanationAction::ChooseLayer("conv1".into()));
    assert!(state.previewed().is_none() && staged(&state) == "conv1");
}

#[test]
fn maps_are_compared_with_the_last_of_the_same_request() {
    let mut state = settled();
    let last = |state: &State, layer: &str| {
        let shown = state.explanation.results.map(layer).expect("a map").clone();
        state.last_beside(&shown).map(|map| map.layer.clone())
    };
    assert_eq!(last(&state, "conv1").as_deref(), Some("conv2"));
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    state.apply(heard(run, map("conv1")));
    assert_eq!(last(&state, "conv1"), None, "the last one is still another class's");
    state.apply(heard(run, map("conv2")));
    assert_eq!(last(&state, "conv1").as_deref(), Some("conv2"));
}

#[test]
fn the_share_in_a_box_is_of_the_box_that_was_drawn() {
    let mut state = settled();
    assert_eq!(state.drawn_edges(), None);
    // The network sees the middle half of the image.
    let drawn: BoundingBox = "0.25,0,0.25,0.5".parse().expect("a box");
    state.apply(BoxAction::Draw(drawn));
    assert_eq!(state.drawn_edges(), Some([0.0, 0.0, 0.5, 0.5]));
    let shown = state.explanation.results.map("conv1").expect("a map");
    let glance = Glance::of(&shown.map, state.last_beside(shown).map(|map| &**map), state.drawn_edges());
    assert_eq!(glance.and_then(|glance| glance.inside), Some(0.25), "a quarter of its one cell");
    state.apply(DrillAction::Look("0.25,0,0.5,1".parse().expect("a box")));
    assert_eq!(state.drawn_edges(), Some([0.0, 0.0, 1.0, 1.0]), "the one that is looked into");
}
