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

/// A map of two places, of which the first is brightest, with that number.
fn bright(layer: &str, largest: f32) -> Event {
    let Event::Artifact(Artifact::Map(map)) = map(layer) else { panic!("a map") };
    let plane = |values: [f32; 2]| Plane::new(2, 1, values.into());
    let (normalised, signed) = (plane([1.0, 0.0]), plane([largest, 0.0]));
    Event::Artifact(Artifact::Map(AttributionMap { normalised, signed, raw_maximum: largest, ..map }))
}

/// A page on which the map of class 1 at `conv2`, of 4 at most, is kept.
fn keeping() -> State {
    let mut state = settled();
    let (run, _) = asked(&state.apply(ExplanationAction::Run));
    state.apply(heard(run, bright("conv1", 400.0)));
    state.apply(heard(run, bright("conv2", 4.0)));
    state.apply(heard(run, done()));
    state.apply(ComparisonAction::Keep);
    state
}

/// Another class, whose map at `conv2` has that largest number.
fn other_class(state: &mut State, largest: f32) {
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    state.apply(heard(run, bright("conv2", largest)));
    state.apply(heard(run, done()));
}

/// Whether the two are on one scale, and the largest numbers on it.
fn scales(state: &State) -> (Option<bool>, [f32; 2]) {
    let compared = state.compared().expect("two maps");
    (compared.shared, compared.planes.each_ref().map(|plane| plane.max()))
}

#[test]
fn one_scale_is_offered_where_it_has_a_meaning() {
    let mut state = keeping();
    other_class(&mut state, 1.0);
    let Scene::Layered(images) = state.scene() else { panic!("three images") };
    assert_eq!(images.iter().filter(|image| image.overlay.is_some()).count(), 3, "a picture of it has the difference");
    assert_eq!(scales(&state), (Some(true), [1.0, 0.25]), "two classes at one layer");
    state.apply(ComparisonAction::ShareScale(false));
    assert_eq!(scales(&state), (Some(false), [1.0, 1.0]));
    // Another layer's numbers are of another size, whatever was chosen before.
    let mut state = keeping();
    state.apply(ComparisonAction::ShareScale(true));
    state.apply(ExplanationAction::ChooseLayer("conv1".into()));
    assert_eq!(scales(&state), (None, [1.0, 1.0]));
    // Another method's too, and another model's.
    let (run, _) = asked(&choose_method(&mut state, "gradient"));
    state.apply(heard(run, bright("input", 0.001)));
    assert_eq!(scales(&state), (None, [1.0, 1.0]));
    let mut state = keeping();
    let (open, _) = sent(&state.apply(ModelAction::Choose("large".into())));
    let (look, _) = sent(&state.apply(heard(open, model("large", &["zero", "one"]))));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))));
    state.apply(heard(run, bright("conv2", 0.001)));
    assert_eq!(scales(&state), (None, [1.0, 1.0]));
}

#[test]
fn two_images_share_a_scale_when_a_person_wants_it() {
    let mut state = keeping();
    let (look, _) = sent(&give(&mut state, "dog.jpg"));
    let effects = state.apply(heard(look, looked(&[1, 0])));
    let (run, _) = asked(&effects);
    state.apply(heard(run, bright("conv2", 1.0)));
    assert_eq!(scales(&state), (Some(false), [1.0, 1.0]));
    state.apply(ComparisonAction::ShareScale(true));
    assert_eq!(scales(&state), (Some(true), [1.0, 0.25]));
}

#[test]
fn a_map_that_vanishes_on_one_scale_is_said_to() {
    let vanishes = |state: &State| state.compared().expect("two maps").vanishes;
    let mut state = keeping();
    other_class(&mut state, 0.25);
    assert_eq!(vanishes(&state), None, "faint, and seen");
    let mut state = keeping();
    other_class(&mut state, 0.125);
    assert_eq!(vanishes(&state), Some((1, 0.03125)));
    state.apply(ComparisonAction::ShareScale(false));
    assert_eq!(vanishes(&state), None);
    let mut state = keeping();
    other_class(&mut state, 400.0);
    assert_eq!(vanishes(&state), Some((0, 0.01)), "the kept one");
}
