//! Logistic function.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};

/// Logistic function: `1 / (1 + exp(-x))`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sigmoid {}

impl Operator for Sigmoid {
    fn role(&self) -> Role {
        Role::Probability
    }
}
