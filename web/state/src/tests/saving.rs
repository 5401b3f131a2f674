//! What can be saved, and when.

use convscope_core::protocol::{Drawing, Form, Measure, Panel};
use convscope_core::render::Colormap;

use super::*;

fn downloaded(effects: &[Effect]) -> (&str, &[u8]) {
    match effects {
        [Effect::Download { name, bytes }] => (name, bytes),
        other => panic!("not one file: {other:?}"),
    }
}

#[test]
fn what_is_seen_can_be_saved_and_stays() {
    let mut state = settled();
    let before = state.explanation.shown.clone();
    let effects = state.apply(ExportAction::Save(Saving::Layers));
    let (ticket, command) = sent(&effects);
    assert!(
        matches!(command, Command::Save(save) if save.picture == "cat" && save.file == [9] && save.form == Form::Zip)
    );
    assert_eq!((state.worker.busy(), &state.explanation.shown), (Busy::Explaining, &before));
    // One at a time.
    assert_eq!(state.apply(ExportAction::Save(Saving::Manifest)), []);
    let event = Event::Saved { name: "cat.zip".into(), bytes: vec![1, 2] };
    assert_eq!(downloaded(&state.apply(heard(ticket, event))), ("cat.zip", [1, 2].as_slice()));
    assert_eq!((state.worker.busy(), state.explanation.seconds.is_some()), (Busy::No, true));
    assert!(
        matches!(sent(&state.apply(ExportAction::Save(Saving::Manifest))).1, Command::Save(save) if save.form == Form::Manifest)
    );
}

#[test]
fn a_map_is_saved_with_its_sign_where_it_is_seen_with_it() {
    let mut state = settled();
    let effects = state.apply(ExportAction::Save(Saving::Array));
    let (name, bytes) = downloaded(&effects);
    assert_eq!(name, "cat.grad_cam.conv2.1.npy");
    assert!(bytes.starts_with(b"\x93NUMPY") && bytes.ends_with(&1_f32.to_le_bytes()));
    state.apply(ExplanationAction::ChooseSigned(true));
    assert_eq!(downloaded(&state.apply(ExportAction::Save(Saving::Array))).0, "cat.grad_cam_signed.conv2.1.npy");
    let picture = ExportAction::Save(Saving::Picture);
    assert_eq!(
        state.apply(picture),
        [Effect::SavePicture { name: "cat.grad_cam_signed.conv2.1.png".into(), caption: true }]
    );
}

#[test]
fn nothing_is_saved_that_is_not_whole() {
    let (mut state, _) = State::new(None, Choice::Auto);
    for saving in [Saving::Picture, Saving::Array, Saving::Layers, Saving::Manifest] {
        assert!(!state.can_save(saving));
        assert_eq!(state.apply(ExportAction::Save(saving)), []);
    }
    let mut state = settled();
    sent(&state.apply(ExplanationAction::ChooseClass(0)));
    assert!(!state.can_save(Saving::Layers) && !state.can_save(Saving::Picture));
    // A failure says why, and the maps of before can be saved again.
    let mut state = settled();
    let (ticket, _) = sent(&state.apply(ExportAction::Save(Saving::Layers)));
    state.apply(heard(ticket, Event::Failed { message: "too large".into() }));
    assert!(state.notice.message.is_some() && state.can_save(Saving::Layers));
    // Feature maps have no manifest here.
    state.apply(ExplanationAction::ChooseTechnique(Technique::Filters));
    assert!(!state.can_save(Saving::Layers) && !state.can_save(Saving::Array));
}

/// The name of the picture that would be saved.
fn picture(state: &mut State) -> String {
    match state.apply(ExportAction::Save(Saving::Picture)).as_slice() {
        [Effect::SavePicture { name, .. }] => name.clone(),
        other => panic!("no picture: {other:?}"),
    }
}

fn panel(channel: usize) -> Event {
    let drawing = Drawing { width: 1, height: 1, rgb: vec![0; 3] };
    Event::Panel(Panel { channel, measure: Measure::Sum(1.0), drawing: Some(drawing) })
}

#[test]
fn files_are_named_as_the_command_line_names_the_same_results() {
    let mut state = settled();
    assert_eq!(picture(&mut state), "cat.grad_cam.conv2.1.png");
    state.apply(ComparisonAction::Keep);
    assert_eq!(picture(&mut state), "cat.grad_cam.conv2.1.compared.png");
    let (ask, _) = sent(&state.apply(ExplanationAction::ChooseTechnique(Technique::Deconvnet)));
    state.apply(heard(ask, panel(3)));
    state.apply(heard(ask, Event::Explained { seconds: 0.1 }));
    assert_eq!(picture(&mut state), "cat.deconvnet.conv2.png");
    // Of no image, but of the model.
    state.apply(ExplanationAction::ChooseTechnique(Technique::Filters));
    assert!(!state.can_save(Saving::Picture));
    let (ask, _) = sent(&state.apply(ExplanationAction::Climb));
    state.apply(heard(ask, panel(3)));
    state.apply(heard(ask, Event::Explained { seconds: 0.1 }));
    assert_eq!(picture(&mut state), "small.filters.conv2.png");
    let (ask, _) = sent(&state.apply(ExplanationAction::ChooseTechnique(Technique::Activations)));
    state.apply(heard(ask, techniques::sheet("conv2")));
    assert_eq!(picture(&mut state), "cat.activations.conv2.png");
    let (ask, _) = sent(&state.apply(ExplanationAction::ChooseChannel(Some(1))));
    let plane = Plane::new(1, 1, vec![1.0]);
    state.apply(heard(ask, Event::Channel { layer: "conv2".into(), channel: 1, plane, maximum: 3.0 }));
    assert_eq!(downloaded(&state.apply(ExportAction::Save(Saving::Array))).0, "cat.activations.conv2.1.npy");
    assert_eq!(picture(&mut state), "cat.activations.conv2.1.png");
    // A file without a name before its ending is not saved as a hidden one.
    let (look, _) = sent(&give(&mut state, ".jpg"));
    let (ask, _) = sent(&state.apply(heard(look, looked(&[1, 0]))));
    state.apply(heard(ask, techniques::sheet("conv2")));
    assert_eq!(picture(&mut state), "picture.activations.conv2.png");
}

#[test]
fn a_picture_is_composed_of_what_is_seen() {
    let mut state = settled();
    let Scene::Layered(images) = state.scene() else { panic!("the image with its map") };
    let Layered { size, region, overlay, opacity, .. } = &images[0];
    assert_eq!((images.len(), *size, region.x, region.width, *opacity), (1, (4, 2), 1.0, 2.0, 0.6));
    let overlay = overlay.as_ref().expect("the map");
    assert_eq!(
        (overlay.numbers.plane().values.as_slice(), overlay.paint),
        ([1.0].as_slice(), Paint::Heat(Colormap::default()))
    );
    state.apply(ExplanationAction::ChooseSigned(true));
    assert_eq!(state.layered().overlay.map(|overlay| overlay.paint), Some(Paint::Signed));
    // Beside the one that was kept, and what differs, of which there is nothing yet.
    state.apply(ComparisonAction::Keep);
    let (ask, _) = sent(&state.apply(ExplanationAction::ChooseClass(0)));
    let overlays = |state: &State| match state.scene() {
        Scene::Layered(images) => images.iter().map(|image| image.overlay.is_some()).collect(),
        other => panic!("three images: {other:?}"),
    };
    let before: Vec<bool> = overlays(&state);
    state.apply(heard(ask, shown(0, "conv2")));
    assert_eq!((before, overlays(&state)), (vec![true, false, false], vec![true, true, false]));
    state.apply(heard(ask, Event::Explained { seconds: 0.1 }));
    let (ask, _) = sent(&state.apply(ExplanationAction::ChooseTechnique(Technique::Activations)));
    state.apply(heard(ask, techniques::sheet("conv2")));
    assert!(matches!(state.scene(), Scene::Sheet(sheet) if sheet.width == 1));
    let (ask, _) = sent(&state.apply(ExplanationAction::ChooseChannel(Some(1))));
    let plane = Plane::new(2, 1, vec![-1.0, 1.0]);
    state.apply(heard(ask, Event::Channel { layer: "conv2".into(), channel: 1, plane, maximum: 3.0 }));
    let Scene::Layered(images) = state.scene() else { panic!("the image with its feature map") };
    assert_eq!(images[0].overlay.as_ref().map(|overlay| overlay.paint), Some(Paint::Signed));
    let (ask, _) = sent(&state.apply(ExplanationAction::ChooseTechnique(Technique::Deconvnet)));
    for (channel, dead) in [(3, false), (4, true)] {
        let Event::Panel(panel) = panel(channel) else { panic!("a panel") };
        let drawing = panel.drawing.clone().filter(|_| !dead);
        state.apply(heard(ask, Event::Panel(Panel { drawing, ..panel })));
    }
    assert!(matches!(state.scene(), Scene::Panels(panels) if panels.len() == 1 && panels[0].channel == 3));
}
