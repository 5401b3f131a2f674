//! The network: a graph of named nodes, run forward into a [`Trace`] and walked back by [`Network::pullback`].

mod batch;
mod convolution;
mod cpu;
mod max_pool;
mod network;
mod pullback;

pub use convscope_core::nn::{Graph, Node, NodeId, Op, Padding, ReluRule};
pub use network::{Network, Params, Trace};
