//! Networks as data: the graph of named nodes, the operations and their shapes, and the rules of a backward pass.

mod graph;
mod ops;
mod receptive_field;
mod rule;

pub use graph::{Graph, Node, NodeId};
pub use ops::*;
pub use receptive_field::ReceptiveField;
pub use rule::ReluRule;
