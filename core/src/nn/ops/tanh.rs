//! Hyperbolic tangent.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};

/// Hyperbolic tangent: `tanh(x)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tanh {}

impl Operator for Tanh {
    fn role(&self) -> Role {
        Role::Activation
    }
}
