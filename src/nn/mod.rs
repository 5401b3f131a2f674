//! The network: a graph of named nodes, run forward into a [`Trace`] and walked back by [`Network::pullback`].

mod convolution;
mod cpu;
mod graph;
mod max_pool;
mod network;
mod op;
mod pullback;

pub use graph::{Graph, Node, NodeId};
pub use network::{Network, Params, Trace};
pub(crate) use op::check_known;
pub use op::{Op, Padding};
pub use pullback::ReluRule;
