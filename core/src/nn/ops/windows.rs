//! Windows that slide over feature maps, and their number.

use super::Padding;
use crate::error::Fault;
use crate::fault;

/// Cells of the input that one number of the output is made of, along each axis: from `stride * at - before`, so many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Cells from the first to the last, both counted.
    pub size: [usize; 2],
    /// Cells from one number to the next.
    pub stride: [usize; 2],
    /// Cells before the input's first that the first number reaches; less than 0 where some are left out.
    pub before: [isize; 2],
}

impl Reach {
    /// Each number is made of the one in its place.
    pub(crate) const SAME: Self = Self { size: [1, 1], stride: [1, 1], before: [0, 0] };

    /// Windows that slide over a padded input.
    pub(super) fn of(kernel: [usize; 2], stride: [usize; 2], dilation: [usize; 2], padding: Padding) -> Self {
        let size = [0, 1].map(|axis| dilation[axis] * (kernel[axis] - 1) + 1);
        Self { size, stride, before: [padding.top as isize, padding.left as isize] }
    }
}

/// Refuses a pool with windows that would see nothing of the input.
pub(super) fn refuse_empty(kernel: [usize; 2], padding: Padding) -> Result<(), Fault> {
    let [height, width] = kernel;
    if padding.top.max(padding.bottom) >= height.max(1) || padding.left.max(padding.right) >= width.max(1) {
        return Err(fault!(
            "window-in-padding",
            "pads by as much as its window of {height} x {width}, which would see nothing but padding",
            height,
            width
        ));
    }
    Ok(())
}

/// The number of windows along each axis.
pub(super) fn count(
    size: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
    dilation: [usize; 2],
    padding: Padding,
    ceil_mode: bool,
) -> Result<[usize; 2], Fault> {
    let padded = [size[0] + padding.top + padding.bottom, size[1] + padding.left + padding.right];
    let mut count = [0; 2];
    for axis in 0..2 {
        if kernel[axis] == 0 || stride[axis] == 0 || dilation[axis] == 0 {
            return Err(fault!("window-zero", "has a kernel, stride or dilation of 0"));
        }
        let reach = dilation[axis] * (kernel[axis] - 1) + 1;
        let Some(room) = padded[axis].checked_sub(reach) else {
            return Err(fault!(
                "window-too-large",
                "has a window of {reach} pixels on a padded input of {size}",
                reach,
                size = padded[axis]
            ));
        };
        count[axis] = room / stride[axis] + 1;
        // A window that would start in the padding behind the input does not count (PyTorch's rule).
        let before = [padding.top, padding.left][axis];
        if ceil_mode && room % stride[axis] != 0 && count[axis] * stride[axis] < size[axis] + before {
            count[axis] += 1;
        }
    }
    Ok(count)
}
