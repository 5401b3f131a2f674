//! Site of a backward pass: what it knows of the node it is at.

use std::sync::Arc;

use burn::tensor::{Int, Tensor};

use super::cpu::lend;
use super::elementwise::combined;
use super::ops::{Inputs, Operator};
use super::{Network, Node, NodeId, Trace};

/// A node in a backward pass: its op, and what went in and came out in the forward pass. What the trace does not hold is computed
/// again when asked for.
#[derive(Clone, Debug)]
pub struct Site<'a> {
    network: &'a Network,
    trace: &'a Trace,
    id: NodeId,
    /// The op with other weights than the network's.
    changed: Option<Arc<dyn Operator>>,
}

impl<'a> Site<'a> {
    pub(super) const fn new(network: &'a Network, trace: &'a Trace, id: NodeId) -> Self {
        Self { network, trace, id, changed: None }
    }

    /// The node.
    pub fn node(&self) -> &'a Node {
        &self.network.graph().nodes()[self.id]
    }

    /// The shape `[C, H, W]` of its output.
    pub fn shape(&self) -> [usize; 3] {
        self.network.graph().shape(self.id)
    }

    /// The shape `[C, H, W]` of one of its inputs.
    pub fn input_shape(&self, input: usize) -> [usize; 3] {
        self.network.graph().shape_of(self.network.graph().inputs(self.id)[input])
    }

    /// Site with each number of the op's weights and bias changed, its output with them; `None` if the op has none.
    pub fn with_weights(&self, change: impl Fn(Tensor<1>) -> Tensor<1>) -> Option<Self> {
        self.with_parameters(&change, &change)
    }

    /// Site with each number of the op's weights changed by one function, and each of its bias by another; `None` if
    /// the op has none.
    pub fn with_parameters(
        &self,
        weight: impl Fn(Tensor<1>) -> Tensor<1>,
        bias: impl Fn(Tensor<1>) -> Tensor<1>,
    ) -> Option<Self> {
        let changed = self.op().with_parameters(&weight, &bias)?;
        Some(Self { changed: Some(changed), ..*self })
    }

    fn op(&self) -> &dyn Operator {
        self.changed.as_deref().unwrap_or_else(|| self.network.op(self.id))
    }

    /// Output of the op in the forward pass, `[N, C, H, W]`.
    pub fn output(&self) -> Tensor<4> {
        match &self.changed {
            None => self.network.output(self.trace, self.id),
            Some(op) => self.network.run(&**op, self.trace, self.id),
        }
    }

    /// What `read` makes of the numbers of its output in the forward pass, on the CPU.
    pub(super) fn read_output<R>(&self, read: impl Fn(&[f32]) -> R) -> R {
        let held = if self.changed.is_none() { self.trace.outputs[self.id].read(&read) } else { None };
        held.unwrap_or_else(|| read(&lend(&mut self.output())))
    }

    /// Gradient `[K, C, h, w]` where its output has what is asked for, and 0 elsewhere, on the CPU.
    pub(super) fn masked(&self, mut gradient: Tensor<4>, passes: impl Fn(f32) -> bool + Sync) -> Tensor<4> {
        let (device, shape) = (gradient.device(), gradient.dims());
        let gradient = lend(&mut gradient);
        self.read_output(|y| {
            combined(&gradient, y, shape, &device, |gradient, y| if passes(y) { gradient } else { 0.0 })
        })
    }

    /// One of its inputs in the forward pass, `[N, C, H, W]`.
    pub fn input(&self, input: usize) -> Tensor<4> {
        self.network.input(self.trace, self.network.graph().inputs(self.id)[input])
    }

    /// Number of its inputs.
    pub fn inputs(&self) -> usize {
        self.network.graph().inputs(self.id).len()
    }

    /// Output of its op, one of a single input, for another input `[N, C, H, W]`.
    pub fn forward(&self, mut x: Tensor<4>) -> Tensor<4> {
        self.op().forward(Inputs { x: &mut x, others: &mut [], shape: self.shape() })
    }

    /// Input of the network in the forward pass, `[N, C, H, W]`.
    pub fn whole_input(&self) -> Tensor<4> {
        self.network.input(self.trace, None)
    }

    /// Input of the whole network, another than the trace's, `[N, C, H, W]`, as it arrives at this node's first input: of a node that reads the
    /// network's input, or that through ops of a single input.
    pub fn arriving(&self, input: Tensor<4>) -> Tensor<4> {
        self.network.along(self.network.graph().inputs(self.id)[0], input)
    }

    /// Whether none of its inputs can be negative, by the ops that they come from.
    pub fn reads_nonnegative(&self) -> bool {
        self.network.graph().inputs(self.id).iter().all(|&input| self.network.is_nonnegative(input))
    }

    /// The vector-Jacobian product of its op: what a gradient `[K, C, h, w]` at the output is at one of the inputs.
    pub fn pullback(&self, gradient: Tensor<4>, input: usize) -> Tensor<4> {
        self.op().pullback(gradient, input, self)
    }

    /// Whether the op, an activation function, falls nowhere.
    pub fn is_monotone(&self) -> bool {
        self.op().is_monotone()
    }

    /// The part of a gradient that leads out of where its op, an activation function, is flat; `None` if it is flat nowhere.
    pub fn escape(&self, gradient: Tensor<4>) -> Option<Tensor<4>> {
        self.op().escape(gradient, self)
    }

    /// Zeros `[K, C, H, W]` of its input's shape, for a gradient's batch of K.
    pub(super) fn zeros_like_input(&self, gradient: &Tensor<4>) -> Tensor<4> {
        let [channels, height, width] = self.input_shape(0);
        Tensor::zeros([gradient.dims()[0], channels, height, width], &gradient.device())
    }

    /// The pooling switches of the forward pass: for every output, the place of its maximum in the flat `H * W` of its input.
    pub(super) fn switches(&self) -> Option<Tensor<4, Int>> {
        self.trace.switches[self.id].get()
    }

    /// What `read` makes of the pooling switches, or of others where the forward pass left none.
    pub(super) fn read_switches<R>(
        &self,
        others: impl FnOnce() -> Tensor<4, Int>,
        read: impl FnOnce(&[i64]) -> R,
    ) -> R {
        self.trace.switches[self.id].read(others, read)
    }
}
