//! Layer normalisation over the channels.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};

/// Layer normalisation (Ba et al. 2016, <https://arxiv.org/abs/1607.06450>) over the channels of each place, as ConvNeXt has it:
/// `(x - mean) / sqrt(variance + epsilon)`. Scale and shift are a layer of their own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerNorm {
    /// Number added to the variance.
    pub epsilon: f32,
}

impl Operator for LayerNorm {
    fn role(&self) -> Role {
        Role::Normalization
    }
}
