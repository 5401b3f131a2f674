//! What no map changes.

use std::cell::{Cell, OnceCell};

/// Numbers of the network that are the same whichever map is read: found for the first, and kept for the others. The score of the whole
/// image is not among them, since it was read when the image was seen.
#[derive(Default)]
pub(super) struct Known {
    /// Scores before the first step of a curve, and after its last.
    pub(super) ends: Cell<Option<[f32; 2]>>,
    /// What the score loses in each changed image.
    pub(super) losses: OnceCell<Vec<f64>>,
}
