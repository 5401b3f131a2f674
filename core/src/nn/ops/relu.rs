//! Rectified linear unit.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};

/// Rectified linear unit (Nair and Hinton 2010): `max(x, 0)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relu {}

impl Operator for Relu {
    fn role(&self) -> Role {
        Role::Activation
    }
}
