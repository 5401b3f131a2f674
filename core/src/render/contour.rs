//! Contour lines: where a map crosses a share of its maximum, so that its extent is seen and the image is not hidden.

use crate::error::Result;
use crate::image::{Enlargement, Image, Plane};
use crate::preprocess::Region;

use super::overlay::{each_pixel, part_of};

/// Width of the line at each side of the crossing, as a share of the longer side of the part of the image that it lies on.
const WIDTH: f64 = 0.003;

/// What a contour line makes of a pixel. The line is light inside and dark outside, so that it is seen on any image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Nothing.
    None,
    /// The side of the line where the map is at least as large as the level.
    Inside,
    /// Its other side.
    Outside,
}

impl Edge {
    /// Colour of the pixel, if the line covers it.
    pub const fn colour(self) -> Option<[u8; 3]> {
        match self {
            Self::None => None,
            Self::Inside => Some([255, 255, 255]),
            Self::Outside => Some([24, 16, 32]),
        }
    }
}

/// Contour line of a plane, an edge a number, row by row: the edge of where the magnitude is at least `level`. At the plane's own edge
/// there is none, since the map may go on there.
pub fn contour(plane: &Plane, level: f32) -> Vec<Edge> {
    let inside: Vec<bool> = plane.values.iter().map(|value| value.abs() >= level).collect();
    edges(&inside, plane.width, plane.height)
}

/// The line between pixels that are inside and those that are not.
fn edges(inside: &[bool], width: usize, height: usize) -> Vec<Edge> {
    let reach = ((width.max(height) as f64 * WIDTH).round() as usize).max(1);
    let outside: Vec<bool> = inside.iter().map(|inside| !inside).collect();
    let near_inside = grown(inside, width, height, reach);
    let near_outside = grown(&outside, width, height, reach);
    let edge = |place: usize| match (inside[place], near_inside[place], near_outside[place]) {
        (true, _, true) => Edge::Inside,
        (false, true, _) => Edge::Outside,
        _ => Edge::None,
    };
    (0..inside.len()).map(edge).collect()
}

/// Pixels that have a marked one within `reach` along either axis: first along rows, then along columns.
fn grown(marked: &[bool], width: usize, height: usize, reach: usize) -> Vec<bool> {
    let along = |marked: &[bool], count: usize, length: usize, at: &dyn Fn(usize, usize) -> usize| {
        let mut found = vec![false; marked.len()];
        for line in 0..count {
            // Distance to the last marked pixel, from either end.
            for backwards in [false, true] {
                let mut far = usize::MAX;
                for step in 0..length {
                    let place = at(line, if backwards { length - 1 - step } else { step });
                    far = if marked[place] { 0 } else { far.saturating_add(1) };
                    found[place] |= far <= reach;
                }
            }
        }
        found
    };
    let rows = along(marked, height, width, &|line, step| line * width + step);
    along(&rows, width, height, &|line, step| step * width + line)
}

/// Draws the contour line of a map over the `region` of the image that it is about.
///
/// # Errors
/// [`Error::Image`](crate::error::Error::Image) where memory is short.
pub fn contour_over(image: &Image, map: &Plane, enlargement: Enlargement, region: Region, level: f32) -> Result<Image> {
    let mut over = image.canvas()?;
    let (_, [wide, high]) = part_of(image, region);
    let mut inside = Vec::with_capacity(wide * high);
    each_pixel(&mut over, map, enlargement, region, |_, value| inside.push(value.abs() >= level));
    let mut edges = edges(&inside, wide, high).into_iter();
    each_pixel(&mut over, map, enlargement, region, |pixel, _| {
        if let Some(colour) = edges.next().and_then(Edge::colour) {
            pixel.copy_from_slice(&colour);
        }
    });
    Ok(over)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The edges as letters, a row a text.
    fn drawn(rows: &[&[f32]], level: f32) -> Vec<String> {
        let width = rows[0].len();
        let plane = Plane::new(width, rows.len(), rows.concat());
        let letter = |edge: &Edge| match edge {
            Edge::None => '.',
            Edge::Inside => 'i',
            Edge::Outside => 'o',
        };
        contour(&plane, level).chunks(width).map(|row| row.iter().map(letter).collect()).collect()
    }

    #[test]
    fn the_line_lies_on_both_sides_of_the_crossing_and_not_at_the_edge() {
        let rows: [&[f32]; 5] = [
            &[1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            &[1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            &[1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            &[0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        ];
        assert_eq!(drawn(&rows, 0.5), ["..io..", "..io..", "iiio..", "oooo..", "......"]);
        assert_eq!(drawn(&rows, 0.0), ["......"; 5], "all of it is inside");
        assert_eq!(drawn(&rows, 1.1), ["......"; 5], "nothing is");
    }

    #[test]
    fn what_speaks_against_has_its_line_too() {
        assert_eq!(drawn(&[&[0.0, 0.0, -0.9, -0.9, -0.9, 0.3]], 0.5), [".oi.io"]);
        assert_eq!(drawn(&[&[f32::NAN, 1.0]], 0.5), ["oi"], "what is no number is outside");
    }

    #[test]
    fn lines_are_as_wide_as_the_image_needs() {
        let side = 1000;
        let row: Vec<f32> = (0..side).map(|column| if column < side / 2 { 1.0 } else { 0.0 }).collect();
        let edges = contour(&Plane::new(side, 1, row), 0.5);
        let count = |wanted| edges.iter().filter(|edge| **edge == wanted).count();
        assert_eq!((count(Edge::Inside), count(Edge::Outside)), (3, 3));
    }

    #[test]
    fn a_line_is_drawn_where_the_network_looked_alone() {
        let image = Image::from_rgb(4, 1, vec![100; 12]).unwrap();
        let region = Region { x: 1.0, y: 0.0, width: 2.0, height: 1.0 };
        let map = Plane::new(2, 1, vec![1.0, 0.0]);
        let over = contour_over(&image, &map, Enlargement::Bilinear, region, 0.5).unwrap();
        assert_eq!(over.rgb(), [[100; 3], [255; 3], [24, 16, 32], [100; 3]].concat());
    }
}
