//! Explanations kept to compare with.

use super::*;

#[test]
fn an_explanation_is_kept_while_everything_else_changes() {
    let mut state = settled();
    state.apply(ComparisonAction::Keep);
    let kept = state.comparison.kept.clone().expect("what is seen");
    let name = |view: &View| view.explained.as_ref().map(|explained| explained.name(str::to_owned));
    assert_eq!((name(&kept).as_deref(), kept.map.layer.as_str()), (Some("class 1"), "conv2"));
    // While the map of another class is on its way, there is nothing to compare with.
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    assert_eq!(state.view(), None);
    state.apply(heard(run, map("conv2")));
    let view = state.view().expect("the other class");
    assert_eq!((name(&view).as_deref(), view.same_units(&kept)), (Some("class 0"), true));
    // Another method has other units, and one that gives no maps is not compared.
    let (run, _) = asked(&choose_method(&mut state, "gradient"));
    state.apply(heard(run, map("input")));
    assert_eq!(state.view().map(|view| view.same_units(&kept)), Some(false));
    choose_method(&mut state, "activations");
    assert_eq!((state.comparison.kept.as_ref(), state.compared()), (Some(&kept), None));
    state.apply(ComparisonAction::Keep);
    assert_eq!(state.comparison.kept, None);
}
