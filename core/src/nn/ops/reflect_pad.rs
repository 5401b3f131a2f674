//! Padding by reflection.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Padding, Reach, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// Rows and columns of the input, mirrored at its edges, around it; the edge itself is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReflectPad {
    /// Pixels on each side.
    pub padding: Padding,
}

impl Operator for ReflectPad {
    fn role(&self) -> Role {
        Role::Shape
    }

    fn selects(&self) -> bool {
        true
    }

    fn reach(&self, _: &[Vec<usize>]) -> Option<Reach> {
        Some(Reach::of([1, 1], [1, 1], [1, 1], self.padding))
    }

    fn shape(&self, [channels, height, width]: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        let Padding { top, left, bottom, right } = self.padding;
        if top.max(bottom) >= height || left.max(right) >= width {
            return Err(fault!("reflect-too-far", "mirrors more than there is of {height} x {width}", height, width));
        }
        Ok([channels, height + top + bottom, width + left + right])
    }
}
