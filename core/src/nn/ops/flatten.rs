//! Flattening.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Reach, Role, Shape};
use crate::error::Fault;

/// Flattening: `[C, H, W]` to `[C * H * W, 1, 1]`, row-major.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flatten {}

impl Operator for Flatten {
    fn role(&self) -> Role {
        Role::Shape
    }

    fn selects(&self) -> bool {
        true
    }

    fn binds_size(&self) -> bool {
        true
    }

    fn reach(&self, _: &[Vec<usize>]) -> Option<Reach> {
        None
    }

    fn shape(&self, input: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        Ok([input.iter().product(), 1, 1])
    }
}
