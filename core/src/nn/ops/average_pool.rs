//! Average pool.

use serde::{Deserialize, Serialize};

use super::{Given, Operator, Padding, Role, Shape, windows};
use crate::error::Fault;
use crate::fault;

/// Average pool: the mean of each window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AveragePool {
    /// Window size.
    pub kernel: [usize; 2],
    /// Pixels from one window to the next.
    pub stride: [usize; 2],
    /// Zeros around the input; opposite sides must be alike.
    #[serde(default)]
    pub padding: Padding,
    /// Whether the padding counts in the mean.
    #[serde(default)]
    pub count_include_pad: bool,
}

impl Operator for AveragePool {
    fn role(&self) -> Role {
        Role::Pool
    }

    fn shape(&self, [channels, height, width]: Shape, _: Given<'_>) -> Result<Shape, Fault> {
        let Self { kernel, stride, padding, count_include_pad } = *self;
        if !count_include_pad {
            windows::refuse_empty(kernel, padding)?;
        }
        if !padding.is_symmetric() {
            return Err(fault!("average-pool-sides", "pads opposite sides differently, which an average pool cannot"));
        }
        let [height, width] = windows::count([height, width], kernel, stride, [1, 1], padding, false)?;
        Ok([channels, height, width])
    }
}
