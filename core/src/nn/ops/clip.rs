//! Clipped linear unit.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// Clipped linear unit: `min(max(x, min), max)`; ReLU6 is `0..6`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clip {
    /// Lower bound.
    pub min: f32,
    /// Upper bound.
    pub max: f32,
}

impl Operator for Clip {
    fn role(&self) -> Role {
        Role::Activation
    }

    fn shape(&self, input: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        let Self { min, max } = self;
        if min >= max {
            return Err(fault!("clip-empty", "clips to the empty range {min}..{max}", min, max));
        }
        Ok(input)
    }
}
