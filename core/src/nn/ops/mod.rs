//! Operations a network is made of: each is a file that holds its data, its parameters, the shape it gives and its role.
//!
//! A new op is a file here, a line in the list below, and a file in the engine that computes it.

mod affine;
mod padding;
mod windows;

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

use crate::error::Fault;
use crate::fault;
use serde::{Deserialize, Serialize};

pub use padding::Padding;
pub use resize::{Between, ResizeMode, ResizePlaces};
pub use windows::Reach;

/// The part that an op plays in a network, by which the rest of the program tells ops apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Affine map, all of whose outputs are weighted sums: convolutions and dense layers.
    Linear,
    /// Nonlinear function of each number: ReLU and its kin.
    Activation,
    /// Largest or mean number of each window: feature maps of fewer pixels.
    Pool,
    /// Summary of whole feature maps: a vector.
    GlobalPool,
    /// Several inputs made one: sums and concatenations.
    Join,
    /// A signal, the first input, weakened by others: products.
    Gate,
    /// Numbers brought to one mean and deviation, or one size, by those beside them.
    Normalization,
    /// Numbers in another arrangement, with zeros added at most.
    Shape,
    /// Probabilities made of logits.
    Probability,
}

/// Shape `[C, H, W]` of feature maps.
type Shape = [usize; 3];

/// Shapes that an op's shape may depend on beside its first input.
#[derive(Clone, Copy, Debug)]
struct Given<'a> {
    /// Shapes of the other inputs, of ops that join several.
    others: &'a [Shape],
    /// Shapes of the parameter tensors.
    parameters: &'a [Vec<usize>],
}

/// Properties of an op. Shapes are `[C, H, W]` per image.
trait Operator {
    /// The part it plays.
    fn role(&self) -> Role;

    /// The parameter tensors' names.
    fn parameters(&self) -> Vec<&str> {
        vec![]
    }

    /// The output's shape for that of the first input and what else is given; by default the same. An error is a sentence without
    /// subject.
    fn shape(&self, first: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        Ok(first)
    }

    /// See [`Op::reach`].
    fn reach(&self, _: &[Vec<usize>]) -> Option<Reach> {
        match self.role() {
            Role::GlobalPool | Role::Probability => None,
            _ => Some(Reach::SAME),
        }
    }

    /// See [`Op::selects`].
    fn selects(&self) -> bool {
        false
    }

    /// See [`Op::binds_size`].
    fn binds_size(&self) -> bool {
        false
    }
}

/// Makes [`Op`] of its list: `module: Type` a line, where the module's name is the op's in `model.json`.
macro_rules! ops {
    ($($module:ident: $type:ident,)+) => {
        $(pub use $module::$type;)+

        /// One operation. Shapes are `[C, H, W]` per image; a vector is `[C, 1, 1]`. Parameters are named tensors of the packed
        /// model. Pairs are `[vertical, horizontal]`. Types without data have braces, so that serde passes over fields it does not
        /// know in their case too.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "op", rename_all = "snake_case")]
        pub enum Op {
            $(#[allow(missing_docs, reason = "the type has its own")] $type($type),)+
        }

        impl Op {
            /// The names [`Op`] is spelled with in `model.json`.
            pub const NAMES: &[&str] = &[$(stringify!($module)),+];

            /// The name it is spelled with in `model.json`.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$type(_) => stringify!($module),)+
                }
            }

            fn operator(&self) -> &dyn Operator {
                match self {
                    $(Self::$type(op) => op,)+
                }
            }
        }

        $(impl From<$type> for Op {
            fn from(op: $type) -> Self {
                Self::$type(op)
            }
        })+
    };
}

ops! {
    conv2d: Conv2d,
    relu: Relu,
    silu: Silu,
    clip: Clip,
    pad: Pad,
    max_pool: MaxPool,
    average_pool: AveragePool,
    global_average_pool: GlobalAveragePool,
    dense: Dense,
    concat: Concat,
    add: Add,
    flatten: Flatten,
    softmax: Softmax,
    sigmoid: Sigmoid,
    opposites: Opposites,
    leaky_relu: LeakyRelu,
    prelu: Prelu,
    elu: Elu,
    tanh: Tanh,
    gelu: Gelu,
    hard_sigmoid: HardSigmoid,
    hard_swish: HardSwish,
    layer_norm: LayerNorm,
    group_norm: GroupNorm,
    local_response_norm: LocalResponseNorm,
    multiply: Multiply,
    select_channels: SelectChannels,
    crop: Crop,
    reflect_pad: ReflectPad,
    resize: Resize,
}

impl Op {
    /// The part it plays.
    pub fn role(&self) -> Role {
        self.operator().role()
    }

    /// The parameter tensors' names: weight, then bias.
    pub fn parameters(&self) -> Vec<&str> {
        self.operator().parameters()
    }

    /// Cells of the input that one number of the output is made of, given the parameter tensors' shapes; none where it is made of all, or of
    /// another number of them at each place.
    pub fn reach(&self, parameters: &[Vec<usize>]) -> Option<Reach> {
        self.operator().reach(parameters)
    }

    /// Whether every number of the output is one of the input's as it is, or a zero: a max pool, but not a mean.
    pub fn selects(&self) -> bool {
        self.operator().selects()
    }

    /// Whether the output's number of channels depends on the input's height and width, so that what reads it takes images of
    /// one size only.
    pub fn binds_size(&self) -> bool {
        self.operator().binds_size()
    }

    /// The shape `[C, H, W]` of the result, given the inputs' shapes and the parameter tensors' shapes.
    ///
    /// # Errors
    /// A sentence without the node's name where the shapes do not fit; the caller knows the name.
    pub fn output_shape(&self, inputs: &[[usize; 3]], parameters: &[Vec<usize>]) -> Result<[usize; 3], Fault> {
        let Some((&first, others)) = inputs.split_first() else {
            return Err(fault!("node-no-input", "has no input"));
        };
        if !matches!(self.role(), Role::Join | Role::Gate) && !others.is_empty() {
            return Err(fault!("node-one-input", "takes one input, not {count}", count = inputs.len()));
        }
        self.operator().shape(first, Given { others, parameters })
    }

    /// A parameter tensor that is not there, as a sentence without subject.
    pub fn missing_tensor(name: &str) -> Fault {
        fault!("node-tensor-missing", "names the missing tensor {name}", name)
    }
}

/// Says which op of a raw node is not known, before serde does it less clearly.
///
/// # Errors
/// Half a sentence naming the node and the ops there are.
pub fn check_known(node: &serde_json::Value) -> Result<(), Fault> {
    let op = node.get("op").and_then(|op| op.as_str()).unwrap_or("(none)");
    if Op::NAMES.contains(&op) {
        return Ok(());
    }
    let name = node.get("name").and_then(|name| name.as_str()).unwrap_or("(unnamed)");
    Err(fault!(
        "op-unknown",
        "the node {name} has the unknown op {op}; this version knows {known}",
        name,
        op,
        known = Op::NAMES.join(", ")
    ))
}

#[cfg(test)]
mod tests;
