//! Parts and results of explanations, read back from the device: conventions, attribution maps, and what can be said of them.

mod cam;
mod channels;
mod comparison;
mod convention;
mod extent;
mod fusion;
mod map;
mod mode;
mod reduction;
mod synthesis;

pub use cam::{Centring, Kept, Refined};
pub use channels::{Channels, no_channel};
pub use comparison::Comparison;
pub use convention::{Convention, Reduce, Score, Style};
pub use extent::Extent;
pub use fusion::Fusion;
pub use map::{AttributionMap, Blank, Evidence};
pub use mode::Mode;
pub use reduction::Reduction;
pub use synthesis::{Optimizer, Parametrization, Synthesis, Transform};
