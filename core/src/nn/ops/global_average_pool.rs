//! Global average pool.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Role, Shape};
use crate::error::Fault;

/// Global average pool: the mean over all positions, `[C, H, W]` to `[C, 1, 1]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlobalAveragePool {}

impl Operator for GlobalAveragePool {
    fn role(&self) -> Role {
        Role::GlobalPool
    }

    fn shape(&self, [channels, ..]: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        Ok([channels, 1, 1])
    }
}
