//! Softmax.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};
use crate::error::Fault;

/// Softmax over the channels: `exp(x) / sum(exp(x))`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Softmax {}

impl Operator for Softmax {
    fn role(&self) -> Role {
        Role::Probability
    }

    fn shape(&self, input: [usize; 3], _: &[[usize; 3]], _: &[Vec<usize>]) -> Result<[usize; 3], Fault> {
        Ok(input)
    }
}
