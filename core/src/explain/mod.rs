//! Parts and results of explanations, read back from the device: conventions, attribution maps, and what can be said of them.

mod baseline;
mod bounding_box;
mod cam;
mod channels;
mod comparison;
mod convention;
mod diagnosis;
mod difference;
mod extent;
mod fusion;
mod in_convention;
mod map;
mod mode;
mod normalisation;
mod reduction;
mod regions;
mod synthesis;
mod weights;

pub use baseline::Baseline;
pub use bounding_box::BoundingBox;
pub use cam::{Centring, Kept};
pub use channels::{Channels, no_channel};
pub use comparison::Comparison;
pub use convention::{Alpha, Base, Convention, Field, Heat, Mix, Overlay, Ranges, Reduce, Score, Size, UsualLayer};
pub use diagnosis::Diagnosis;
pub use difference::{Cause, Difference};
pub use extent::{Extent, Place, Spread};
pub use fusion::Fusion;
pub use in_convention::InConvention;
pub use map::{AttributionMap, Blank, Evidence};
pub use mode::Mode;
pub use normalisation::Normalisation;
pub use reduction::Reduction;
pub use regions::Regions;
pub use synthesis::{Dreamt, Objective, Optimizer, Parametrization, Synthesis, Transform};
pub use weights::Weights;
