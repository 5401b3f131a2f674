//! Softmax.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};

/// Softmax over the channels: `exp(x) / sum(exp(x))`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Softmax {}

impl Operator for Softmax {
    fn role(&self) -> Role {
        Role::Probability
    }
}
