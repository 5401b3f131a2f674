//! Networks as data: the graph of named nodes, the operations and their shapes, and the rules of a backward pass.

mod graph;
mod op;
mod rule;

pub use graph::{Graph, Node, NodeId};
pub use op::check_known;
pub use op::{Op, Padding};
pub use rule::ReluRule;
