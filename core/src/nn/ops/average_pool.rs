//! Average pool.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Padding, Reach, Role, Shape, windows};
use crate::error::Fault;

/// Average pool: the mean of each window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AveragePool {
    /// Window size.
    pub kernel: [usize; 2],
    /// Pixels from one window to the next.
    pub stride: [usize; 2],
    /// Zeros around the input.
    #[serde(default)]
    pub padding: Padding,
    /// Whether the padding counts in the mean.
    #[serde(default)]
    pub count_include_pad: bool,
    /// Whether a window may reach over the end of the input and its padding; what it has there never counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ceil_mode: bool,
}

impl Operator for AveragePool {
    fn role(&self) -> Role {
        Role::Pool
    }

    fn reach(&self, _: &[Vec<usize>]) -> Option<Reach> {
        Some(Reach::of(self.kernel, self.stride, [1, 1], self.padding))
    }

    fn shape(&self, [channels, height, width]: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        let Self { kernel, stride, padding, count_include_pad, ceil_mode } = *self;
        if !count_include_pad {
            windows::refuse_empty(kernel, padding)?;
        }
        let [height, width] = windows::count([height, width], kernel, stride, [1, 1], padding, ceil_mode)?;
        Ok([channels, height, width])
    }
}
