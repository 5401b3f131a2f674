//! Room around feature maps.

use serde::{Deserialize, Serialize};

/// Room around a feature map, in pixels: zeros (in a max pool: minus infinity).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Padding {
    /// Rows above.
    pub top: usize,
    /// Columns at the left.
    pub left: usize,
    /// Rows below.
    pub bottom: usize,
    /// Columns at the right.
    pub right: usize,
}

impl Padding {
    /// Padding of that many pixels on all four sides.
    pub const fn all(pixels: usize) -> Self {
        Self { top: pixels, left: pixels, bottom: pixels, right: pixels }
    }

    /// Padding of this and then `other` around it.
    pub const fn and(self, other: Self) -> Self {
        Self {
            top: self.top + other.top,
            left: self.left + other.left,
            bottom: self.bottom + other.bottom,
            right: self.right + other.right,
        }
    }

    /// Whether opposite sides are padded alike.
    pub const fn is_symmetric(&self) -> bool {
        self.top == self.bottom && self.left == self.right
    }
}
