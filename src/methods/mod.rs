//! Methods: one file each, and one line in [`METHODS`].
//!
//! A method is a [`Card`](crate::card::Card) and a function of a [`Run`](crate::run::Run), through which it reads the observation,
//! tells of its progress and gives its artifacts. A class activation map is less: a card and the function that weighs feature maps.

mod cam;
pub mod filters;
mod gradient;
mod method;
mod reconstruction;

pub use method::{Explain, Method, Work, method, nearest};
pub use reconstruction::{Descent, reconstruct};

/// All methods, in the order in which they are offered.
pub static METHODS: &[&dyn Explain] = &[
    &cam::grad_cam::GRAD_CAM,
    &cam::grad_cam_plus_plus::GRAD_CAM_PLUS_PLUS,
    &cam::layer_cam::LAYER_CAM,
    &cam::hires_cam::HIRES_CAM,
    &cam::guided_grad_cam::GUIDED_GRAD_CAM,
    &gradient::GRADIENT,
    &gradient::GUIDED_BACKPROP,
    &gradient::DECONVNET,
];
