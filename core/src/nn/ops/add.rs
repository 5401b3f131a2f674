//! Sum of feature maps.

use serde::{Deserialize, Serialize};

use super::{Operator, Role};

/// Sum of two or more inputs of one shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Add {}

impl Operator for Add {
    fn role(&self) -> Role {
        Role::Join
    }

    fn shape(&self, first: [usize; 3], others: &[[usize; 3]], _: &[Vec<usize>]) -> Result<[usize; 3], String> {
        if others.is_empty() || others.iter().any(|&shape| shape != first) {
            return Err(format!("adds feature maps of different shapes: {:?}", [&[first], others].concat()));
        }
        Ok(first)
    }
}
