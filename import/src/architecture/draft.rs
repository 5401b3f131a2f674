//! Graph that is being drawn: nodes with the shapes that their weights must have.

use std::collections::{BTreeMap, HashMap};

use super::Drawn;
use crate::pack::{BatchNorm, Layout};
use convscope_core::nn::{
    Add, AveragePool, Clip, Concat, Conv2d, Dense, Flatten, GlobalAveragePool, Graph, MaxPool, Multiply, Node, Op,
    Padding, Relu, Sigmoid, Silu, Softmax,
};

/// PyTorch's number added to the variance.
pub(super) const EPSILON: f32 = 1e-5;

/// Convolution as the tables of a family have it; all sides alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Conv {
    pub(super) out: usize,
    pub(super) kernel: usize,
    pub(super) stride: usize,
    pub(super) padding: Padding,
    pub(super) groups: usize,
    pub(super) bias: bool,
}

impl Conv {
    /// A convolution with half its kernel as padding and without bias, as stand before batch normalizations.
    pub(super) const fn new(out: usize, kernel: usize, stride: usize) -> Self {
        Self { out, kernel, stride, padding: Padding::all(kernel / 2), groups: 1, bias: false }
    }

    pub(super) const fn with_bias(self) -> Self {
        Self { bias: true, ..self }
    }

    pub(super) const fn padded(self, padding: Padding) -> Self {
        Self { padding, ..self }
    }

    /// Each channel by itself.
    pub(super) const fn depthwise(self) -> Self {
        Self { groups: self.out, ..self }
    }
}

/// Activation function behind a convolution.
#[derive(Clone, Copy, Debug)]
pub(super) enum Active {
    Relu,
    Relu6,
    Silu,
}

/// The graph so far. What a method draws it names in its answer.
#[derive(Debug)]
pub(super) struct Draft {
    classes: usize,
    layout: Layout,
    nodes: Vec<Node>,
    batch_norms: Vec<BatchNorm>,
    shapes: BTreeMap<String, Vec<usize>>,
    channels: HashMap<String, usize>,
    head: String,
}

impl Draft {
    /// The image.
    pub(super) const INPUT: &str = Graph::INPUT;

    pub(super) fn new(classes: usize, layout: Layout) -> Self {
        let (nodes, batch_norms, shapes, channels) = (vec![], vec![], BTreeMap::new(), HashMap::new());
        Self { classes, layout, nodes, batch_norms, shapes, channels, head: String::new() }
    }

    pub(super) fn channels(&self, name: &str) -> usize {
        self.channels.get(name).copied().unwrap_or(3)
    }

    fn push(&mut self, name: &str, op: impl Into<Op>, inputs: &[&str], channels: usize) -> String {
        let inputs = inputs.iter().map(|&input| input.to_owned()).collect();
        self.nodes.push(Node { name: name.into(), inputs, op: op.into() });
        self.channels.insert(name.into(), channels);
        name.into()
    }

    fn alike(&mut self, name: &str, op: impl Into<Op>, input: &str) -> String {
        self.push(name, op, &[input], self.channels(input))
    }

    /// A convolution with a weight and, if it has one, a bias of that name.
    pub(super) fn conv(&mut self, tensor: &str, input: &str, conv: Conv) -> String {
        self.conv_as(tensor, tensor, input, conv)
    }

    /// A convolution that is called otherwise than its tensors.
    pub(super) fn conv_as(&mut self, name: &str, tensor: &str, input: &str, conv: Conv) -> String {
        let Conv { out, kernel, stride, padding, groups, bias } = conv;
        let [weight, own_bias] = self.layout.parameters(tensor);
        let channels = self.channels(input) / groups;
        let shape = match self.layout {
            Layout::Oihw => vec![out, channels, kernel, kernel],
            Layout::Hwio => vec![kernel, kernel, channels, out],
        };
        self.shapes.insert(weight.clone(), shape);
        let bias = bias.then_some(own_bias);
        self.shapes.extend(bias.clone().map(|bias| (bias, vec![out])));
        let op = Conv2d { weight, bias, stride: [stride; 2], padding, dilation: [1, 1], groups };
        self.push(name, op, &[input], out)
    }

    /// Batch normalization with the tensors `{tensor}.weight`, `{tensor}.bias`, `{tensor}.running_mean` and `{tensor}.running_var`.
    pub(super) fn norm(&mut self, tensor: &str, input: &str, epsilon: f32) -> String {
        let norm = BatchNorm::new(tensor.into(), tensor.into(), epsilon);
        let name = self.alike(tensor, norm.placeholder(), input);
        self.shapes.extend(norm.tensors(self.layout).map(|tensor| (tensor, vec![self.channels[&name]])));
        self.batch_norms.push(norm);
        name
    }

    pub(super) fn active(&mut self, name: &str, input: &str, function: Active) -> String {
        let op: Op = match function {
            Active::Relu => Relu {}.into(),
            Active::Relu6 => Clip { min: 0.0, max: 6.0 }.into(),
            Active::Silu => Silu {}.into(),
        };
        self.alike(name, op, input)
    }

    pub(super) fn relu(&mut self, name: &str, input: &str) -> String {
        self.active(name, input, Active::Relu)
    }

    pub(super) fn sigmoid(&mut self, name: &str, input: &str) -> String {
        self.alike(name, Sigmoid {}, input)
    }

    pub(super) fn max_pool(
        &mut self,
        name: &str,
        input: &str,
        [kernel, stride, padding]: [usize; 3],
        ceil: bool,
    ) -> String {
        let padding = Padding::all(padding);
        self.alike(name, MaxPool { kernel: [kernel; 2], stride: [stride; 2], padding, ceil_mode: ceil }, input)
    }

    /// Means of squares that touch each other.
    pub(super) fn average_pool(&mut self, name: &str, input: &str, side: usize) -> String {
        let op = AveragePool {
            kernel: [side; 2],
            stride: [side; 2],
            padding: Padding::default(),
            count_include_pad: true,
            ceil_mode: false,
        };
        self.alike(name, op, input)
    }

    pub(super) fn mean(&mut self, name: &str, input: &str) -> String {
        self.alike(name, GlobalAveragePool {}, input)
    }

    pub(super) fn add(&mut self, name: &str, one: &str, other: &str) -> String {
        self.push(name, Add {}, &[one, other], self.channels(one))
    }

    /// A signal times the number that a gate has for each channel.
    pub(super) fn gate(&mut self, name: &str, signal: &str, gate: &str) -> String {
        self.push(name, Multiply {}, &[signal, gate], self.channels(signal))
    }

    pub(super) fn concat(&mut self, name: &str, inputs: &[String]) -> String {
        let channels = inputs.iter().map(|input| self.channels(input)).sum();
        self.push(name, Concat {}, &inputs.iter().map(String::as_str).collect::<Vec<_>>(), channels)
    }

    /// Maps of `side x side` as one vector.
    pub(super) fn flatten(&mut self, input: &str, side: usize) -> String {
        self.push("flatten", Flatten {}, &[input], self.channels(input) * side * side)
    }

    pub(super) fn dense(&mut self, tensor: &str, input: &str, out: usize) -> String {
        self.dense_as(tensor, tensor, input, out)
    }

    /// A dense layer that is called otherwise than its tensors.
    pub(super) fn dense_as(&mut self, name: &str, tensor: &str, input: &str, out: usize) -> String {
        let [weight, bias] = self.layout.parameters(tensor);
        let shape = match self.layout {
            Layout::Oihw => vec![out, self.channels(input)],
            Layout::Hwio => vec![self.channels(input), out],
        };
        self.shapes.insert(weight.clone(), shape);
        self.shapes.insert(bias.clone(), vec![out]);
        self.push(name, Dense { weight, bias: Some(bias) }, &[input], out)
    }

    /// The last layer, dense, and the probabilities.
    pub(super) fn classes(&mut self, tensor: &str, input: &str) {
        [_, self.head] = self.layout.parameters(tensor);
        let logits = self.dense(tensor, input, self.classes);
        self.probabilities(&logits);
    }

    /// The last layer, a convolution of one pixel behind which the mean is taken.
    pub(super) fn classes_by_conv(&mut self, tensor: &str, activation: &str, input: &str) {
        [_, self.head] = self.layout.parameters(tensor);
        let maps = self.conv(tensor, input, Conv::new(self.classes, 1, 1).with_bias());
        let maps = self.relu(activation, &maps);
        let logits = self.mean("logits", &maps);
        self.probabilities(&logits);
    }

    fn probabilities(&mut self, logits: &str) {
        self.alike("probabilities", Softmax {}, logits);
    }

    pub(super) fn finish(self) -> Drawn {
        Drawn { nodes: self.nodes, batch_norms: self.batch_norms, shapes: self.shapes, head: self.head }
    }
}
