//! Sigmoid linear unit.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};

/// Sigmoid linear unit (Elfwing et al. 2017, <https://arxiv.org/abs/1702.03118>), also called Swish (Ramachandran et al. 2017,
/// <https://arxiv.org/abs/1710.05941>): `x / (1 + exp(-x))`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silu {}

impl Operator for Silu {
    fn role(&self) -> Role {
        Role::Activation
    }
}
