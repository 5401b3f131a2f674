//! Ops on a device: each is a file that runs it forward and pulls a gradient back through it. Their data, shapes and roles stand
//! in `convscope-core`.
//!
//! A new op is a file here, and a line in the list below.

mod add;
mod average_pool;
mod clip;
mod concat;
mod conv2d;
mod crop;
mod dense;
mod elu;
mod flatten;
mod gelu;
mod global_average_pool;
mod group_norm;
mod hard_sigmoid;
mod hard_swish;
mod layer_norm;
mod leaky_relu;
mod local_response_norm;
mod max_pool;
mod mixed;
mod multiply;
mod opposites;
mod pad;
mod prelu;
mod reflect_pad;
mod relu;
mod resize;
mod select_channels;
mod sigmoid;
mod silu;
mod softmax;
mod tanh;

use std::fmt::Debug;
use std::sync::Arc;

use burn::tensor::{Int, Tensor};

use super::bounds::Bounds;
use super::parameter::Parameters;
use super::{Op, Site};
use crate::error::Fault;
pub(super) use pad::{padded, pairs};

/// Inputs of an op in a forward pass. Activations are `[N, C, H, W]`.
pub(super) struct Inputs<'a> {
    /// The first input, where it lies: the memory of a tensor that nobody else reads can be borrowed.
    pub(super) x: &'a mut Tensor<4>,
    /// The inputs after it, of ops that join several.
    pub(super) others: &'a mut [Tensor<4>],
    /// The shape `[C, H, W]` of the output.
    pub(super) shape: [usize; 3],
}

/// The node whose output a trace holds for an op's pullback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// No output: the pullback needs neither, or what it needs is cheap to have again.
    Nothing,
    /// Output of the op itself.
    Output,
    /// Output that the op reads.
    Input,
}

/// Change of parameters, number by number.
pub(super) type Change<'a> = dyn Fn(Tensor<1>) -> Tensor<1> + 'a;

/// A parameter with each of its numbers changed.
fn changed<const D: usize>(parameter: &Tensor<D>, change: &Change<'_>) -> Tensor<D> {
    change(parameter.clone().flatten(0, D - 1)).reshape(parameter.dims())
}

/// An op with its parameters.
pub(super) trait Operator: Debug + Send + Sync {
    /// The output `[N, C, H, W]`.
    fn forward(&self, inputs: Inputs<'_>) -> Tensor<4>;

    /// The output, and the pooling switches of an op that has some.
    fn forward_with_switches(&self, inputs: Inputs<'_>) -> (Tensor<4>, Option<Tensor<4, Int>>) {
        (self.forward(inputs), None)
    }

    /// Whether [`forward_within`](Self::forward_within) is faster than bounds afterwards.
    fn fuses_bounds(&self) -> bool {
        false
    }

    /// The output kept within bounds.
    fn forward_within(&self, inputs: Inputs<'_>, bounds: Bounds) -> Tensor<4> {
        bounds.apply(self.forward(inputs))
    }

    /// Tensor that a trace holds for [`pullback`](Self::pullback).
    fn holds(&self) -> Holds {
        Holds::Nothing
    }

    /// The vector-Jacobian product: what a gradient at the output `[K, C, h, w]` is at the input of that number, `[K, C, H, W]`.
    fn pullback(&self, gradient: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4>;

    /// Op with each number of its weights changed, and each of its bias; `None` if it has none.
    fn with_parameters(&self, _weight: &Change<'_>, _bias: &Change<'_>) -> Option<Arc<dyn Operator>> {
        None
    }

    /// Whether an activation function falls nowhere; true of other ops.
    fn is_monotone(&self) -> bool {
        true
    }

    /// Of an activation function: whether it gives no negative number.
    fn is_nonnegative(&self) -> bool {
        false
    }

    /// Part of a gradient that leads out of where an activation function is flat; none of one that is flat nowhere.
    fn escape(&self, _gradient: Tensor<4>, _at: &Site<'_>) -> Option<Tensor<4>> {
        None
    }
}

/// An op as data, which can be given its parameters.
trait Load {
    /// The op with its parameters; an error is a sentence without subject.
    fn load(&self, parameters: &Parameters<'_>) -> Result<Arc<dyn Operator>, Fault>;
}

/// An op without parameters is computed as it stands.
impl<T: Operator + Clone + 'static> Load for T {
    fn load(&self, _: &Parameters<'_>) -> Result<Arc<dyn Operator>, Fault> {
        Ok(Arc::new(self.clone()))
    }
}

/// Makes [`load`] of the list of ops.
macro_rules! ops {
    ($($op:ident,)+) => {
        /// An op with its parameters; an error is a sentence without subject.
        pub(super) fn load(op: &Op, parameters: &Parameters<'_>) -> Result<Arc<dyn Operator>, Fault> {
            match op {
                $(Op::$op(op) => op.load(parameters),)+
            }
        }
    };
}

ops! {
    Conv2d,
    Relu,
    Silu,
    Clip,
    Pad,
    MaxPool,
    AveragePool,
    GlobalAveragePool,
    Dense,
    Concat,
    Add,
    Flatten,
    Softmax,
    Sigmoid,
    Opposites,
    LeakyRelu,
    Prelu,
    Elu,
    Tanh,
    Gelu,
    HardSigmoid,
    HardSwish,
    LayerNorm,
    GroupNorm,
    LocalResponseNorm,
    Multiply,
    SelectChannels,
    Crop,
    ReflectPad,
    Resize,
}
