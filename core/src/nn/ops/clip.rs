//! Clipped linear unit.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};
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

    fn shape(&self, input: [usize; 3], _: &[[usize; 3]], _: &[Vec<usize>]) -> Result<[usize; 3], Fault> {
        let Self { min, max } = self;
        if min >= max {
            return Err(fault!("clip-empty", "clips to the empty range {min}..{max}", min, max));
        }
        Ok(input)
    }
}
