//! Parts and results of explanations, read back from the device: conventions, attribution maps, and what can be said of them.

mod baseline;
mod cam;
mod channels;
mod comparison;
mod convention;
mod diagnosis;
mod difference;
mod extent;
mod fusion;
mod map;
mod mode;
mod normalisation;
mod reduction;
mod regions;
mod statistics;
mod synthesis;
mod weights;

pub use baseline::Baseline;
pub use cam::{Centring, Kept, Refined};
pub use channels::{Channels, no_channel};
pub use comparison::Comparison;
pub use convention::{Alpha, Base, Convention, Field, Heat, Mix, Overlay, Ranges, Reduce, Score, Size, UsualLayer};
pub use diagnosis::Diagnosis;
pub use difference::Difference;
pub use extent::Extent;
pub use fusion::Fusion;
pub use map::{AttributionMap, Blank, Evidence};
pub use mode::Mode;
pub use normalisation::Normalisation;
pub use reduction::Reduction;
pub use regions::Regions;
pub use statistics::{correlation, percentile, softmax};
pub use synthesis::{Dreamt, Objective, Optimizer, Parametrization, Synthesis, Transform};
pub use weights::Weights;
