//! The walk back: every op's transposed map, and the rectifier rules that make three methods of one walk.

use burn::tensor::module;
use burn::tensor::ops::ConvTransposeOptions;
use burn::tensor::{Int, Tensor, activation};

use super::cpu::among_workers;
use super::network::{Pooling, padded};
use super::{Network, NodeId, Op, Padding, Params, ReluRule, Trace};

impl Network {
    /// Walks from `seed`, given at the output of node `from`, back to the `wanted` places (`None` is the input) and gives
    /// for each what arrives there, `[K, C, H, W]`, or `None` where no path leads from it to `from`.
    ///
    /// `seed` is `[K, C, H, W]`: K questions about one picture (a trace of batch 1), or one for each picture of a batch.
    /// What is not on a path to a wanted place is not computed.
    pub fn pullback(
        &self,
        trace: &Trace,
        from: NodeId,
        seed: Tensor<4>,
        rule: ReluRule,
        wanted: &[Option<NodeId>],
    ) -> Vec<Option<Tensor<4>>> {
        among_workers(self.device(), || self.walk_back(trace, from, seed, rule, wanted))
    }

    fn walk_back(
        &self,
        trace: &Trace,
        from: NodeId,
        seed: Tensor<4>,
        rule: ReluRule,
        wanted: &[Option<NodeId>],
    ) -> Vec<Option<Tensor<4>>> {
        let needed = self.leads_to(wanted, from);
        let mut arrived: Vec<Option<Tensor<4>>> = vec![None; from + 1];
        let mut at_input: Option<Tensor<4>> = None;
        arrived[from] = Some(seed);
        for id in (0..=from).rev() {
            if !needed[id] {
                continue;
            }
            // A wanted place keeps what arrived; everything else gives it up, so that memory stays that of one layer.
            let Some(gradient) = (if wanted.contains(&Some(id)) { arrived[id].clone() } else { arrived[id].take() })
            else {
                continue;
            };
            let inputs = self.graph.inputs(id);
            let asked: Vec<bool> =
                inputs.iter().map(|input| input.map_or(wanted.contains(&None), |input| needed[input])).collect();
            for (index, part) in self.pull(trace, id, gradient, rule, &asked).into_iter().enumerate() {
                let Some(part) = part else { continue };
                let place = inputs[index].map_or(&mut at_input, |input| &mut arrived[input]);
                *place = Some(match place.take() {
                    Some(sum) => sum + part,
                    None => part,
                });
            }
        }
        let at = |&place: &Option<NodeId>| match place {
            None => at_input.clone(),
            Some(id) => arrived.get(id).cloned().flatten(),
        };
        wanted.iter().map(at).collect()
    }

    /// For every node up to `from`: whether a wanted place lies at it or behind it.
    fn leads_to(&self, wanted: &[Option<NodeId>], from: NodeId) -> Vec<bool> {
        let mut leads = vec![false; from + 1];
        for id in 0..=from {
            let behind = |input: &Option<NodeId>| input.map_or(wanted.contains(&None), |input| leads[input]);
            leads[id] = wanted.contains(&Some(id)) || self.graph.inputs(id).iter().any(behind);
        }
        leads
    }

    /// One op's transposed map: what `gradient` at its output gives at each of its inputs that is asked for.
    fn pull(
        &self,
        trace: &Trace,
        node: NodeId,
        mut gradient: Tensor<4>,
        rule: ReluRule,
        asked: &[bool],
    ) -> Vec<Option<Tensor<4>>> {
        if !asked.contains(&true) {
            return vec![];
        }
        let inputs = self.graph.inputs(node);
        let op = &self.graph.nodes()[node].op;
        match op {
            Op::Add => return asked.iter().map(|&asked| asked.then(|| gradient.clone())).collect(),
            Op::Concat => {
                let mut start = 0;
                let part = |(input, &asked): (&Option<NodeId>, &bool)| {
                    let channels = self.graph.shape_of(*input)[0];
                    start += channels;
                    asked.then(|| gradient.clone().narrow(1, start - channels, channels))
                };
                return inputs.iter().zip(asked).map(part).collect();
            }
            _ => {}
        }
        let [channels, height, width] = self.graph.shape_of(inputs[0]);
        let [batch, out, ..] = gradient.dims();
        let pulled = match (op, &self.params[node]) {
            (Op::Conv2d { stride, padding, dilation, groups, .. }, Params::Conv(weight, _)) => {
                let fast = self.convolution(node, weight, None).pullback(&mut gradient, [height, width]);
                fast.unwrap_or_else(|| {
                    conv2d_pullback(gradient, weight.clone(), [height, width], *stride, *padding, *dilation, *groups)
                })
            }
            (Op::Dense { .. }, Params::Dense(chunks, _)) => {
                let gradient = gradient.reshape([batch, out]);
                let mut start = 0;
                let parts = chunks.iter().map(|chunk| {
                    let columns = chunk.dims()[1];
                    start += columns;
                    gradient.clone().narrow(1, start - columns, columns).matmul(chunk.clone().transpose())
                });
                let sum = parts.reduce(Tensor::add).unwrap_or_else(|| unreachable!("a dense layer has a chunk"));
                sum.reshape([batch, channels, 1, 1])
            }
            (Op::Relu, _) => {
                let open = || self.output(trace, node).greater_elem(0.0).float();
                match rule {
                    ReluRule::Gradient => gradient * open(),
                    ReluRule::GuidedBackprop => activation::relu(gradient) * open(),
                    ReluRule::Deconvnet => activation::relu(gradient),
                    ReluRule::Redirected => {
                        let passed = gradient.clone() * open();
                        // Where nothing passes, what is open has no gradient: the rest is all closed.
                        redirect(passed, activation::relu(gradient))
                    }
                }
            }
            (Op::Clip { min, max }, _) => {
                let y = self.output(trace, node);
                let (above, below) = (y.clone().greater_elem(*min).float(), y.lower_elem(*max).float());
                let open = above.clone() * below.clone();
                match rule {
                    ReluRule::Gradient => gradient * open,
                    ReluRule::GuidedBackprop => activation::relu(gradient) * open,
                    ReluRule::Deconvnet => activation::relu(gradient),
                    // Up from the lower bound, down from the upper one.
                    ReluRule::Redirected => redirect(
                        gradient.clone() * open,
                        activation::relu(gradient.clone()) * below - activation::relu(-gradient) * above,
                    ),
                }
            }
            (Op::MaxPool { .. }, _) => {
                let switches = self.switches(trace, node);
                let like = Tensor::zeros([batch, channels, height, width], &gradient.device());
                max_pool_pullback(gradient, like, switches, &self.pooling(node))
            }
            // The zeros around are nobody's.
            (Op::Pad { padding }, _) => gradient.narrow(2, padding.top, height).narrow(3, padding.left, width),
            (Op::AveragePool { kernel, stride, padding, count_include_pad }, _) => {
                let like = Tensor::zeros([batch, channels, height, width], &gradient.device());
                let padding = [padding.top, padding.left];
                module::avg_pool2d_backward(like, gradient, *kernel, *stride, padding, *count_include_pad, false)
            }
            (Op::GlobalAveragePool, _) => {
                gradient.div_scalar((height * width) as f32).expand([batch, channels, height, width])
            }
            (Op::Flatten, _) => gradient.reshape([batch, channels, height, width]),
            // d softmax: p * (g - sum(p * g)).
            (Op::Softmax, _) => {
                let p = self.output(trace, node);
                let mean = (p.clone() * gradient.clone()).sum_dim(1);
                p * (gradient - mean)
            }
            // d sigmoid: p * (1 - p) * g.
            (Op::Sigmoid, _) => {
                let p = self.output(trace, node);
                gradient * p.clone() * (-p + 1.0)
            }
            (Op::Opposites, _) => gradient.clone().narrow(1, 1, 1) - gradient.narrow(1, 0, 1),
            (Op::Concat | Op::Add, _) => unreachable!("handled above"),
            (Op::Conv2d { .. } | Op::Dense { .. }, _) => unreachable!("the loader gives every op its parameters"),
        };
        vec![Some(pulled)]
    }
}

/// `otherwise` for those pictures of a batch of which nothing `passed`.
fn redirect(passed: Tensor<4>, otherwise: Tensor<4>) -> Tensor<4> {
    let nothing = passed.clone().abs().sum_dims(&[1, 2, 3]).equal_elem(0.0).float();
    passed + otherwise * nothing
}

/// The transposed convolution: from `[K, out, h, w]` to the input's `[K, in, H, W]`.
fn conv2d_pullback(
    gradient: Tensor<4>,
    weight: Tensor<4>,
    [height, width]: [usize; 2],
    stride: [usize; 2],
    padding: Padding,
    dilation: [usize; 2],
    groups: usize,
) -> Tensor<4> {
    // Without padding the transposed map fills the padded input but for the rows and columns that no window reached.
    let options = ConvTransposeOptions::new(stride, [0, 0], [0, 0], dilation, groups);
    let full = module::conv_transpose2d(gradient, weight, None, options);
    let [.., reached_height, reached_width] = full.dims();
    let missing = Padding {
        bottom: (padding.top + height).saturating_sub(reached_height),
        right: (padding.left + width).saturating_sub(reached_width),
        ..Padding::default()
    };
    padded(full, missing, 0.0).narrow(2, padding.top, height).narrow(3, padding.left, width)
}

/// Unpooling to the switches; `like` has the input's shape `[K, C, H, W]`.
fn max_pool_pullback(gradient: Tensor<4>, like: Tensor<4>, switches: Tensor<4, Int>, pooling: &Pooling) -> Tensor<4> {
    let &Pooling { kernel, stride, around, rest, ceil_mode } = pooling;
    let [batch, _, height, width] = like.dims();
    // Switches of one picture serve every question about it.
    let copies = if switches.dims()[0] == batch { 1 } else { batch };
    let switches = switches.repeat_dim(0, copies);
    let like = padded(like, around, 0.0);
    let even = [rest.top, rest.left];
    let pulled =
        module::max_pool2d_with_indices_backward(like, kernel, stride, even, [1, 1], ceil_mode, gradient, switches);
    if around == Padding::default() {
        return pulled;
    }
    pulled.narrow(2, around.top, height).narrow(3, around.left, width)
}
