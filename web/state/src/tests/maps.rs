//! Maps on the page: fused ones, and how their conventions paint them.

use convscope_core::explain::{Blank, Convention};
use convscope_core::render::{Blend, Colormap};

use super::methods::command;
use super::*;

#[test]
fn all_layers_in_one_map_are_another_request() {
    let mut state = settled();
    assert_eq!(state.fused_layers().iter().map(|fusion| fusion.name()).next(), Some("fused"));
    let (run, request) = asked(&state.apply(ExplanationAction::ChooseLayer("fused_mean".into())));
    assert_eq!((&request.layers, request.target.clone()), (&Layers::parse("fused_mean"), Some(1.into())));
    state.apply(heard(run, map("fused_mean")));
    state.apply(heard(run, done()));
    let shown = state.explanation.current().map(|shown| shown.map.layer.clone());
    assert_eq!((shown.as_deref(), state.link().and_then(|link| link.layer)), (Some("fused_mean"), shown.clone()));
    // A measured map can be one, a sheet of feature maps cannot.
    assert_eq!(choose_method(&mut state, "deletion"), []);
    let (_, request) = asked(&state.apply(ExplanationAction::Run));
    assert_eq!(request.map.map(|map| map.layers), Some(Layers::parse("fused_mean")));
    choose_method(&mut state, "grad_cam");
    // Back to a layer, whose maps are made together.
    let (_, request) = asked(&state.apply(ExplanationAction::ChooseLayer("conv1".into())));
    assert_eq!(request.layers, Layers::All);
    state.apply(ExplanationAction::ChooseLayer("fused".into()));
    command(&mut state, "activations");
    assert_eq!((state.explanation.layer.as_deref(), state.fused_layers().len()), (Some("conv2"), 0));
}

#[test]
fn a_map_is_painted_as_its_convention_shows_it() {
    let values = |values: [f32; 2]| Plane::new(2, 1, values.to_vec());
    let map = AttributionMap {
        layer: "conv2".into(),
        normalised: values([1.0, 0.0]),
        signed: values([2.0, -4.0]),
        raw_maximum: 2.0,
        blank: None,
        image: None,
        diagnoses: vec![],
    };
    let seen = |convention: &str, map: &AttributionMap| {
        let mut state = settled();
        let (run, _) = if convention == "paper" {
            asked(&state.apply(ExplanationAction::ChooseClass(0)))
        } else {
            asked(&state.apply(ExplanationAction::ChooseConvention(convention.into())))
        };
        state.apply(heard(run, Event::Artifact(Artifact::Map(map.clone()))));
        state
    };
    let painted = |convention: &str, map: &AttributionMap| {
        let overlay = seen(convention, map).layered().overlay;
        overlay.map(|overlay| (overlay.numbers.plane().into_owned(), overlay.paint))
    };
    let heat = Paint::Heat(Colormap::default());
    // The notebook's differs in numbers, which the engine makes; they are finished as the paper's are.
    for convention in ["paper", "keras_notebook"] {
        assert_eq!(painted(convention, &map), Some((map.normalised.clone(), heat)));
    }
    // Colours that the notebook adds are added everywhere, whatever is chosen for the other conventions.
    let blended = |convention: &str| {
        let mut state = seen(convention, &map);
        let usual = state.layered().blend;
        state.apply(ExplanationAction::ChooseBlend(Blend::Plain));
        [usual, state.layered().blend]
    };
    assert_eq!(blended("paper"), [Blend::ByValue, Blend::Plain]);
    assert_eq!(blended("keras_notebook"), [Blend::Plain, Blend::Plain]);
    let shown = |convention: Convention| convention.show(&map, [224, 112]);
    assert_eq!(painted("torch_cam", &map), Some((shown(Convention::TORCH_CAM), heat)));
    assert_eq!(painted("captum", &map), Some((shown(Convention::CAPTUM), Paint::Signed)));
    assert_eq!((shown(Convention::CAPTUM).max(), shown(Convention::CAPTUM).min()), (0.5, -1.0));
    // All against the class: nothing to see but where it is left in.
    let against = AttributionMap { blank: Some(Blank::AllNegative), normalised: values([0.0; 2]), ..map.clone() };
    assert_eq!(painted("torch_cam", &against), None);
    assert!(painted("captum", &against).is_some());
}

#[test]
fn a_map_that_is_seen_with_its_sign_is_not_blank() {
    let values = |values: [f32; 2]| Plane::new(2, 1, values.to_vec());
    let against = |layer: &str| AttributionMap {
        layer: layer.into(),
        normalised: values([0.0; 2]),
        signed: values([-2.0, -4.0]),
        raw_maximum: -2.0,
        blank: Some(Blank::AllNegative),
        image: None,
        diagnoses: vec![],
    };
    let shown = |blank: Blank, convention: &str| {
        let mut state = settled();
        let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
        state.apply(heard(run, done()));
        let mut map = against("conv2");
        if blank != Blank::AllNegative {
            map = AttributionMap { signed: values([0.0; 2]), blank: Some(blank), ..map };
        }
        let run = match convention {
            "paper" => asked(&state.apply(ExplanationAction::Run)).0,
            other => asked(&state.apply(ExplanationAction::ChooseConvention(other.into()))).0,
        };
        state.apply(heard(run, Event::Artifact(Artifact::Map(map))));
        state
    };
    let told = |state: &State| {
        let map = &state.explanation.current().expect("a map").map;
        (state.blank(), state.shows_signs(), state.thumbnail(map).map(|overlay| overlay.paint))
    };
    let mut state = shown(Blank::AllNegative, "paper");
    assert_eq!(told(&state), (Some(Blank::AllNegative), false, None));
    state.apply(ExplanationAction::ChooseSigned(true));
    assert_eq!(told(&state), (None, true, Some(Paint::Signed)));
    // A convention that leaves in what speaks against the class shows it without being asked.
    assert_eq!(told(&shown(Blank::AllNegative, "captum")), (None, true, Some(Paint::Signed)));
    // Zero everywhere is blank in any way of drawing.
    let mut state = shown(Blank::DeadLayer, "paper");
    state.apply(ExplanationAction::ChooseSigned(true));
    assert_eq!(told(&state), (Some(Blank::DeadLayer), false, None));
    let mut state = settled();
    state.apply(ExplanationAction::ChooseSigned(false));
    assert_eq!(told(&state), (None, false, Some(Paint::Heat(Colormap::default()))));
}
