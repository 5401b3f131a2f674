//! The network: a graph of named nodes, run forward into a [`Trace`] and walked back by [`Network::pullback`].

#[cfg(feature = "engine")]
mod convolution;
#[cfg(feature = "engine")]
mod cpu;
#[cfg(feature = "engine")]
mod graph;
#[cfg(feature = "engine")]
mod max_pool;
#[cfg(feature = "engine")]
mod network;
#[cfg(feature = "engine")]
mod op;
#[cfg(feature = "engine")]
mod pullback;
mod rule;

#[cfg(feature = "engine")]
pub use graph::{Graph, Node, NodeId};
#[cfg(feature = "engine")]
pub use network::{Network, Params, Trace};
#[cfg(feature = "engine")]
pub(crate) use op::check_known;
#[cfg(feature = "engine")]
pub use op::{Op, Padding};
pub use rule::ReluRule;
