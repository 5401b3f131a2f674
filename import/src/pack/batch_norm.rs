//! Batch normalizations of recipes (Ioffe and Szegedy 2015, <https://arxiv.org/abs/1502.03167>): at the time of use an affine map of
//! each channel, which becomes part of the linear layer before it, or a convolution of one pixel.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Layout;
use crate::{FloatTensor, Tensor};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_core::nn::{Conv2d, Dense, Node, Op, Padding};

/// Op of such a node in a recipe.
const OP: &str = "batch_norm";

/// A batch normalization as it stands in a recipe.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchNorm {
    name: String,
    #[allow(dead_code, reason = "the convolution in its place has them")]
    inputs: Vec<String>,
    #[allow(dead_code, reason = "the op is how it is told from others")]
    op: String,
    /// The start of its tensors' names.
    tensors: String,
    /// Number added to the variance.
    #[serde(default = "epsilon")]
    epsilon: f32,
}

/// PyTorch's epsilon.
const fn epsilon() -> f32 {
    1e-5
}

/// Takes the batch normalizations out of a recipe's nodes, and leaves a convolution of one pixel in the place of each, whose
/// parameters are still to come.
pub(super) fn taken_out(nodes: &mut [Value]) -> Result<Vec<BatchNorm>, Fault> {
    let mut found = vec![];
    for node in nodes.iter_mut().filter(|node| node.get("op").and_then(Value::as_str) == Some(OP)) {
        let name = node.get("name").and_then(Value::as_str).unwrap_or("(unnamed)").to_owned();
        let norm: BatchNorm = serde_json::from_value(node.clone()).map_err(|error| {
            fault!("recipe-batch-norm", "the batch normalization {name}: {error}", name, error).with_source(error)
        })?;
        *node = json!({ "name": norm.name, "inputs": norm.inputs, "op": "conv2d", "weight": norm.scale(), "bias": norm.shift() });
        found.push(norm);
    }
    Ok(found)
}

impl BatchNorm {
    /// Batch normalization of that name, whose tensors' names begin with `tensors`.
    pub(crate) fn new(name: String, tensors: String, epsilon: f32) -> Self {
        Self { name, inputs: vec![], op: OP.into(), tensors, epsilon }
    }

    /// Name of its node.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The convolution that stands in its place until its tensors are there.
    pub(crate) fn placeholder(&self) -> Conv2d {
        Conv2d {
            weight: self.scale(),
            bias: Some(self.shift()),
            stride: [1, 1],
            padding: Padding::default(),
            dilation: [1, 1],
            groups: 1,
        }
    }

    fn scale(&self) -> String {
        format!("{}/scale", self.name)
    }

    fn shift(&self) -> String {
        format!("{}/shift", self.name)
    }

    /// Whether a tensor is one of those that the convolution in its place is still to get.
    pub(crate) fn makes(&self, tensor: &str) -> bool {
        tensor == self.scale() || tensor == self.shift()
    }

    /// Names of its tensors in the file: factor, offset, mean and variance.
    pub(crate) fn tensors(&self, layout: Layout) -> [String; 4] {
        let (between, names) = match layout {
            Layout::Oihw => ('.', ["weight", "bias", "running_mean", "running_var"]),
            Layout::Hwio => ('/', ["gamma", "beta", "moving_mean", "moving_variance"]),
        };
        names.map(|name| format!("{}{between}{name}", self.tensors))
    }

    /// Scale and shift of each channel.
    fn affine(&self, layout: Layout, tensors: &BTreeMap<String, Tensor>) -> Result<[Vec<f32>; 2], Fault> {
        let names = self.tensors(layout);
        let read = |name: &String| tensors.get(name).map_or_else(|| Ok(vec![]), Tensor::read);
        let [gamma, beta, mean, variance] = &names;
        let [gamma, beta, mean, variance] = [read(gamma)?, read(beta)?, read(mean)?, read(variance)?];
        if gamma.is_empty() || [&beta, &mean, &variance].iter().any(|other| other.len() != gamma.len()) {
            let name = &self.name;
            return Err(fault!(
                "batch-norm-lengths",
                "the batch normalization {name} has tensors of different lengths",
                name
            ));
        }
        let root = |variance: f32| (f64::from(variance) + f64::from(self.epsilon)).sqrt();
        let scale: Vec<f32> =
            gamma.iter().zip(&variance).map(|(&gamma, &variance)| (f64::from(gamma) / root(variance)) as f32).collect();
        let shift = (0..gamma.len()).map(|channel| beta[channel] - mean[channel] * scale[channel]).collect();
        Ok([scale, shift])
    }
}

/// Folds batch normalizations into the layers before them where nobody else reads these; the others stay convolutions of one pixel.
pub(super) fn fold(
    norms: &[BatchNorm],
    layout: Layout,
    nodes: &mut Vec<Node>,
    tensors: &mut BTreeMap<String, Tensor>,
) -> Result<(), Fault> {
    for norm in norms {
        let [scale, shift] = norm.affine(layout, tensors)?;
        norm.tensors(layout).iter().for_each(|name| drop(tensors.remove(name)));
        let Some(place) = nodes.iter().position(|node| node.name == norm.name) else { continue };
        let before = nodes[place].inputs.first().cloned().unwrap_or_default();
        let readers = nodes.iter().filter(|node| node.inputs.contains(&before)).count();
        let linear = nodes.iter().position(|node| node.name == before).filter(|_| readers == 1);
        if let Some(linear) = linear
            && joined(&mut nodes[linear], [&scale, &shift], tensors)?
        {
            let from = nodes.remove(place).name;
            let inputs = nodes.iter_mut().flat_map(|node| &mut node.inputs);
            inputs.filter(|input| **input == from).for_each(|input| input.clone_from(&before));
            continue;
        }
        let channels = scale.len();
        nodes[place].op = Conv2d { groups: channels, ..norm.placeholder() }.into();
        tensors.insert(norm.scale(), FloatTensor { shape: vec![channels, 1, 1, 1], values: scale }.into());
        tensors.insert(norm.shift(), FloatTensor { shape: vec![channels], values: shift }.into());
    }
    Ok(())
}

/// Joins scale and shift to a linear layer whose weights have the layout of ours; false where it is none of as many channels.
fn joined(node: &mut Node, [scale, shift]: [&[f32]; 2], tensors: &mut BTreeMap<String, Tensor>) -> Result<bool, Fault> {
    let own_bias = format!("{}/bias", node.name);
    let (weight, bias, along_first) = match &mut node.op {
        Op::Conv2d(Conv2d { weight, bias, .. }) => (weight, bias, true),
        Op::Dense(Dense { weight, bias }) => (weight, bias, false),
        _ => return Ok(false),
    };
    let channels = scale.len();
    let Some(tensor) = tensors.get_mut(weight) else { return Ok(false) };
    let out = if along_first { tensor.shape.first() } else { tensor.shape.last() };
    if out != Some(&channels) || tensor.shape.contains(&0) {
        return Ok(false);
    }
    tensor.scale(scale, along_first);
    let name = bias.get_or_insert(own_bias);
    let zeros = || Ok(vec![0.0; channels]);
    let mut values = tensors.get(name).map_or_else(zeros, Tensor::read)?;
    values.iter_mut().zip(scale.iter().zip(shift)).for_each(|(bias, (scale, shift))| *bias = *bias * scale + shift);
    tensors.insert(name.clone(), FloatTensor { shape: vec![values.len()], values }.into());
    Ok(true)
}

#[cfg(test)]
mod tests;
