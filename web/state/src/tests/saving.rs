//! What can be saved, and when.

use convscope_core::protocol::Form;

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
    assert_eq!(name, "cat.grad_cam.conv2.npy");
    assert!(bytes.starts_with(b"\x93NUMPY") && bytes.ends_with(&1_f32.to_le_bytes()));
    state.apply(ExplanationAction::ChooseSigned(true));
    assert_eq!(downloaded(&state.apply(ExportAction::Save(Saving::Array))).0, "cat.grad_cam_signed.conv2.npy");
    let picture = ExportAction::Save(Saving::Picture);
    assert_eq!(state.apply(picture), [Effect::SavePicture { name: "cat.grad_cam_signed.png".into(), caption: true }]);
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
