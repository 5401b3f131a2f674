//! The box around an object.

use convscope_core::explain::BoundingBox;

use super::*;
use crate::{BoxAction, LinkAction};

fn draw(state: &mut State, text: &str) -> Vec<Effect> {
    let drawn: BoundingBox = text.parse().expect("a box");
    state.apply(BoxAction::Draw(drawn))
}

fn drawn(state: &State) -> String {
    state.bounding_box().expect("a box").to_string()
}

#[test]
fn a_box_that_is_drawn_is_asked_about_and_is_that_of_all_methods() {
    let mut state = settled();
    assert_eq!(state.bounding_box(), None, "Grad-CAM asks for none");
    assert_eq!(choose_method(&mut state, "energy_inside"), []);
    assert_eq!(drawn(&state), "0.25,0.25,0.5,0.5");
    let (run, request) = asked(&draw(&mut state, "0.1,0.2,0.3,0.4"));
    let text = |text: &'static str| convscope_core::param::Value::Text(text.into());
    assert_eq!((request.method.as_str(), &request.values["box"]), ("energy_inside", &text("0.1,0.2,0.3,0.4")));
    state.apply(heard(run, done()));
    assert_eq!(draw(&mut state, "0.1,0.2,0.3,0.4"), [], "it is there already");
    choose_method(&mut state, "pointing_game");
    assert_eq!(drawn(&state), "0.1,0.2,0.3,0.4");
    // Typed, it is drawn as well; what is no box is told in the form.
    let typed = |text: &str| ExplanationAction::SetValue("box".into(), text.into());
    asked(&state.apply(typed("0,0,0.5,0.5")));
    assert_eq!(state.apply(typed("0,0,2,2")), []);
    assert_eq!((state.bounding_box(), state.request()), (None, None));
    choose_method(&mut state, "energy_inside");
    assert_eq!(drawn(&state), "0,0,0.5,0.5");
}

#[test]
fn a_map_that_takes_its_time_waits_for_the_button() {
    let mut state = settled();
    choose_method(&mut state, "energy_inside");
    state.apply(ExplanationAction::ChooseMeasured("rise".into()));
    assert_eq!(draw(&mut state, "0.1,0.2,0.3,0.4"), []);
    asked(&state.apply(ExplanationAction::Run));
}

#[test]
fn a_link_carries_the_box() {
    let mut state = settled();
    choose_method(&mut state, "energy_inside");
    draw(&mut state, "0.1,0.2,0.3,0.4");
    let link = state.link().expect("a link");
    let fragment = link.encode();
    assert!(fragment.ends_with("&box=0.1,0.2,0.3,0.4"), "{fragment}");
    let (followed, problem) = Link::parse(&fragment).expect("a link");
    let mut other = settled();
    other.apply(LinkAction::Follow(Box::new(followed), problem));
    assert_eq!((drawn(&other), other.explanation.method.as_str()), ("0.1,0.2,0.3,0.4".into(), "energy_inside"));
}

#[test]
fn the_map_that_is_measured_lies_under_the_box() {
    let mut state = settled();
    choose_method(&mut state, "energy_inside");
    assert!(state.layered().overlay.is_some(), "Grad-CAM has been made");
    state.apply(ExplanationAction::ChooseMeasured("rise".into()));
    assert!(state.layered().overlay.is_none(), "RISE has not");
    state.apply(ExplanationAction::ChooseMeasured("grad_cam".into()));
    state.apply(ExplanationAction::ChooseClass(0));
    assert!(state.layered().overlay.is_none(), "nor has Grad-CAM of that class");
}
