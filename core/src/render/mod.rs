//! Rendering of numbers as images: pure functions on [`Plane`](crate::image::Plane) and [`Image`](crate::image::Image).

mod activation_sheet;
mod beside;
mod blend;
mod captions;
mod chart;
mod colormap;
mod contour;
mod input_space;
mod lettering;
mod map;
mod overlay;
mod sheet;

pub use activation_sheet::{Scaling, activation_sheet};
pub use beside::beside;
pub use blend::Blend;
pub use captions::{Captioned, captioned_sheet};
pub use chart::{Anchor, Chart, ChartWords, Mark, Series, Stroke, draw_chart};
pub use colormap::{Colormap, diverging, matplotlib_jet, red_white_green};
pub use contour::{Edge, contour, contour_over};
pub use input_space::EPSILON as DEPROCESS_EPSILON;
pub use input_space::{Colours, as_it_is, deprocess};
pub use map::{MapStyle, draw_map};
use overlay::part_of;
pub use overlay::{heat_over, heatmap, signed_over};
pub use sheet::stitch;
