//! Nodes on their way from ONNX to [`convscope_core::nn`]: parameters beside the op, and affine maps that are still to be folded away.

use convscope_core::nn::{self, Conv2d, Op, Padding};

/// A node to be. Its place in the list of drafts is its identity; inputs come before their readers.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// The name of the ONNX node it comes from.
    pub(super) raw: String,
    /// The drafts it reads; `None` is the image.
    pub(super) inputs: Vec<Option<usize>>,
    /// Kind of operation.
    pub(super) kind: Kind,
    /// Shape `[C, H, W]` of the output.
    pub(super) shape: [usize; 3],
}

/// Kind of operation of a draft.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// A convolution.
    Conv(Conv),
    /// `x W + b`.
    Dense(Dense),
    /// `x * scale + shift`, one of each a channel.
    Affine(Affine),
    /// An op without parameters.
    Plain(Op),
    /// A parametric rectified linear unit, with one slope a channel.
    Prelu(Vec<f32>),
    /// Error function: no op of ours, but part of one.
    Erf,
    /// No operation any more: readers read its input.
    Alias,
}

/// A convolution with its parameters.
#[derive(Clone, Debug)]
pub(super) struct Conv {
    /// `[out, in / groups, height, width]`, row-major.
    pub(super) weight: Vec<f32>,
    pub(super) weight_shape: [usize; 4],
    pub(super) bias: Vec<f32>,
    pub(super) stride: [usize; 2],
    pub(super) padding: Padding,
    pub(super) dilation: [usize; 2],
    pub(super) groups: usize,
}

/// A dense layer with its parameters.
#[derive(Clone, Debug)]
pub(super) struct Dense {
    /// `[in, out]`, row-major.
    pub(super) weight: Vec<f32>,
    pub(super) weight_shape: [usize; 2],
    pub(super) bias: Vec<f32>,
}

/// One scale and shift a channel.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Affine {
    pub(super) scale: Vec<f32>,
    pub(super) shift: Vec<f32>,
}

impl Conv {
    /// The op, with the names of its parameters.
    pub(super) fn op(&self, weight: String, bias: Option<String>) -> Op {
        let Self { stride, padding, dilation, groups, .. } = *self;
        Conv2d { weight, bias, stride, padding, dilation, groups }.into()
    }

    /// An affine map as a convolution with one 1x1 kernel a channel.
    pub(super) fn depthwise(affine: Affine) -> Self {
        let channels = affine.scale.len();
        Self {
            weight: affine.scale,
            weight_shape: [channels, 1, 1, 1],
            bias: affine.shift,
            stride: [1, 1],
            padding: Padding::default(),
            dilation: [1, 1],
            groups: channels,
        }
    }
}

impl Dense {
    /// The op, with the names of its parameters.
    pub(super) fn op(weight: String, bias: Option<String>) -> Op {
        nn::Dense { weight, bias }.into()
    }
}

impl Affine {
    /// Whether it leaves everything as it is.
    pub(super) fn is_identity(&self) -> bool {
        self.scale.iter().all(|&scale| scale == 1.0) && self.shift.iter().all(|&shift| shift == 0.0)
    }

    /// Affine map that is this one first, then `next`.
    pub(super) fn then(&self, next: &Self) -> Self {
        let scale = self.scale.iter().zip(&next.scale).map(|(one, two)| one * two).collect();
        let shift = self.shift.iter().zip(&next.scale).zip(&next.shift).map(|((t, s), shift)| t * s + shift).collect();
        Self { scale, shift }
    }
}
