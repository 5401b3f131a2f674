//! What a backward pass knows of the node it is at.

use burn::tensor::{Int, Tensor};

use super::{Network, Node, NodeId, Trace};

/// A node in a backward pass: its op, and what went in and came out in the forward pass. What the trace does not hold is computed
/// again when asked for.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    network: &'a Network,
    trace: &'a Trace,
    id: NodeId,
}

impl<'a> Site<'a> {
    pub(super) const fn new(network: &'a Network, trace: &'a Trace, id: NodeId) -> Self {
        Self { network, trace, id }
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

    /// Its output in the forward pass, `[N, C, H, W]`.
    pub fn output(&self) -> Tensor<4> {
        self.network.output(self.trace, self.id)
    }

    /// One of its inputs in the forward pass, `[N, C, H, W]`.
    pub fn input(&self, input: usize) -> Tensor<4> {
        self.network.input(self.trace, self.network.graph().inputs(self.id)[input])
    }

    /// The vector-Jacobian product of its op: what a gradient `[K, C, h, w]` at the output is at one of the inputs.
    pub fn pullback(&self, gradient: Tensor<4>, input: usize) -> Tensor<4> {
        self.network.op(self.id).pullback(gradient, input, self)
    }

    /// Whether its op, an activation function, falls nowhere.
    pub fn is_monotone(&self) -> bool {
        self.network.op(self.id).is_monotone()
    }

    /// The part of a gradient that leads out of where its op, an activation function, is flat; `None` if it is flat nowhere.
    pub fn escape(&self, gradient: Tensor<4>) -> Option<Tensor<4>> {
        self.network.op(self.id).escape(gradient, self)
    }

    /// Zeros `[K, C, H, W]` of its input's shape, for a gradient's batch of K.
    pub(super) fn zeros_like_input(&self, gradient: &Tensor<4>) -> Tensor<4> {
        let [channels, height, width] = self.input_shape(0);
        Tensor::zeros([gradient.dims()[0], channels, height, width], &gradient.device())
    }

    /// The pooling switches of the forward pass: for every output, the place of its maximum in the flat `H * W` of its input.
    pub(super) fn switches(&self) -> Option<Tensor<4, Int>> {
        self.trace.switches(self.id)
    }
}
