//! The operations a network is made of, as data, and the shapes they give.

use serde::{Deserialize, Serialize};

/// Room around a feature map, in pixels: zeros (in a max pool: minus infinity).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Padding {
    /// Rows above.
    pub top: usize,
    /// Columns at the left.
    pub left: usize,
    /// Rows below.
    pub bottom: usize,
    /// Columns at the right.
    pub right: usize,
}

impl Padding {
    /// The same number of pixels on all four sides.
    pub const fn all(pixels: usize) -> Self {
        Self { top: pixels, left: pixels, bottom: pixels, right: pixels }
    }

    /// This and then `other` around it.
    pub const fn and(self, other: Self) -> Self {
        Self {
            top: self.top + other.top,
            left: self.left + other.left,
            bottom: self.bottom + other.bottom,
            right: self.right + other.right,
        }
    }

    /// Whether opposite sides are padded alike.
    pub const fn is_symmetric(&self) -> bool {
        self.top == self.bottom && self.left == self.right
    }
}

const fn one() -> usize {
    1
}

const fn ones() -> [usize; 2] {
    [1, 1]
}

/// One operation. Shapes are `[C, H, W]` per picture; a vector is `[C, 1, 1]`. Parameters are named tensors of the packed
/// model. Pairs are `[vertical, horizontal]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    /// Cross-correlation with a weight `[out, in / groups, kernel height, kernel width]` plus a bias `[out]`.
    Conv2d {
        /// The weight tensor's name.
        weight: String,
        /// The bias tensor's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bias: Option<String>,
        /// Step between windows.
        #[serde(default = "ones")]
        stride: [usize; 2],
        /// Zeros around the input.
        #[serde(default)]
        padding: Padding,
        /// Distance between kernel elements.
        #[serde(default = "ones")]
        dilation: [usize; 2],
        /// Number of channel groups that do not see each other.
        #[serde(default = "one")]
        groups: usize,
    },
    /// `max(x, 0)`.
    Relu,
    /// `min(max(x, min), max)`; ReLU6 is `0..6`.
    Clip {
        /// Lower bound.
        min: f32,
        /// Upper bound.
        max: f32,
    },
    /// Zeros around the input, which take part in whatever comes next.
    Pad {
        /// How many.
        padding: Padding,
    },
    /// The largest value of each window. The place it came from, the first one of equals, is the pooling switch.
    MaxPool {
        /// Window size.
        kernel: [usize; 2],
        /// Step between windows.
        stride: [usize; 2],
        /// Minus infinity around the input.
        #[serde(default)]
        padding: Padding,
        /// Whether a window may reach over the end of the input.
        #[serde(default)]
        ceil_mode: bool,
    },
    /// The mean of each window.
    AveragePool {
        /// Window size.
        kernel: [usize; 2],
        /// Step between windows.
        stride: [usize; 2],
        /// Zeros around the input; opposite sides must be alike.
        #[serde(default)]
        padding: Padding,
        /// Whether the padding counts in the mean.
        #[serde(default)]
        count_include_pad: bool,
    },
    /// The mean over all positions: `[C, H, W]` to `[C, 1, 1]`.
    GlobalAveragePool,
    /// `x W + b` on a vector, with a weight `[in, out]` and a bias `[out]`.
    Dense {
        /// The weight tensor's name.
        weight: String,
        /// The bias tensor's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bias: Option<String>,
    },
    /// All inputs' channels, one input after the other.
    Concat,
    /// The sum of two or more inputs of one shape.
    Add,
    /// `[C, H, W]` to `[C * H * W, 1, 1]`, row-major.
    Flatten,
    /// `exp(x) / sum(exp(x))` over the channels.
    Softmax,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// One logit `x` as those of two classes, `[-x, x]`: `[1, H, W]` to `[2, H, W]`. Their sigmoids add up to 1.
    Opposites,
}

impl Op {
    /// The names [`Op`] is spelled with in `model.json`.
    pub const NAMES: [&str; 14] = [
        "conv2d",
        "relu",
        "clip",
        "pad",
        "max_pool",
        "average_pool",
        "global_average_pool",
        "dense",
        "concat",
        "add",
        "flatten",
        "softmax",
        "sigmoid",
        "opposites",
    ];

    /// The parameter tensors' names: weight, then bias.
    pub fn parameters(&self) -> Vec<&str> {
        match self {
            Self::Conv2d { weight, bias, .. } | Self::Dense { weight, bias } => {
                std::iter::once(weight.as_str()).chain(bias.as_deref()).collect()
            }
            _ => vec![],
        }
    }

    /// Whether the op is linear (affine) in its input, so that its transposed map does not depend on the picture.
    pub const fn is_linear(&self) -> bool {
        !matches!(self, Self::Relu | Self::Clip { .. } | Self::MaxPool { .. } | Self::Softmax | Self::Sigmoid)
    }

    /// The shape `[C, H, W]` of the result, given the inputs' shapes and the parameter tensors' shapes.
    ///
    /// # Errors
    /// A sentence without the node's name where the shapes do not fit; the caller knows the name.
    pub fn output_shape(&self, inputs: &[[usize; 3]], parameters: &[Vec<usize>]) -> Result<[usize; 3], String> {
        let several = matches!(self, Self::Concat | Self::Add);
        let Some(&[channels, height, width]) = inputs.first() else {
            return Err("has no input".into());
        };
        if !several && inputs.len() != 1 {
            return Err(format!("takes one input, not {}", inputs.len()));
        }
        let bias_fits = |out: usize| match parameters.get(1) {
            Some(bias) if bias[..] != [out] => Err(format!("has a bias of shape {bias:?} for {out} outputs")),
            _ => Ok(()),
        };
        match self {
            Self::Conv2d { stride, padding, dilation, groups, .. } => {
                let weight = parameters.first().ok_or("has no weight")?;
                let &[out, per_group, kernel_height, kernel_width] = &weight[..] else {
                    return Err(format!("has a weight of shape {weight:?}, not [out, in, height, width]"));
                };
                if *groups == 0 || per_group * groups != channels || out % groups != 0 {
                    return Err(format!(
                        "has a weight of shape {weight:?} in {groups} groups for {channels} input channels"
                    ));
                }
                bias_fits(out)?;
                let [height, width] =
                    windows([height, width], [kernel_height, kernel_width], *stride, *dilation, *padding, false)?;
                Ok([out, height, width])
            }
            Self::Clip { min, max } if min >= max => Err(format!("clips to the empty range {min}..{max}")),
            Self::Relu | Self::Clip { .. } | Self::Softmax | Self::Sigmoid => Ok([channels, height, width]),
            Self::Opposites if channels == 1 => Ok([2, height, width]),
            Self::Opposites => Err(format!("makes two classes of one logit, not of {channels}")),
            Self::Pad { padding } => {
                Ok([channels, height + padding.top + padding.bottom, width + padding.left + padding.right])
            }
            Self::MaxPool { kernel, stride, padding, ceil_mode } => {
                no_empty_window(*kernel, *padding)?;
                let [height, width] = windows([height, width], *kernel, *stride, [1, 1], *padding, *ceil_mode)?;
                Ok([channels, height, width])
            }
            Self::AveragePool { kernel, stride, padding, count_include_pad } => {
                if !count_include_pad {
                    no_empty_window(*kernel, *padding)?;
                }
                if !padding.is_symmetric() {
                    return Err("pads opposite sides differently, which an average pool cannot".into());
                }
                let [height, width] = windows([height, width], *kernel, *stride, [1, 1], *padding, false)?;
                Ok([channels, height, width])
            }
            Self::GlobalAveragePool => Ok([channels, 1, 1]),
            Self::Dense { .. } => {
                let weight = parameters.first().ok_or("has no weight")?;
                let &[into, out] = &weight[..] else {
                    return Err(format!("has a weight of shape {weight:?}, not [in, out]"));
                };
                if [into, 1, 1] != [channels, height, width] {
                    return Err(format!("takes [{into}, 1, 1] but is given [{channels}, {height}, {width}]"));
                }
                bias_fits(out)?;
                Ok([out, 1, 1])
            }
            Self::Concat => {
                if inputs.iter().any(|&[_, h, w]| [h, w] != [height, width]) {
                    return Err(format!("joins feature maps of different sizes: {inputs:?}"));
                }
                Ok([inputs.iter().map(|shape| shape[0]).sum(), height, width])
            }
            Self::Add => {
                if inputs.len() < 2 || inputs.iter().any(|shape| shape != &inputs[0]) {
                    return Err(format!("adds feature maps of different shapes: {inputs:?}"));
                }
                Ok(inputs[0])
            }
            Self::Flatten => Ok([channels * height * width, 1, 1]),
        }
    }
}

/// Refuses a pool with windows that would see nothing of the input.
fn no_empty_window(kernel: [usize; 2], padding: Padding) -> Result<(), String> {
    let [height, width] = kernel;
    if padding.top.max(padding.bottom) >= height.max(1) || padding.left.max(padding.right) >= width.max(1) {
        return Err(format!(
            "pads by as much as its window of {height} x {width}, which would see nothing but padding"
        ));
    }
    Ok(())
}

/// The number of windows along each axis.
fn windows(
    size: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
    padding: Padding,
    ceil_mode: bool,
) -> Result<[usize; 2], String> {
    let padded = [size[0] + padding.top + padding.bottom, size[1] + padding.left + padding.right];
    let mut count = [0; 2];
    for axis in 0..2 {
        if kernel[axis] == 0 || stride[axis] == 0 || dilation[axis] == 0 {
            return Err("has a kernel, stride or dilation of 0".into());
        }
        let reach = dilation[axis] * (kernel[axis] - 1) + 1;
        let Some(room) = padded[axis].checked_sub(reach) else {
            return Err(format!("has a window of {reach} pixels on a padded input of {}", padded[axis]));
        };
        count[axis] = room / stride[axis] + 1;
        // A window that would start in the padding behind the input does not count (PyTorch's rule).
        let before = [padding.top, padding.left][axis];
        if ceil_mode && room % stride[axis] != 0 && count[axis] * stride[axis] < size[axis] + before {
            count[axis] += 1;
        }
    }
    Ok(count)
}

/// Says which op of a raw node is not known, before serde does it less clearly.
///
/// # Errors
/// Half a sentence naming the node and the ops there are.
pub fn check_known(node: &serde_json::Value) -> Result<(), String> {
    let op = node.get("op").and_then(|op| op.as_str()).unwrap_or("(none)");
    if Op::NAMES.contains(&op) {
        return Ok(());
    }
    let name = node.get("name").and_then(|name| name.as_str()).unwrap_or("(unnamed)");
    Err(format!("the node {name} has the unknown op {op}; this version knows {}", Op::NAMES.join(", ")))
}
