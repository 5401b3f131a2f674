//! Comparisons in links.

use super::links::{follow, said};
use super::*;

/// A page that compares class 0 with class 1, which it keeps, and the link to that.
fn comparing() -> (State, String) {
    let mut state = settled();
    state.apply(ComparisonAction::Keep);
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    answer(&mut state, run);
    state.apply(ComparisonAction::ShareScale(false));
    let fragment = state.link().expect("a view").encode();
    assert!(fragment.contains("class=0&") && fragment.contains("&beside=model%3Dsmall%26"), "{fragment}");
    (state, fragment.replace("hash=small&", "").replace("hash%3Dsmall%26", ""))
}

/// Maps of both layers.
fn answer(state: &mut State, run: Ticket) -> Vec<Effect> {
    for layer in ["conv1", "conv2"] {
        state.apply(heard(run, map(layer)));
    }
    state.apply(heard(run, done()))
}

/// The classes of the two that are compared.
fn classes(state: &State) -> Option<[Option<usize>; 2]> {
    let class = |view: &View| view.request.target.as_ref().and_then(|target| target.single());
    let compared = state.compared()?;
    Some([class(&compared.kept), compared.now.as_deref().and_then(class)])
}

#[test]
fn a_link_restores_a_comparison() {
    let (made, fragment) = comparing();
    let mut state = settled();
    // What is kept is seen already, and kept at once.
    let (run, request) = asked(&follow(&mut state, &fragment));
    assert_eq!((request.target, classes(&state)), (Some(0.into()), Some([Some(1), None])));
    answer(&mut state, run);
    assert_eq!((classes(&state), classes(&made)), (Some([Some(1), Some(0)]), Some([Some(1), Some(0)])));
    assert_eq!(state.link().map(|link| link.encode().replace("hash=small&", "")), Some(fragment.clone()));
    // On a page that is loaded, one after the other.
    let (mut state, _) = State::new(None, Choice::Auto);
    follow(&mut state, &fragment);
    let (open, _) = sent(&state.apply(ModelAction::Listed(Ok(vec![entry("small")]))));
    state.apply(super::said(WorkerMessage::Listening));
    assert_eq!(state.apply(heard(open, model("small", &["zero", "one"]))), [Effect::GetNamed("cat".into())]);
    let (look, _) = sent(&state.apply(LinkAction::Example(Ok(example("cat")))));
    let (run, request) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    assert_eq!((request.target, state.link()), (Some(1.into()), None));
    let (run, request) = asked(&answer(&mut state, run));
    assert_eq!((request.target, classes(&state)), (Some(0.into()), Some([Some(1), None])));
    answer(&mut state, run);
    assert_eq!((classes(&state), said(&state).len()), (Some([Some(1), Some(0)]), 0));
    assert_eq!(state.link().map(|link| link.encode().replace("hash=small&", "")), Some(fragment));
}

#[test]
fn a_link_without_a_comparison_ends_one() {
    let (mut state, fragment) = comparing();
    let (run, _) = asked(&follow(&mut state, "class=1"));
    assert_eq!((classes(&state), state.comparison.shared_scale), (None, None));
    // Back before its map has come: what is kept is the same, and waited for.
    assert_eq!((follow(&mut state, &fragment), classes(&state)), (vec![], None));
    assert_eq!(asked(&answer(&mut state, run)).1.target, Some(0.into()));
    // A step to another class of the same comparison keeps it.
    let (mut state, fragment) = comparing();
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(1)));
    answer(&mut state, run);
    let kept = state.comparison.kept.clone();
    assert_eq!(asked(&follow(&mut state, &fragment)).1.target, Some(0.into()));
    assert!(kept.is_some() && state.comparison.kept == kept);
}

#[test]
fn whoever_chooses_does_not_wait_for_the_rest_of_a_link() {
    let (_, fragment) = comparing();
    let mut state = settled();
    state.apply(ExplanationAction::ChooseClass(0));
    let (run, _) = asked(&follow(&mut state, &fragment));
    assert_eq!(state.link(), None);
    state.apply(ExplanationAction::ChooseLayer("conv1".into()));
    assert_eq!((answer(&mut state, run), classes(&state)), (vec![], None));
    assert!(state.link().is_some());
}

#[test]
fn what_takes_long_or_is_of_another_model_is_not_kept_by_a_link() {
    let mut state = settled();
    let kept = "beside=model%3Dsmall%26method%3Drise%26class%3D1%26picture%3Dexample-cat";
    let (_, request) =
        asked(&follow(&mut state, &format!("model=small&class=0&picture=example-cat&method=grad_cam&{kept}")));
    assert_eq!((request.method.as_str(), request.target, classes(&state)), ("grad_cam", Some(0.into()), None));
    let (mut state, fragment) = comparing();
    let (open, _) = sent(&state.apply(ModelAction::Choose("large".into())));
    let (look, _) = sent(&state.apply(heard(open, model("large", &["zero", "one"]))));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    answer(&mut state, run);
    assert!(state.compared().is_some() && fragment.contains("beside"));
    assert!(!state.link().expect("a view").encode().contains("beside"));
}
