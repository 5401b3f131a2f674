//! The camera, explained one image after the other: how many have been, and the recording of what is seen.

use super::{Effect, Recovery, State, Text};

/// Seconds that a recording has.
pub const RECORDED_SECONDS: u32 = 10;

/// The camera, explained live.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveState {
    /// Images of a camera that have been explained so far.
    pub explained: u64,
    /// Seconds that have been recorded, while that goes on.
    pub recording: Option<u32>,
}

/// Action on the camera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveAction {
    /// Record what is seen for ten seconds.
    Record,
    /// Record no more; what there is of it is saved.
    Stop,
    /// So many seconds have been recorded.
    Recorded(u32),
    /// The recording has come to its end, or why there is none.
    Ended(Option<Text>),
}

impl State {
    /// Whether what is seen is a camera's, which can be recorded.
    pub fn can_record(&self) -> bool {
        self.image.photo.as_ref().is_some_and(|photo| photo.frame) && self.live.recording.is_none()
    }

    pub(super) fn change_live(&mut self, action: LiveAction) -> Vec<Effect> {
        match action {
            LiveAction::Record if self.can_record() => {
                self.live.recording = Some(0);
                return vec![Effect::Record { name: self.name("webm"), zip: self.name("frames.zip") }];
            }
            LiveAction::Record => {}
            LiveAction::Stop => self.live.recording = None,
            LiveAction::Recorded(seconds) => {
                let goes_on = self.live.recording.is_some() && seconds < RECORDED_SECONDS;
                self.live.recording = goes_on.then_some(seconds);
            }
            LiveAction::Ended(problem) => {
                self.live.recording = None;
                return problem.map_or_else(Vec::new, |why| self.fail(why, Recovery::None));
            }
        }
        vec![]
    }

    /// A request has come to its end: an image of the camera has been explained.
    pub(super) fn count_frame(&mut self) {
        self.live.explained += u64::from(self.image.photo.as_ref().is_some_and(|photo| photo.frame));
    }
}
