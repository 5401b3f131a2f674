//! The camera, explained live.

use super::*;
use crate::{LiveAction, RECORDED_SECONDS};

/// A camera's image that has been explained.
fn frame(state: &mut State) {
    let given = ImageAction::Frame { name: "Camera".into(), file: Rc::from([5].as_slice()) };
    let (look, _) = sent(&state.apply(given));
    let (run, _) = asked(&state.apply(heard(look, looked(&[1, 0]))).into_iter().filter(is_sent).collect::<Vec<_>>());
    state.apply(heard(run, map("conv2")));
    state.apply(heard(run, done()));
}

fn is_sent(effect: &Effect) -> bool {
    matches!(effect, Effect::Send(..))
}

#[test]
fn ten_seconds_of_the_camera_are_recorded() {
    let mut state = settled();
    assert_eq!(state.apply(LiveAction::Record), [], "an example is no camera");
    frame(&mut state);
    frame(&mut state);
    assert_eq!(state.live.explained, 2);
    let names = Effect::Record {
        name: "Camera.grad_cam.conv2.1.webm".into(),
        zip: "Camera.grad_cam.conv2.1.frames.zip".into(),
    };
    assert_eq!(state.apply(LiveAction::Record), [names]);
    assert!(state.live.recording == Some(0) && state.apply(LiveAction::Record).is_empty(), "one at a time");
    state.apply(LiveAction::Recorded(RECORDED_SECONDS - 1));
    assert_eq!(state.live.recording, Some(9));
    state.apply(LiveAction::Recorded(RECORDED_SECONDS));
    assert_eq!(state.live.recording, None);
    state.apply(LiveAction::Recorded(RECORDED_SECONDS));
    assert_eq!(state.live.recording, None, "it has ended");
}

#[test]
fn a_recording_is_stopped_before_or_fails() {
    let mut state = settled();
    frame(&mut state);
    state.apply(LiveAction::Record);
    state.apply(LiveAction::Stop);
    state.apply(LiveAction::Recorded(3));
    assert_eq!((state.live.recording, state.can_record()), (None, true));
    state.apply(LiveAction::Record);
    state.apply(LiveAction::Ended(Some(Text::key("record-nothing"))));
    assert_eq!(state.live.recording, None);
    assert_eq!(state.notice.message.map(|message| message.text), Some(Text::key("record-nothing")));
}
