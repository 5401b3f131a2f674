//! From numbers to pictures: pure functions on [`Plane`](crate::picture::Plane) and [`Picture`](crate::picture::Picture).

mod colormap;
mod overlay;

pub use colormap::Colormap;
pub use overlay::{heat_over, heatmap};
