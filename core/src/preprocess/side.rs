//! Pixels of a resized side that are wanted.

use std::ops::Range;

/// One side of an image on its way from `old` to `new` pixels, of which only those in `part` are made: the rest of a cropped
/// image would be thrown away, and that of a very long one does not fit in memory.
pub(super) struct Side {
    pub(super) old: u32,
    pub(super) new: u32,
    pub(super) part: Range<u32>,
}

impl Side {
    /// The middle `seen` pixels of the new side.
    pub(super) fn middle(old: u32, new: u32, seen: u32) -> Self {
        let start = margin(new - seen);
        Self { old, new, part: start..start + seen }
    }

    /// Old pixels for each new one.
    pub(super) fn scale(&self) -> f64 {
        f64::from(self.old) / f64::from(self.new)
    }
}

/// Pixels before the middle, of `room` pixels around it. torchvision's CenterCrop rounds a half to the even number, as Python does.
pub(super) const fn margin(room: u32) -> u32 {
    room / 2 + (room % 4 == 3) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_goes_to_the_even_number() {
        // Python: [round(room / 2) for room in range(8)]
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(margin), [0, 0, 1, 2, 2, 2, 3, 4]);
    }
}
