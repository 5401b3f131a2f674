//! The methods: what is asked of a looked-at picture, and what comes back. One file a method, one line in [`METHODS`].

#[cfg(feature = "engine")]
mod channels;
mod comparison;
mod convention;
mod extent;
pub mod filters;
#[cfg(feature = "engine")]
mod grad_cam;
#[cfg(feature = "engine")]
mod guided_grad_cam;
#[cfg(feature = "engine")]
mod input_gradient;
mod map;
#[cfg(feature = "engine")]
mod method;
mod mode;
#[cfg(feature = "engine")]
mod reconstruction;

#[cfg(feature = "engine")]
pub use channels::Channels;
pub use comparison::Comparison;
pub use convention::{Convention, Reduce, Score, Style};
pub use extent::Extent;
pub use map::{Blank, Map};
#[cfg(feature = "engine")]
pub use method::{Ask, Frame, Frames, METHODS, Method, Subject, method};
pub use mode::Mode;
#[cfg(feature = "engine")]
pub use reconstruction::{Descent, reconstruct};
