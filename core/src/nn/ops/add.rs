//! Sum of feature maps.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// Sum of two or more inputs of one shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Add {}

impl Operator for Add {
    fn role(&self) -> Role {
        Role::Join
    }

    fn shape(&self, first: Shape, Given { others, .. }: Given<'_>) -> Result<Shape, Fault> {
        if others.is_empty() || others.iter().any(|&shape| shape != first) {
            let shapes = [&[first], others].concat();
            return Err(fault!(
                "add-shapes",
                "adds feature maps of different shapes: {shapes}",
                shapes = format_args!("{shapes:?}")
            ));
        }
        Ok(first)
    }
}
