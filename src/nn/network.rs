//! A graph with its parameters on a device, and the forward pass.

use std::collections::HashMap;

use burn::tensor::activation;
use burn::tensor::module;
use burn::tensor::ops::{AvgPoolOptions, MaxPoolOptions, PadMode};
use burn::tensor::{Device, Int, Tensor};

use super::convolution::{Convolution, Kept};
use super::cpu::among_workers;
use super::max_pool::max_pool;
use super::{Graph, NodeId, Op, Padding};
use crate::error::Result;

/// A node's parameters on the device.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one a node, and most nodes have parameters")]
pub enum Params {
    /// The op has none.
    None,
    /// A convolution's weight `[out, in / groups, kernel height, kernel width]` and bias `[out]`.
    Conv(Tensor<4>, Option<Tensor<1>>),
    /// A dense layer's weight in chunks of columns `[in, some of out]` and its bias `[1, out]`. WebGPU guarantees only
    /// 128 MiB a binding, and fc1 of VGG16 has 411 MB.
    Dense(Vec<Tensor<2>>, Option<Tensor<2>>),
}

impl Params {
    /// The shapes of the named tensors: weight, then bias.
    fn shapes(&self) -> Vec<Vec<usize>> {
        match self {
            Self::None => vec![],
            Self::Conv(weight, bias) => {
                let bias = bias.as_ref().map(|bias| bias.dims().to_vec());
                std::iter::once(weight.dims().to_vec()).chain(bias).collect()
            }
            Self::Dense(chunks, bias) => {
                let into = chunks.first().map_or(0, |chunk| chunk.dims()[0]);
                let out = chunks.iter().map(|chunk| chunk.dims()[1]).sum();
                std::iter::once(vec![into, out]).chain(bias.as_ref().map(|_| vec![out])).collect()
            }
        }
    }
}

/// A network that can be run. Activations are `[N, C, H, W]`; vectors are `[N, C, 1, 1]`.
#[derive(Clone, Debug)]
pub struct Network {
    pub(super) graph: Graph,
    pub(super) params: Vec<Params>,
    kept: Vec<Kept>,
    device: Device,
}

/// What one forward pass leaves behind for reading activations and for any number of walks back.
///
/// Only what cannot be had again cheaply is held: the outputs of rectifiers, softmaxes and the wanted nodes, and pooling switches.
#[derive(Clone, Debug)]
pub struct Trace {
    input: Tensor<4>,
    outputs: Vec<Option<Tensor<4>>>,
    switches: Vec<Option<Tensor<4, Int>>>,
}

impl Network {
    /// Puts a graph and its parameters, one entry a node, together.
    pub fn new(graph: Graph, params: Vec<Params>, device: Device) -> Self {
        debug_assert_eq!(graph.nodes().len(), params.len());
        let kept = params.iter().map(|_| Kept::default()).collect();
        Self { graph, params, kept, device }
    }

    /// The graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The device that holds the parameters.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The same network, its parameters shared, on inputs of another size `[height, width]`: up to `last`, which is its last
    /// node, and without what `last` does not depend on. Layers before a flattening take any size that their windows fit in.
    ///
    /// # Errors
    /// [`Error::Request`](crate::Error::Request) naming the node that the size does not fit.
    pub fn at_size(&self, last: NodeId, size: [usize; 2]) -> Result<Self> {
        let mut shapes: HashMap<&str, Vec<usize>> = HashMap::new();
        for (node, params) in self.graph.nodes().iter().zip(&self.params) {
            shapes.extend(node.op.parameters().into_iter().zip(params.shapes()));
        }
        let (graph, kept) = self.graph.at_size(last, size, |name| shapes.get(name).cloned())?;
        let params = kept.iter().map(|&id| self.params[id].clone()).collect();
        let kept = kept.into_iter().map(|id| self.kept[id].clone()).collect();
        Ok(Self { graph, params, kept, device: self.device.clone() })
    }

    /// Runs the network on `[N, C, H, W]`; the outputs of `keep` are held in any case.
    pub fn forward(&self, input: Tensor<4>, keep: &[NodeId]) -> Trace {
        among_workers(&self.device, || self.look(input, keep))
    }

    fn look(&self, input: Tensor<4>, keep: &[NodeId]) -> Trace {
        let count = self.graph.nodes().len();
        let mut trace = Trace { input, outputs: vec![None; count], switches: vec![None; count] };
        let mut readers = vec![0_usize; count];
        for id in 0..count {
            self.graph.inputs(id).iter().flatten().for_each(|&input| readers[input] += 1);
        }
        let held = |id: NodeId| {
            keep.contains(&id)
                || matches!(self.graph.nodes()[id].op, Op::Relu | Op::Clip { .. } | Op::Softmax | Op::Sigmoid | Op::Add)
        };
        let rectified = self.rectified(&readers, held);
        for id in (0..count).filter(|&id| !rectified.contains(&Some(id))) {
            let first = rectified[id].unwrap_or(id);
            let (output, switches) =
                match (&self.params[first], &self.graph.nodes()[first].op, self.graph.inputs(first)) {
                    // These read their input where it lies.
                    (Params::Conv(weight, bias), _, &[input]) => {
                        let convolution = self.convolution(first, weight, bias.as_ref());
                        (convolution.forward(trace.place(input), first != id), None)
                    }
                    (_, Op::MaxPool { .. }, &[input]) => self.max_pool(id, trace.place(input)),
                    _ => self.run(id, self.inputs(&trace, id)),
                };
            trace.outputs[id] = Some(output);
            trace.switches[id] = switches;
            for &input in self.graph.inputs(first).iter().flatten() {
                readers[input] -= 1;
                if readers[input] == 0 && !held(input) {
                    trace.outputs[input] = None;
                }
            }
        }
        trace
    }

    /// A node's output `[N, C, H, W]`; what the trace did not keep is computed again from what it did.
    pub fn output(&self, trace: &Trace, node: NodeId) -> Tensor<4> {
        match &trace.outputs[node] {
            Some(output) => output.clone(),
            None => self.run(node, self.inputs(trace, node)).0,
        }
    }

    /// The pooling switches of a max pool: for every output, the place of its maximum in the flat `H * W` of its input.
    pub(super) fn switches(&self, trace: &Trace, node: NodeId) -> Tensor<4, Int> {
        match &trace.switches[node] {
            Some(switches) => switches.clone(),
            None => unreachable!("the forward pass leaves switches for every max pool"),
        }
    }

    pub(super) fn convolution<'a>(
        &'a self,
        node: NodeId,
        weight: &'a Tensor<4>,
        bias: Option<&'a Tensor<1>>,
    ) -> Convolution<'a> {
        Convolution { op: &self.graph.nodes()[node].op, weight, bias, kept: &self.kept[node] }
    }

    /// For each rectifier the convolution before it, where nobody else wants that one's output: they are run as one.
    fn rectified(&self, readers: &[usize], held: impl Fn(NodeId) -> bool) -> Vec<Option<NodeId>> {
        let nodes = self.graph.nodes();
        let before = |id: NodeId| {
            let &[Some(input)] = self.graph.inputs(id) else { return None };
            let alone = matches!((&nodes[id].op, &nodes[input].op), (Op::Relu, Op::Conv2d { .. }));
            (alone && readers[input] == 1 && !held(input)).then_some(input)
        };
        (0..nodes.len()).map(before).collect()
    }

    fn inputs(&self, trace: &Trace, node: NodeId) -> Vec<Tensor<4>> {
        let of = |&input: &Option<NodeId>| input.map_or_else(|| trace.input.clone(), |id| self.output(trace, id));
        self.graph.inputs(node).iter().map(of).collect()
    }

    fn max_pool(&self, node: NodeId, x: &mut Tensor<4>) -> (Tensor<4>, Option<Tensor<4, Int>>) {
        let op = &self.graph.nodes()[node].op;
        let [_, rows, columns] = self.graph.shape(node);
        let (y, switches) = max_pool(op, x, [rows, columns]).unwrap_or_else(|| {
            let Pooling { kernel, stride, around, rest, ceil_mode } = self.pooling(node);
            let mut x = padded(x.clone(), around, f32::MIN);
            let plain = Op::MaxPool { kernel, stride, padding: rest, ceil_mode };
            max_pool(&plain, &mut x, [rows, columns]).unwrap_or_else(|| {
                let options = MaxPoolOptions::new(kernel)
                    .with_stride(stride)
                    .with_padding([rest.top, rest.left])
                    .with_ceil_mode(ceil_mode);
                module::max_pool2d_with_indices(x, options)
            })
        });
        (y, Some(switches))
    }

    /// How a max pool is run: burn pads opposite sides alike, and lets windows reach over the end rightly only where nothing is
    /// padded; whatever else a node asks for is put around its input beforehand.
    pub(super) fn pooling(&self, node: NodeId) -> Pooling {
        let Op::MaxPool { kernel, stride, padding, .. } = self.graph.nodes()[node].op else {
            unreachable!("only max pools are run as such")
        };
        let [_, height, width] = self.graph.shape_of(self.graph.inputs(node)[0]);
        let [_, rows, columns] = self.graph.shape(node);
        // What the windows reach beyond the padded end.
        let over = |count: usize, axis: usize, padded: usize| {
            ((count - 1) * stride[axis] + kernel[axis]).saturating_sub(padded)
        };
        let below = over(rows, 0, padding.top + height + padding.bottom);
        let beyond = over(columns, 1, padding.left + width + padding.right);
        let ceil_mode = below + beyond > 0;
        let unpadded = padding == Padding::default() && stride[0] <= kernel[0] && stride[1] <= kernel[1];
        if unpadded || padding.is_symmetric() && !ceil_mode {
            return Pooling { kernel, stride, around: Padding::default(), rest: padding, ceil_mode };
        }
        let around = Padding { bottom: padding.bottom + below, right: padding.right + beyond, ..padding };
        Pooling { kernel, stride, around, rest: Padding::default(), ceil_mode: false }
    }

    fn run(&self, node: NodeId, mut inputs: Vec<Tensor<4>>) -> (Tensor<4>, Option<Tensor<4, Int>>) {
        let op = &self.graph.nodes()[node].op;
        match op {
            Op::Concat => return (Tensor::cat(inputs, 1), None),
            Op::Add => {
                let first = inputs.remove(0);
                return (inputs.into_iter().fold(first, Tensor::add), None);
            }
            _ => {}
        }
        let mut x = inputs.remove(0);
        let [batch, channels, height, width] = x.dims();
        let output = match (op, &self.params[node]) {
            (Op::Conv2d { .. }, Params::Conv(weight, bias)) => {
                self.convolution(node, weight, bias.as_ref()).forward(&mut x, false)
            }
            (Op::Dense { .. }, Params::Dense(chunks, bias)) => {
                let x = x.reshape([batch, channels]);
                let parts = chunks.iter().map(|chunk| x.clone().matmul(chunk.clone())).collect();
                let mut y = Tensor::cat(parts, 1);
                if let Some(bias) = bias {
                    y = y + bias.clone();
                }
                let out = y.dims()[1];
                y.reshape([batch, out, 1, 1])
            }
            (Op::Relu, _) => activation::relu(x),
            (Op::Clip { min, max }, _) => x.clamp(*min, *max),
            (Op::Pad { padding }, _) => padded(x, *padding, 0.0),
            (Op::MaxPool { .. }, _) => return self.max_pool(node, &mut x),
            (Op::AveragePool { kernel, stride, padding, count_include_pad }, _) => {
                let options = AvgPoolOptions::new(*kernel)
                    .with_stride(*stride)
                    .with_padding([padding.top, padding.left])
                    .with_count_include_pad(*count_include_pad);
                module::avg_pool2d(x, options)
            }
            (Op::GlobalAveragePool, _) => x.mean_dim(3).mean_dim(2),
            (Op::Flatten, _) => x.reshape([batch, channels * height * width, 1, 1]),
            (Op::Softmax, _) => activation::softmax(x, 1),
            (Op::Sigmoid, _) => activation::sigmoid(x),
            (Op::Opposites, _) => Tensor::cat(vec![-x.clone(), x], 1),
            (Op::Concat | Op::Add, _) => unreachable!("handled above"),
            (Op::Conv2d { .. } | Op::Dense { .. }, _) => unreachable!("the loader gives every op its parameters"),
        };
        (output, None)
    }
}

impl Trace {
    /// A node's input, where it lies.
    fn place(&mut self, input: Option<NodeId>) -> &mut Tensor<4> {
        match input {
            None => &mut self.input,
            Some(id) => {
                self.outputs[id].as_mut().unwrap_or_else(|| unreachable!("an output is held until it was read"))
            }
        }
    }
}

/// Padding the way burn's options want it.
pub(super) fn pairs(padding: Padding) -> [(usize, usize); 2] {
    [(padding.top, padding.bottom), (padding.left, padding.right)]
}

/// A map with that number around it.
pub(super) fn padded(x: Tensor<4>, padding: Padding, value: f32) -> Tensor<4> {
    if padding == Padding::default() { x } else { x.pad(pairs(padding), PadMode::Constant(value)) }
}

/// How a max pool is run.
pub(super) struct Pooling {
    pub(super) kernel: [usize; 2],
    pub(super) stride: [usize; 2],
    /// What is put around the input beforehand: less than any number, so that it never wins.
    pub(super) around: Padding,
    /// What burn pads by itself.
    pub(super) rest: Padding,
    /// Whether windows reach over the end.
    pub(super) ceil_mode: bool,
}
