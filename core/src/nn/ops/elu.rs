//! Exponential linear unit.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// Exponential linear unit (Clevert et al. 2015, <https://arxiv.org/abs/1511.07289>): `x` where that is positive, otherwise
/// `alpha (exp(x) - 1)`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Elu {
    /// Depth of the negative side.
    pub alpha: f32,
}

impl Operator for Elu {
    fn role(&self) -> Role {
        Role::Activation
    }

    fn shape(&self, input: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        let Self { alpha } = self;
        // Below 0 its output would not tell on which side its input was.
        if *alpha > 0.0 {
            Ok(input)
        } else {
            Err(fault!("elu-alpha", "has the alpha {alpha}, not a positive one", alpha))
        }
    }
}
