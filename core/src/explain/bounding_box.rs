//! The box that a person draws around an object.

use std::fmt::{Display, Formatter};

use crate::error::Fault;
use crate::fault;
use crate::preprocess::Region;

/// Shortest side of a box that is drawn, as a share of the image's.
const SHORTEST: f64 = 0.01;
/// Steps to an image's side in which a box is drawn.
const STEPS: f64 = 1000.0;

/// Box around an object. Written `0.25,0.25,0.5,0.5`: left and top edge, width and height, each a share of the image's side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundingBox {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl std::str::FromStr for BoundingBox {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            fault!(
                "box-form",
                "give left edge, top edge, width and height as shares of the image's sides, as in 0.25,0.25,0.5,0.5"
            )
        };
        let numbers: Vec<f64> = text.split(',').map_while(|number| number.trim().parse().ok()).collect();
        match numbers[..] {
            [left, top, width, height]
                if text.matches(',').count() == 3 && numbers.iter().all(|number| (0.0..=1.0).contains(number)) =>
            {
                Ok(Self { left, top, width, height })
            }
            _ => Err(wrong()),
        }
    }
}

impl Display for BoundingBox {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{},{},{},{}", self.left, self.top, self.width, self.height)
    }
}

impl BoundingBox {
    /// Box between two corners, which are given as shares of the image's width and height; what lies outside of the image is cut off.
    /// `None` of one that is too small to be meant.
    pub fn between(one: (f64, f64), other: (f64, f64)) -> Option<Self> {
        let edges = |one: f64, other: f64| {
            let [one, other] = [one, other].map(rounded);
            (one.min(other), rounded((one - other).abs()))
        };
        let ((left, width), (top, height)) = (edges(one.0, other.0), edges(one.1, other.1));
        (width >= SHORTEST && height >= SHORTEST).then_some(Self { left, top, width, height })
    }

    /// Its edges in shares of the part of an image that a network sees: left, top, right and bottom. `size` is the image's, in pixels.
    pub fn within(self, region: Region, size: (u32, u32)) -> [f64; 4] {
        let share = |at: f64, whole: u32, start: f32, length: f32| {
            (at * f64::from(whole) - f64::from(start)) / f64::from(length)
        };
        let across = |at: f64| share(at, size.0, region.x, region.width);
        let down = |at: f64| share(at, size.1, region.y, region.height);
        [across(self.left), down(self.top), across(self.left + self.width), down(self.top + self.height)]
    }

    /// The cells of a map `[height, width]` of what a network sees of an image: those whose middle lies in the box, as columns and rows,
    /// row by row. Of a box without any, as of a point, the cell that its own middle lies in; none where nothing is seen.
    pub fn cells(self, region: Region, size: (u32, u32), [height, width]: [usize; 2]) -> Vec<(usize, usize)> {
        let [left, top, right, bottom] = self.within(region, size);
        let middles = |low: f64, high: f64, count: usize| {
            (0..count).filter(move |&at| (low..=high).contains(&((at as f64 + 0.5) / count as f64)))
        };
        let row = |row| middles(left, right, width).map(move |column| (column, row));
        let inside: Vec<_> = middles(top, bottom, height).flat_map(row).collect();
        if !inside.is_empty() {
            return inside;
        }
        let under = |low: f64, high: f64, count: usize| {
            let middle = (low + high) / 2.0;
            (0.0..=1.0).contains(&middle).then(|| ((middle * count as f64) as usize).min(count.saturating_sub(1)))
        };
        under(left, right, width).zip(under(top, bottom, height)).into_iter().collect()
    }

    /// The box moved by shares of the image's width and height, as far as the image goes.
    #[must_use]
    pub fn moved(self, (right, down): (f64, f64)) -> Self {
        let along = |start: f64, length: f64, by: f64| rounded((start + by).clamp(0.0, (1.0 - length).max(0.0)));
        Self { left: along(self.left, self.width, right), top: along(self.top, self.height, down), ..self }
    }

    /// The box with its right and bottom edge moved by shares of the image's width and height, as far as the image goes.
    #[must_use]
    pub fn resized(self, (right, down): (f64, f64)) -> Self {
        let along = |start: f64, length: f64, by: f64| rounded((length + by).min(1.0 - start).max(SHORTEST));
        Self { width: along(self.left, self.width, right), height: along(self.top, self.height, down), ..self }
    }
}

/// The share that is nearest in the steps in which boxes are drawn.
fn rounded(share: f64) -> f64 {
    (share.clamp(0.0, 1.0) * STEPS).round() / STEPS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> BoundingBox {
        text.parse().unwrap()
    }

    #[test]
    fn boxes_are_four_shares() {
        let whole = BoundingBox { left: 0.25, top: 0.0, width: 0.5, height: 1.0 };
        assert_eq!((parsed("0.25, 0,0.5,1"), parsed(&whole.to_string())), (whole, whole));
        for wrong in ["", "0.1,0.2,0.3", "0.1,0.2,0.3,0.4,0.5", "0.1,0.2,x,0.4", "0,0,1.5,1", "-0.1,0,1,1", "nan,0,1,1"]
        {
            let fault = wrong.parse::<BoundingBox>().unwrap_err();
            assert!(fault.to_string().contains("as in 0.25"), "{wrong}: {fault}");
        }
    }

    #[test]
    fn a_box_is_drawn_between_any_two_corners() {
        let drawn = BoundingBox::between((0.75, 0.2), (0.25, 0.6004)).unwrap();
        assert_eq!(drawn.to_string(), "0.25,0.2,0.5,0.4");
        assert_eq!(BoundingBox::between((0.5, -1.0), (2.0, 0.5)).unwrap().to_string(), "0.5,0,0.5,0.5");
        assert_eq!(BoundingBox::between((0.5, 0.5), (0.505, 0.9)), None, "a click draws nothing");
    }

    #[test]
    fn cells_are_those_whose_middle_is_inside_or_the_one_below() {
        // The network sees the right half of an image of 200 x 100 pixels.
        let (region, size) = (Region { x: 100.0, y: 0.0, width: 100.0, height: 100.0 }, (200, 100));
        let cells = |text: &str| parsed(text).cells(region, size, [2, 4]);
        assert_eq!(parsed("0.75,0.5,0.25,0.5").within(region, size), [0.5, 0.5, 1.0, 1.0]);
        assert_eq!(cells("0.75,0.5,0.25,0.5"), [(2, 1), (3, 1)]);
        assert_eq!(cells("0,0,1,1").len(), 8);
        assert_eq!(cells("0.99,0.9,0,0"), [(3, 1)], "a point lies in a cell");
        assert_eq!(cells("0.5,0,0,0"), [(0, 0)]);
        assert_eq!(cells("1,1,0,0"), [(3, 1)], "the last corner");
        assert_eq!(cells("0.76,0.1,0.02,0.02"), [(2, 0)], "smaller than a cell, and around no middle");
        assert_eq!(cells("0.25,0.5,0.1,0"), [], "the network does not see it");
    }

    #[test]
    fn a_box_stays_in_the_image() {
        let drawn = parsed("0.25,0.2,0.5,0.4");
        assert_eq!(drawn.moved((0.1, -0.5)).to_string(), "0.35,0,0.5,0.4");
        assert_eq!(drawn.moved((0.9, 0.1)).to_string(), "0.5,0.3,0.5,0.4");
        assert_eq!(drawn.resized((0.9, -0.1)).to_string(), "0.25,0.2,0.75,0.3");
        assert_eq!(drawn.resized((-0.9, 0.0)).to_string(), "0.25,0.2,0.01,0.4");
    }
}
