//! The network: a graph of named nodes, run forward into a [`Trace`], and backward by [`Network::pullback`].
//!
//! ```
//! use convscope::nn::{Graph, Network, Node, ReluRule};
//! use convscope::tensor::{Device, Tensor};
//!
//! let nodes: Vec<Node> = serde_json::from_str(r#"[{ "name": "one", "op": "relu", "inputs": ["input"] }]"#)?;
//! let network = Network::new(Graph::new(nodes, [1, 1, 2], |_| None)?, |_| None, Device::flex())?;
//! let tensor = |values| Tensor::<4>::from_data([[[values]]], network.device());
//! let trace = network.forward(tensor([1.0, -2.0]), &[0]);
//! // Guided backpropagation passes what is positive, where the output was.
//! let arrived = network.pullback(&trace, 0, tensor([3.0, 3.0]), ReluRule::GuidedBackprop, &[None]).remove(0);
//! let arrived = arrived.map(|gradient| gradient.into_data().try_into_vec::<f32>().unwrap());
//! assert_eq!(arrived, Some(vec![3.0, 0.0]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod batch;
mod bounds;
mod convolution;
mod cpu;
mod elementwise;
mod max_pool;
mod memory;
mod network;
mod ops;
mod parameter;
mod pullback;
mod rules;
mod site;
mod steps;
mod tail;
mod trace;

pub use convscope_core::nn::*;
pub use network::Network;
pub use parameter::Parameter;
pub(crate) use pullback::Backward;
pub use rules::{Composite, Excitation, Rule, lrp};
pub use site::Site;
pub use steps::on_step;
pub use trace::Trace;
