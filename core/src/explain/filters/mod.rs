//! Conventions of filter visualisation.

mod convention;

pub use convention::Convention;
