//! What can be saved, and when.

use convscope_core::artifact::{Measure, Panel};
use convscope_core::error::Fault;
use convscope_core::protocol::{Export, Form};
use convscope_core::render::{Colormap, MapStyle};

use super::methods::{panel, sheet};
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
    let before = state.explanation.results.maps.clone();
    let effects = state.apply(ExportAction::Save(Saving::Results));
    let (ticket, command) = sent(&effects);
    let style = MapStyle::default();
    let image = state.image.photo.as_ref().map(|photo| photo.file.bytes().expect("bytes").to_vec());
    assert!(image.is_some());
    assert_eq!(command, &Command::Export(Export { style, form: Form::Bundle { image } }));
    assert_eq!((state.worker.busy(), &state.explanation.results.maps), (Busy::Explaining, &before));
    // One at a time.
    assert_eq!(state.apply(ExportAction::Save(Saving::Manifest)), []);
    let event = Event::Saved { name: "cat.zip".into(), bytes: vec![1, 2] };
    assert_eq!(downloaded(&state.apply(heard(ticket, event))), ("cat.zip", [1, 2].as_slice()));
    assert_eq!((state.worker.busy(), state.explanation.results.seconds.is_some()), (Busy::No, true));
    state.apply(ExplanationAction::ChooseSigned(true));
    let signed = Export { style: MapStyle { signed: true, ..style }, form: Form::Manifest };
    assert_eq!(sent(&state.apply(ExportAction::Save(Saving::Manifest))).1, &Command::Export(signed));
}

#[test]
fn the_image_is_left_out_of_a_bundle_where_it_is_not_wanted() {
    let mut state = settled();
    assert_eq!(state.apply(ExportAction::ChooseImage(false)), []);
    let effects = state.apply(ExportAction::Save(Saving::Results));
    let export = Export { style: MapStyle::default(), form: Form::Bundle { image: None } };
    assert_eq!(sent(&effects).1, &Command::Export(export));
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
    let image = ExportAction::Save(Saving::Image);
    assert_eq!(
        state.apply(image),
        [Effect::SaveImage { name: "cat.grad_cam_signed.conv2.1.png".into(), caption: true }]
    );
}

#[test]
fn nothing_is_saved_that_is_not_whole() {
    let (mut state, _) = State::new(None, Choice::Auto);
    for saving in [Saving::Image, Saving::Array, Saving::Results, Saving::Manifest] {
        assert!(!state.can_save(saving));
        assert_eq!(state.apply(ExportAction::Save(saving)), []);
    }
    let mut state = settled();
    asked(&state.apply(ExplanationAction::ChooseClass(0)));
    assert!(!state.can_save(Saving::Results) && !state.can_save(Saving::Image));
    // A failure says why, and the maps of before can be saved again.
    let mut state = settled();
    let (ticket, _) = sent(&state.apply(ExportAction::Save(Saving::Results)));
    state.apply(heard(ticket, Event::Failed(Fault::plain("test", "too large"))));
    assert!(state.notice.message.is_some() && state.can_save(Saving::Results));
    // What has not been run has nothing to save, and what another method gave is no longer the worker's.
    choose_method(&mut state, "filters");
    assert!(!state.can_save(Saving::Results) && !state.can_save(Saving::Array));
    let (run, _) = asked(&state.apply(ExplanationAction::Run));
    state.apply(heard(run, panel("conv2", 3, Measure::Sum(1.0))));
    state.apply(heard(run, done()));
    assert!(state.can_save(Saving::Results) && !state.can_save(Saving::Array));
    let (run, _) = asked(&choose_method(&mut state, "activations"));
    state.apply(heard(run, sheet("conv2")));
    state.apply(heard(run, done()));
    choose_method(&mut state, "filters");
    assert!(!state.can_save(Saving::Results) && state.can_save(Saving::Image));
    // Neither is it after half of another run, nor in another worker.
    let (run, _) = asked(&state.apply(ExplanationAction::Run));
    state.apply(heard(run, done()));
    assert!(state.can_save(Saving::Results));
    state.apply(ExplanationAction::Run);
    state.apply(ExplanationAction::Stop);
    assert!(!state.can_save(Saving::Results));
    let (run, _) = asked(&state.apply(ExplanationAction::Run));
    state.apply(heard(run, done()));
    let (open, _) = sent(&state.apply(ModelAction::ChooseDevice(Choice::Cpu)));
    state.apply(said(WorkerMessage::Listening));
    let (look, _) = sent(&state.apply(heard(open, model("small", &["zero", "one"]))));
    state.apply(heard(look, looked(&[1, 0])));
    assert!(!state.can_save(Saving::Results));
}

/// The name of the image that would be saved.
fn image(state: &mut State) -> String {
    match state.apply(ExportAction::Save(Saving::Image)).as_slice() {
        [Effect::SaveImage { name, .. }] => name.clone(),
        other => panic!("no image: {other:?}"),
    }
}

#[test]
fn files_are_named_as_the_command_line_names_the_same_results() {
    let mut state = settled();
    assert_eq!(image(&mut state), "cat.grad_cam.conv2.1.png");
    state.apply(ComparisonAction::Keep);
    assert_eq!(image(&mut state), "cat.grad_cam.conv2.1.compared.png");
    let (run, _) = asked(&choose_method(&mut state, "channel_reconstruction"));
    state.apply(heard(run, panel("conv2", 3, Measure::Sum(1.0))));
    state.apply(heard(run, done()));
    assert_eq!(image(&mut state), "cat.deconvnet.conv2.png");
    // Of no image, but of the model.
    choose_method(&mut state, "filters");
    assert!(!state.can_save(Saving::Image));
    let (run, _) = asked(&state.apply(ExplanationAction::Run));
    state.apply(heard(run, panel("conv2", 3, Measure::Objective(1.0))));
    state.apply(heard(run, done()));
    assert_eq!(image(&mut state), "small.filters.conv2.png");
    let (run, _) = asked(&choose_method(&mut state, "activations"));
    state.apply(heard(run, sheet("conv2")));
    state.apply(heard(run, done()));
    assert_eq!(image(&mut state), "cat.activations.conv2.png");
    state.apply(ExplanationAction::ChooseChannel(Some(1)));
    assert_eq!(downloaded(&state.apply(ExportAction::Save(Saving::Array))).0, "cat.activations.conv2.1.npy");
    assert_eq!(image(&mut state), "cat.activations.conv2.1.png");
    choose_method(&mut state, "rise");
    let (run, _) = asked(&state.apply(ExplanationAction::Run));
    state.apply(heard(run, map("input")));
    state.apply(heard(run, done()));
    assert_eq!(downloaded(&state.apply(ExportAction::Save(Saving::Array))).0, "cat.rise.input.1.npy");
    // A file without a name before its ending is not saved as a hidden one.
    let (look, _) = sent(&give(&mut state, ".jpg"));
    state.apply(heard(look, looked(&[1, 0])));
    let (run, _) = asked(&choose_method(&mut state, "activations"));
    state.apply(heard(run, sheet("conv2")));
    state.apply(heard(run, done()));
    assert_eq!(image(&mut state), "picture.activations.conv2.png");
}

#[test]
fn an_image_is_composed_of_what_is_seen() {
    let mut state = settled();
    let Scene::Layered(images) = state.scene() else { panic!("the image with its map") };
    let Layered { size, region, overlay, opacity, .. } = &images[0];
    assert_eq!((images.len(), *size, region.x, region.width, *opacity), (1, (4, 2), 1.0, 2.0, MapStyle::OPACITY));
    let overlay = overlay.as_ref().expect("the map");
    assert_eq!(
        (overlay.numbers.plane().values.as_slice(), overlay.paint),
        ([1.0].as_slice(), Paint::Heat(Colormap::default()))
    );
    state.apply(ExplanationAction::ChooseSigned(true));
    assert_eq!(state.layered().overlay.map(|overlay| overlay.paint), Some(Paint::Signed));
    // Beside the one that was kept, and what differs, of which there is nothing yet.
    state.apply(ComparisonAction::Keep);
    let (run, _) = asked(&state.apply(ExplanationAction::ChooseClass(0)));
    let overlays = |state: &State| match state.scene() {
        Scene::Layered(images) => images.iter().map(|image| image.overlay.is_some()).collect(),
        other => panic!("three images: {other:?}"),
    };
    let before: Vec<bool> = overlays(&state);
    state.apply(heard(run, map("conv2")));
    assert_eq!((before, overlays(&state)), (vec![true, false, false], vec![true, true, false]));
    state.apply(heard(run, done()));
    let (run, _) = asked(&choose_method(&mut state, "activations"));
    state.apply(heard(run, sheet("conv2")));
    assert!(matches!(state.scene(), Scene::Sheet(sheet, Colormap::Inferno) if sheet.activation.layer == "conv2"));
    state.apply(ExplanationAction::ChooseChannel(Some(1)));
    let Scene::Layered(images) = state.scene() else { panic!("the image with its feature map") };
    assert_eq!(images[0].overlay.as_ref().map(|overlay| overlay.paint), Some(Paint::Signed));
    let (run, _) = asked(&choose_method(&mut state, "channel_reconstruction"));
    state.apply(heard(run, panel("conv2", 3, Measure::Sum(1.0))));
    let Event::Artifact(Artifact::Panel(dead)) = panel("conv2", 4, Measure::Sum(0.0)) else { panic!("a panel") };
    state.apply(heard(run, Event::Artifact(Artifact::Panel(Panel { drawing: None, ..dead }))));
    assert!(matches!(state.scene(), Scene::Panels(panels) if panels.len() == 1 && panels[0].channel == Some(3)));
}
