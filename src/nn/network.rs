//! A graph with its parameters on a device, and the forward pass.

use std::sync::Arc;

use burn::tensor::{Device, Tensor};

use super::bounds::Bounds;
use super::cpu::among_workers;
use super::ops::{self, Holds, Inputs, Operator};
use super::parameter::Parameters;
use super::steps::step;
use super::trace::{Held, Switches, Trace};
use super::{Graph, Node, NodeId, Parameter, Role};
use crate::error::{Error, Result};

/// A network that can be run. Activations are `[N, C, H, W]`; vectors are `[N, C, 1, 1]`.
#[derive(Clone, Debug)]
pub struct Network {
    graph: Graph,
    /// One a node.
    ops: Vec<Arc<dyn Operator>>,
    device: Device,
}

impl Network {
    /// Puts a graph and its parameters, by their names, together.
    ///
    /// # Errors
    /// [`Error::Weights`] naming the node that lacks a parameter of the right kind.
    pub fn new(graph: Graph, parameter: impl Fn(&str) -> Option<Parameter>, device: Device) -> Result<Self> {
        let parameters = Parameters(&parameter);
        let load = |node: &Node| {
            step();
            ops::load(&node.op, &parameters).map_err(|cause| Error::model(node.unfit(cause)))
        };
        let ops = graph.nodes().iter().map(load).collect::<Result<_>>()?;
        Ok(Self { graph, ops, device })
    }

    /// The graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The device that holds the parameters.
    pub fn device(&self) -> &Device {
        &self.device
    }

    pub(super) fn op(&self, node: NodeId) -> &dyn Operator {
        &*self.ops[node]
    }

    /// Network with the same parameters, shared, on inputs of another size `[height, width]`: up to `last`, which is its last
    /// node, and without what `last` does not depend on. Layers before a flattening take any size that their windows fit in.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) naming the node that the size does not fit.
    pub fn at_size(&self, last: NodeId, size: [usize; 2]) -> Result<Self> {
        let (graph, kept) = self.graph.at_size(last, size)?;
        let ops = kept.into_iter().map(|id| self.ops[id].clone()).collect();
        Ok(Self { graph, ops, device: self.device.clone() })
    }

    /// The nodes that have weights, in topological order.
    pub fn weighted(&self) -> Vec<NodeId> {
        (0..self.ops.len()).filter(|&id| !self.graph.nodes()[id].op.parameters().is_empty()).collect()
    }

    /// The same network with `change` made to every weight and bias of some nodes, each given as a list of its numbers; the other
    /// parameters are shared.
    pub fn with_weights(&self, nodes: &[NodeId], change: &dyn Fn(Tensor<1>) -> Tensor<1>) -> Self {
        let mut ops = self.ops.clone();
        for &node in nodes {
            if let Some(op) = ops[node].with_parameters(change, change) {
                ops[node] = op;
            }
        }
        Self { graph: self.graph.clone(), ops, device: self.device.clone() }
    }

    /// Runs the network on `[N, C, H, W]`; the outputs of `keep` are held in any case.
    pub fn forward(&self, input: Tensor<4>, keep: &[NodeId]) -> Trace {
        among_workers(&self.device, || self.trace(input, keep))
    }

    fn trace(&self, input: Tensor<4>, keep: &[NodeId]) -> Trace {
        let count = self.graph.nodes().len();
        let mut trace = Trace::new(input, count);
        self.run_nodes(&mut trace, &vec![true; count], &self.held(keep));
        trace
    }

    /// Forward pass through the nodes that are `wanted`, from what the trace has of the others. What is not `held` is given up once it is read.
    pub(super) fn run_nodes(&self, trace: &mut Trace, wanted: &[bool], held: &[bool]) {
        let mut readers = vec![0_usize; wanted.len()];
        let nodes = || (0..wanted.len()).filter(|&id| wanted[id]);
        for id in nodes() {
            self.graph.inputs(id).iter().flatten().for_each(|&input| readers[input] += 1);
        }
        let fused = self.fused(wanted, &readers, held);
        let inside = |id: NodeId| fused.iter().flatten().any(|&(first, _)| first == id);
        for id in nodes().filter(|&id| !inside(id)) {
            let first = fused[id].map_or(id, |(first, _)| first);
            let inputs = self.graph.inputs(first);
            let mut others = self.others(trace, first);
            // Taken out of the trace, so that an op can borrow the memory.
            let mut taken = inputs[0].map(|input| trace.take(input).unwrap_or_else(|| self.output(trace, input)));
            for &input in inputs[1..].iter().flatten().filter(|&&input| inputs[0] != Some(input)) {
                trace.take(input);
            }
            let x = taken.as_mut().unwrap_or(&mut trace.input);
            let read = Inputs { x, others: &mut others, shape: self.graph.shape(first) };
            let (output, switches) = match fused[id] {
                None => self.ops[id].forward_with_switches(read),
                Some((_, bounds)) => (self.ops[first].forward_within(read, bounds), None),
            };
            for (&input, other) in inputs[1..].iter().zip(others) {
                input.into_iter().for_each(|input| trace.outputs[input] = Held::new(other.clone()));
            }
            if let (Some(input), Some(taken)) = (inputs[0], taken) {
                trace.outputs[input] = Held::new(taken);
            }
            trace.outputs[id] = Held::new(output);
            trace.switches[id] = switches.map(Switches::new).unwrap_or_default();
            step();
            for &input in inputs.iter().flatten() {
                readers[input] -= 1;
                if readers[input] == 0 && !held[input] {
                    trace.outputs[input] = Held::default();
                }
            }
        }
    }

    /// A node's output `[N, C, H, W]`; what the trace did not keep is computed again from what it did.
    pub fn output(&self, trace: &Trace, node: NodeId) -> Tensor<4> {
        trace.outputs[node].get().unwrap_or_else(|| self.run(self.op(node), trace, node))
    }

    /// Output of an op in a node's place.
    pub(super) fn run(&self, op: &dyn Operator, trace: &Trace, node: NodeId) -> Tensor<4> {
        let mut x = self.input(trace, self.graph.inputs(node)[0]);
        let mut others = self.others(trace, node);
        op.forward(Inputs { x: &mut x, others: &mut others, shape: self.graph.shape(node) })
    }

    /// The output of a node that another reads, or the network's input.
    pub(super) fn input(&self, trace: &Trace, node: Option<NodeId>) -> Tensor<4> {
        node.map_or_else(|| trace.input.clone(), |id| self.output(trace, id))
    }

    /// Output of a node for another input of the network, where all ops on the way have a single input.
    pub(super) fn along(&self, node: Option<NodeId>, input: Tensor<4>) -> Tensor<4> {
        let Some(id) = node else { return input };
        let mut x = self.along(self.graph.inputs(id)[0], input);
        self.op(id).forward(Inputs { x: &mut x, others: &mut [], shape: self.graph.shape(id) })
    }

    /// Whether no number of a node's output can be negative, by its op and those before it.
    pub(super) fn is_nonnegative(&self, node: Option<NodeId>) -> bool {
        let Some(last) = node else { return false };
        let mut nonnegative = vec![false; last + 1];
        for id in 0..=last {
            let mut inputs = self.graph.inputs(id).iter();
            nonnegative[id] = match self.graph.nodes()[id].op.role() {
                Role::Probability => true,
                Role::Activation => self.op(id).is_nonnegative(),
                Role::Linear | Role::Normalization => false,
                Role::Pool | Role::GlobalPool | Role::Join | Role::Gate | Role::Shape => {
                    inputs.all(|input| input.is_some_and(|input| nonnegative[input]))
                }
            };
        }
        nonnegative[last]
    }

    /// All inputs of a node but the first.
    fn others(&self, trace: &Trace, node: NodeId) -> Vec<Tensor<4>> {
        self.graph.inputs(node)[1..].iter().map(|&input| self.input(trace, input)).collect()
    }

    /// Flags that say of each node whether the trace holds its output to the end.
    fn held(&self, keep: &[NodeId]) -> Vec<bool> {
        let count = self.graph.nodes().len();
        let mut held: Vec<bool> =
            (0..count).map(|id| keep.contains(&id) || self.ops[id].holds() == Holds::Output).collect();
        for id in (0..count).filter(|&id| self.ops[id].holds() == Holds::Input) {
            self.graph.inputs(id).iter().flatten().for_each(|&input| held[input] = true);
        }
        held
    }

    /// Fusions: for each activation function that only keeps numbers within bounds and is wanted the layer before it that takes it in,
    /// where nobody else wants that one's output. They are run as one.
    fn fused(&self, wanted: &[bool], readers: &[usize], held: &[bool]) -> Vec<Option<(NodeId, Bounds)>> {
        let before = |id: NodeId| {
            let &[Some(input)] = self.graph.inputs(id) else { return None };
            let bounds = Bounds::of(&self.graph.nodes()[id].op)?;
            let fused = wanted[id] && self.ops[input].fuses_bounds() && readers[input] == 1 && !held[input];
            fused.then_some((input, bounds))
        };
        (0..self.ops.len()).map(before).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Op, Pad, Padding, Relu, Silu};

    #[test]
    fn a_trace_holds_what_pullbacks_need_and_what_is_wanted() {
        let ops: [Op; 5] = [
            Pad { padding: Padding::all(1) }.into(),
            Silu {}.into(),
            Pad { padding: Padding::all(1) }.into(),
            Relu {}.into(),
            Pad { padding: Padding::all(1) }.into(),
        ];
        let mut nodes: Vec<Node> = vec![];
        for (index, op) in ops.into_iter().enumerate() {
            let input = nodes.last().map_or(Graph::INPUT.to_owned(), |node| node.name.clone());
            nodes.push(Node { name: format!("n{index}"), inputs: vec![input], op });
        }
        let graph = Graph::new(nodes, [1, 2, 2], |_| None).unwrap();
        let network = Network::new(graph, |_| None, Device::flex()).unwrap();
        let held = |keep: &[NodeId]| {
            let trace = network.forward(Tensor::ones([1, 1, 2, 2], &Device::flex()), keep);
            trace.outputs.iter().map(|held| held.get().is_some()).collect::<Vec<_>>()
        };
        // SiLU's pullback needs its input, ReLU's its output; nobody has read the last.
        assert_eq!(held(&[]), [true, false, false, true, true]);
        assert_eq!(held(&[1, 2]), [true; 5]);
    }

    #[test]
    fn ops_tell_where_no_number_is_negative() {
        let nodes: Vec<Node> = serde_json::from_value(serde_json::json!([
            { "name": "relu", "op": "relu", "inputs": ["input"] },
            { "name": "silu", "op": "silu", "inputs": ["relu"] },
            { "name": "clip", "op": "clip", "inputs": ["silu"], "min": -1.0, "max": 6.0 },
            { "name": "relu6", "op": "clip", "inputs": ["clip"], "min": 0.0, "max": 6.0 },
            { "name": "pool", "op": "max_pool", "inputs": ["relu6"], "kernel": [1, 1], "stride": [1, 1] },
            { "name": "sum", "op": "add", "inputs": ["pool", "relu"] },
            { "name": "join", "op": "concat", "inputs": ["sum", "silu"] },
            { "name": "with_input", "op": "add", "inputs": ["relu", "input"] },
            { "name": "softmax", "op": "softmax", "inputs": ["silu"] },
        ]))
        .unwrap();
        let graph = Graph::new(nodes, [1, 2, 2], |_| None).unwrap();
        let network = Network::new(graph, |_| None, Device::flex()).unwrap();
        let told: Vec<bool> = (0..9).map(|id| network.is_nonnegative(Some(id))).collect();
        assert_eq!(told, [true, false, false, true, true, true, false, false, true]);
        assert!(!network.is_nonnegative(None));
    }

    #[test]
    fn a_parameter_of_another_kind_is_named() {
        let node = serde_json::json!({ "name": "fc", "op": "dense", "inputs": ["input"], "weight": "w" });
        let graph = || Graph::new(vec![serde_json::from_value(node.clone()).unwrap()], [2, 1, 1], |_| Some(vec![2, 3]));
        let vector = |_: &str| Some(Parameter::Vector(Tensor::ones([2], &Device::flex())));
        for (error, word) in [
            (Network::new(graph().unwrap(), vector, Device::flex()).unwrap_err(), "no matrix"),
            (Network::new(graph().unwrap(), |_| None, Device::flex()).unwrap_err(), "missing tensor w"),
        ] {
            let error = error.to_string();
            assert!(error.contains("fc") && error.contains(word) && error.contains("pack the model again"), "{error}");
        }
    }
}
