//! Logistic function.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};
use crate::error::Fault;

/// Logistic function: `1 / (1 + exp(-x))`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sigmoid {}

impl Operator for Sigmoid {
    fn role(&self) -> Role {
        Role::Probability
    }

    fn shape(&self, input: [usize; 3], _: &[[usize; 3]], _: &[Vec<usize>]) -> Result<[usize; 3], Fault> {
        Ok(input)
    }
}
