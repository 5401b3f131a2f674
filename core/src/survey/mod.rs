//! Surveys: what a classifier says of a whole folder of images and what it looks at in them, as rows ([`Row`]), what stands out in them
//! ([`summary`]), the marks by which a class is told ([`suspects`]), and the table and the page of all that.

mod agreement;
mod boxes;
mod column;
mod confusion;
mod cues;
mod kept;
pub mod page;
mod picture;
mod row;
pub mod summary;
pub mod table;
mod task;

pub use agreement::Agreement;
pub use boxes::{BOX_HEAT, BOX_HIT, Boxes, in_boxes};
pub use column::{Cell, Column, Kind};
pub use confusion::Confusion;
pub use cues::{Cue, Suspect, mean, suspects};
pub use kept::KeptFinding;
pub use picture::picture;
pub use row::{Found, Row, SIDE};
pub use task::{Surveyed, Task};

use crate::error::{Error, Fault};
use crate::fault;
use crate::model::Outputs;

/// Name of the page.
pub const PAGE: &str = "index.html";
/// Name of the list of cues.
pub const CUES: &str = "cues.json";
/// Probability from which on a model is sure.
pub const SURE: f32 = 0.9;

/// Class of a model that a label means, by index; none where it means none, or several.
pub fn class(outputs: &Outputs<'_>, label: &str) -> Option<usize> {
    outputs.target(label).ok()?.resolve(&[]).ok()?.single()
}

/// Reason why an image has no row of findings, with the image's name in the survey.
pub fn no_row(path: &str, cause: Fault) -> Error {
    Error::Nothing(fault!("survey-image", "{path}: {cause}", cause = cause, path))
}

/// Fault that a method gave no map.
pub fn no_map() -> Error {
    Error::Nothing(fault!("survey-no-map", "the method gave no map of this image"))
}

/// Fault that the program ended while it looked at an image.
pub fn crashed() -> Fault {
    fault!("survey-crashed", "the program ended while it looked at this image; it is not tried again")
}
