//! Parts and results of explanations, read back from the device: conventions, attribution maps, and what can be said of them.

mod channels;
mod comparison;
mod convention;
mod diagnosis;
mod extent;
mod map;
mod mode;
mod synthesis;

pub use channels::{Channels, no_channel};
pub use comparison::Comparison;
pub use convention::{Convention, Reduce, Score, Style};
pub use diagnosis::Diagnosis;
pub use extent::Extent;
pub use map::{AttributionMap, Blank, Evidence};
pub use mode::Mode;
pub use synthesis::{Optimizer, Parametrization, Synthesis, Transform};
