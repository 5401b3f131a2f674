//! The methods: what is asked of a looked-at picture, and what comes back. One file a method, one line in [`METHODS`].

pub mod filters;
mod grad_cam;
mod guided_grad_cam;
mod input_gradient;
mod method;
mod reconstruction;

pub use convscope_core::explain::{Blank, Channels, Comparison, Convention, Extent, Map, Mode, Reduce, Score, Style};
pub use method::{Ask, Frame, Frames, METHODS, Method, Subject, method};
pub use reconstruction::{Descent, reconstruct};
