//! Zero padding.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Padding, Reach, Role, Shape};
use crate::error::Fault;

/// Zeros around the input, which take part in whatever comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pad {
    /// Zeros on each side.
    pub padding: Padding,
}

impl Operator for Pad {
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
        Ok([channels, height + top + bottom, width + left + right])
    }
}
