//! Max pool.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Padding, Reach, Role, Shape, windows};
use crate::error::Fault;

/// Max pool: the largest value of each window. The place it came from, the first one of equals, is the pooling switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaxPool {
    /// Window size.
    pub kernel: [usize; 2],
    /// Pixels from one window to the next.
    pub stride: [usize; 2],
    /// Minus infinity around the input.
    #[serde(default)]
    pub padding: Padding,
    /// Whether a window may reach over the end of the input.
    #[serde(default)]
    pub ceil_mode: bool,
}

impl Operator for MaxPool {
    fn role(&self) -> Role {
        Role::Pool
    }

    fn selects(&self) -> bool {
        true
    }

    fn reach(&self, _: &[Vec<usize>]) -> Option<Reach> {
        Some(Reach::of(self.kernel, self.stride, [1, 1], self.padding))
    }

    fn shape(&self, [channels, height, width]: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        let Self { kernel, stride, padding, ceil_mode } = *self;
        windows::refuse_empty(kernel, padding)?;
        let [height, width] = windows::count([height, width], kernel, stride, [1, 1], padding, ceil_mode)?;
        Ok([channels, height, width])
    }
}
