//! Views beside the stage in links.

use super::links::follow;
use super::*;
use crate::{BesideView, ConventionsAction, DrillAction, FidelityAction, point};

fn fragment(state: &State) -> String {
    state.link().expect("a link").encode()
}

#[test]
fn a_link_opens_what_was_open() {
    for (action, view) in [
        (Action::from(ConventionsAction::Open(true)), BesideView::Conventions),
        (FidelityAction::Open(true).into(), BesideView::Fidelity),
    ] {
        let mut made = settled();
        assert!(!fragment(&made).contains("view="));
        made.apply(action);
        let said = fragment(&made);
        assert!(said.contains(&format!("view={}", view.name())), "{said}");
        let mut state = settled();
        assert_eq!(follow(&mut state, &said), [], "nothing is begun by following it");
        assert_eq!(state.link().and_then(|link| link.view), Some(view));
        // Without it, as after a step back, it is closed.
        follow(&mut state, &fragment(&settled()));
        assert_eq!(state.link().and_then(|link| link.view), None);
    }
    let (link, problem) = Link::parse("view=garden&class=1").expect("a link");
    assert_eq!((link.view, problem.is_some()), (None, true));
}

#[test]
fn conventions_are_compared_unasked_where_that_takes_a_moment() {
    let mut state = settled();
    // Three passes for each of them, in two seconds.
    let most = 2.0 / (3.0 * state.card().map_or(0, |card| card.conventions.len()) as f64);
    state.image.quickest = Some(0.99 * most);
    follow(&mut state, "view=conventions");
    assert!(state.is_comparison_due() && state.conventions.open);
    let mut state = settled();
    state.image.quickest = Some(1.01 * most);
    follow(&mut state, "view=conventions");
    assert!(state.comparison_waits() && !state.is_comparison_due(), "a button says so");
    assert!(matches!(sent(&state.apply(ConventionsAction::Compare)).1, Command::CompareConventions(_)));
    assert!(!state.comparison_waits(), "from now on it follows");
}

#[test]
fn packings_are_never_loaded_unasked() {
    let mut state = settled();
    state.image.quickest = Some(0.001);
    follow(&mut state, "view=fidelity");
    assert_eq!(state.fidelity().map(|(_, stale)| stale), Some(true), "a button says so");
    assert!(matches!(sent(&state.apply(FidelityAction::Compare)).1, Command::ComparePackings { .. }));
}

#[test]
fn one_view_is_open_and_what_is_looked_into_comes_first() {
    let mut state = settled();
    state.apply(FidelityAction::Open(true));
    let effects = follow(&mut state, "view=conventions");
    assert_eq!(sent(&effects).1, &Command::Stop, "what nobody looks at stops");
    assert!(state.conventions.open && !state.fidelity.open);
    follow(&mut state, "view=conventions&drill=0.5,0.5,0,0");
    assert!(state.drilled().is_some() && !state.conventions.open);
    state.apply(DrillAction::Look(point((0.1, 0.1))));
    choose_method(&mut state, "activations");
    follow(&mut state, "method=activations&view=fidelity");
    assert!(state.fidelity().is_none(), "it has no such maps");
}
