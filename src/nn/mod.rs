//! The network: a graph of named nodes, run forward into a [`Trace`], and backward by [`Network::pullback`].

mod batch;
mod convolution;
mod cpu;
mod max_pool;
mod network;
mod ops;
mod parameter;
mod pullback;
mod rules;
mod site;

pub use convscope_core::nn::*;
pub use network::{Network, Trace};
pub use parameter::Parameter;
pub use rules::{Composite, Rule, lrp};
pub use site::Site;
