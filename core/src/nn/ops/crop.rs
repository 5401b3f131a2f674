//! Cropping.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Padding, Reach, Role, Shape};
use crate::error::Fault;
use crate::fault;

/// The maps without some rows and columns at their sides, and of the rest every so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crop {
    /// What is left out on each side.
    pub sides: Padding,
    /// Pixels from one that is taken to the next.
    pub stride: [usize; 2],
}

impl Operator for Crop {
    fn role(&self) -> Role {
        Role::Shape
    }

    fn selects(&self) -> bool {
        true
    }

    fn reach(&self, _: &[Vec<usize>]) -> Option<Reach> {
        let before = [self.sides.top, self.sides.left].map(|cells| -(cells as isize));
        Some(Reach { stride: self.stride, before, ..Reach::SAME })
    }

    fn shape(&self, [channels, height, width]: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        let Padding { top, left, bottom, right } = self.sides;
        let left_of = |size: usize, before: usize, after: usize, stride: usize| {
            let rest = size.checked_sub(before)?.checked_sub(after)?;
            (rest > 0 && stride > 0).then(|| rest.div_ceil(stride))
        };
        let sizes = left_of(height, top, bottom, self.stride[0]).zip(left_of(width, left, right, self.stride[1]));
        let (rows, columns) =
            sizes.ok_or_else(|| fault!("crop-nothing", "leaves nothing of {height} x {width}", height, width))?;
        Ok([channels, rows, columns])
    }
}
