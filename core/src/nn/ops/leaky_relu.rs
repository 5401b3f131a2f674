//! Leaky rectified linear unit.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};

/// Leaky rectified linear unit (Maas et al. 2013): `x` where that is positive, otherwise `slope x`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeakyRelu {
    /// Slope of the negative side.
    pub slope: f32,
}

impl Operator for LeakyRelu {
    fn role(&self) -> Role {
        Role::Activation
    }
}
