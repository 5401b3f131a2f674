//! Conventions, attribution maps and methods under one name.

pub use convscope_core::explain::{
    Blank, Channels, Comparison, Convention, Evidence, Extent, Map, Mode, Reduce, Score, Style,
};

pub use crate::methods::{Descent, METHODS, Method, filters, method, reconstruct};
pub use crate::session::Ask;
