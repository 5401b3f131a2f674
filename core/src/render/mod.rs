//! Rendering of numbers as images: pure functions on [`Plane`](crate::image::Plane) and [`Image`](crate::image::Image).

mod activation_sheet;
mod colormap;
mod input_space;
mod map;
mod overlay;
mod sheet;

pub use activation_sheet::{Scaling, activation_sheet};
pub use colormap::{Colormap, diverging};
pub use input_space::EPSILON as DEPROCESS_EPSILON;
pub use input_space::{Colours, as_it_is, deprocess};
pub use map::{MapStyle, draw_map};
pub use overlay::{heat_over, heatmap, signed_over};
pub use sheet::stitch;
