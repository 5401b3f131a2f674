//! Global average pool.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};
use crate::error::Fault;

/// Global average pool: the mean over all positions, `[C, H, W]` to `[C, 1, 1]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlobalAveragePool {}

impl Operator for GlobalAveragePool {
    fn role(&self) -> Role {
        Role::GlobalPool
    }

    fn shape(&self, [channels, ..]: [usize; 3], _: &[[usize; 3]], _: &[Vec<usize>]) -> Result<[usize; 3], Fault> {
        Ok([channels, 1, 1])
    }
}
