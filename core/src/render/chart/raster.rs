//! A chart as an image, in the letters that other images are captioned with.

use super::{Anchor, Chart, Mark, Series};
use crate::error::Result;
use crate::image::{Image, check_size};
use crate::measurement::Reference;
use crate::render::lettering::{ADVANCE, HEIGHT, write};

/// Pixels to a chart's unit.
const SCALE: f32 = 3.0;
const INK: [u8; 3] = [32, 32, 32];
const AREA: [u8; 3] = [243, 230, 245];
const AXIS: [u8; 3] = [139, 132, 150];

/// Shortest rest of a dash, in pixels.
const SHORTEST: f32 = 1e-2;

/// Style of a line on white paper: its colour, its width, and the lengths of its dashes and of the gaps between, in a chart's units; whole
/// where there are none.
pub type Stroke = ([u8; 3], f32, &'static [f32]);

impl Mark {
    /// Style of a mark on white paper: the colour of an area, a bar or a text, and all of a line's.
    pub fn stroke(&self) -> Stroke {
        match self {
            Self::Area(_) => (AREA, 0.0, &[]),
            Self::Axis(_) => (AXIS, 1.0, &[]),
            Self::Text(..) => (INK, 0.0, &[]),
            Self::Line(series, _) | Self::Bar(series, _) => of(*series),
        }
    }
}

fn of(series: Series) -> Stroke {
    match series {
        None => ([109, 31, 116], 2.0, &[]),
        Some(Reference::Random) => ([92, 85, 102], 1.5, &[2.0, 3.0]),
        Some(Reference::Center) => ([194, 65, 12], 1.5, &[7.0, 3.0]),
        Some(Reference::Edges) => ([31, 122, 77], 1.5, &[7.0, 3.0, 2.0, 3.0]),
    }
}

/// A chart on white paper, three pixels to its unit.
///
/// # Errors
/// [`Error::Image`](crate::Error::Image) where it would be too large.
pub fn draw_chart(chart: &Chart) -> Result<Image> {
    let [width, height] = chart.size.map(|side| (SCALE * side).ceil() as u32);
    check_size(width, height)?;
    let mut image = Image::from_rgb(width, height, vec![255; 3 * width as usize * height as usize])?;
    for mark in &chart.marks {
        let (ink, wide, dashes) = mark.stroke();
        match mark {
            Mark::Area(points) => fill(&mut image, &scaled(points), ink),
            Mark::Bar(_, [left, top, width, height]) => {
                let (right, bottom) = (left + width, top + height);
                fill(&mut image, &scaled(&[(*left, *top), (right, *top), (right, bottom), (*left, bottom)]), ink);
            }
            Mark::Axis(points) | Mark::Line(_, points) => {
                let mut cover = vec![0.0; width as usize * height as usize];
                for (one, other) in dashed(&scaled(points), dashes) {
                    stroke(&mut cover, width as usize, [one, other], SCALE * wide);
                }
                blend(&mut image, &cover, ink);
            }
            Mark::Text(place, anchor, text) => {
                let (x, y) = (SCALE * place.0, SCALE * place.1);
                let long = (text.chars().count() * ADVANCE) as f32;
                let left = match anchor {
                    Anchor::Start => x,
                    Anchor::Middle => x - long / 2.0,
                    Anchor::End => x - long,
                };
                let [left, top] = [left, y - HEIGHT as f32].map(|place| place.max(0.0) as usize);
                write(&mut image, text, [left, top], (width as usize).saturating_sub(left), ink);
            }
        }
    }
    Ok(image)
}

fn scaled(points: &[(f32, f32)]) -> Vec<(f32, f32)> {
    points.iter().map(|(x, y)| (SCALE * x, SCALE * y)).collect()
}

/// Pieces of a line through points, without the gaps between its dashes.
fn dashed(points: &[(f32, f32)], dashes: &[f32]) -> Vec<((f32, f32), (f32, f32))> {
    let pieces = points.windows(2).map(|pair| (pair[0], pair[1]));
    if dashes.is_empty() {
        return pieces.collect();
    }
    let (mut found, mut index, mut left) = (vec![], 0, SCALE * dashes[0]);
    for ((x, y), (to_x, to_y)) in pieces {
        let long = (to_x - x).hypot(to_y - y);
        let at = |along: f32| (x + (to_x - x) * along / long, y + (to_y - y) * along / long);
        let mut along = 0.0;
        while along < long {
            let end = (along + left).min(long);
            if index % 2 == 0 {
                found.push((at(along), at(end)));
            }
            left -= end - along;
            along = end;
            // What rounding leaves of a dash is too short to be added to a place.
            if left < SHORTEST {
                index += 1;
                left = SCALE * dashes[index % dashes.len()];
            }
        }
    }
    found
}

/// Covers pixels by how near their middles are to a piece of a line, `width` pixels wide.
fn stroke(cover: &mut [f32], columns: usize, [(x, y), (to_x, to_y)]: [(f32, f32); 2], width: f32) {
    let rows = cover.len() / columns.max(1);
    let reach = width / 2.0 + 1.0;
    let span = |one: f32, other: f32, count: usize| {
        let [low, high] = [one.min(other) - reach, one.max(other) + reach];
        low.max(0.0) as usize..(high.max(0.0) as usize + 1).min(count)
    };
    let (dx, dy) = (to_x - x, to_y - y);
    let square = (dx * dx + dy * dy).max(f32::MIN_POSITIVE);
    for row in span(y, to_y, rows) {
        for column in span(x, to_x, columns) {
            let (px, py) = (column as f32 + 0.5 - x, row as f32 + 0.5 - y);
            let along = ((px * dx + py * dy) / square).clamp(0.0, 1.0);
            let away = (px - along * dx).hypot(py - along * dy);
            let covered = (width / 2.0 + 0.5 - away).clamp(0.0, 1.0);
            let pixel = &mut cover[row * columns + column];
            *pixel = pixel.max(covered);
        }
    }
}

/// Mixes an ink into the pixels, as far as it covers each.
fn blend(image: &mut Image, cover: &[f32], ink: [u8; 3]) {
    for (pixel, &covered) in image.rgb_mut().chunks_exact_mut(3).zip(cover).filter(|(_, covered)| **covered > 0.0) {
        for (under, over) in pixel.iter_mut().zip(ink) {
            *under = (f32::from(*under) * (1.0 - covered) + f32::from(over) * covered).round() as u8;
        }
    }
}

/// Fills the pixels whose middles lie in a polygon.
fn fill(image: &mut Image, corners: &[(f32, f32)], ink: [u8; 3]) {
    let (columns, rows) = (image.width() as usize, image.height() as usize);
    for row in 0..rows {
        let y = row as f32 + 0.5;
        let edges = corners.iter().zip(corners.iter().cycle().skip(1));
        let crossing = |(one, other): (&(f32, f32), &(f32, f32))| {
            ((one.1 <= y) != (other.1 <= y)).then(|| one.0 + (other.0 - one.0) * (y - one.1) / (other.1 - one.1))
        };
        let mut crossings: Vec<f32> = edges.filter_map(crossing).collect();
        crossings.sort_by(f32::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let [from, to] = [pair[0], pair[1]].map(|x| ((x - 0.5).ceil().max(0.0) as usize).min(columns));
            let start = 3 * (row * columns + from);
            for pixel in image.rgb_mut()[start..start + 3 * (to.max(from) - from)].chunks_exact_mut(3) {
                pixel.copy_from_slice(&ink);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixel(image: &Image, x: usize, y: usize) -> [u8; 3] {
        let start = 3 * (y * image.width() as usize + x);
        image.rgb()[start..start + 3].try_into().unwrap()
    }

    #[test]
    fn marks_are_where_they_say() {
        let marks = vec![
            Mark::Bar(None, [10.0, 10.0, 20.0, 10.0]),
            Mark::Line(None, vec![(10.0, 40.0), (60.0, 40.0)]),
            Mark::Line(Some(Reference::Center), vec![(10.0, 50.0), (60.0, 50.0)]),
            Mark::Text((50.0, 20.0), Anchor::End, "l".into()),
        ];
        let image = draw_chart(&Chart { size: [64.0, 60.0], marks }).unwrap();
        let (map, center) = (of(None).0, of(Some(Reference::Center)).0);
        assert_eq!((image.width(), image.height()), (192, 180));
        // A bar from 10 to 30 and from 10 to 20, three pixels to the unit.
        assert_eq!([pixel(&image, 30, 30), pixel(&image, 89, 59)], [map; 2]);
        assert_eq!([pixel(&image, 29, 30), pixel(&image, 90, 59), pixel(&image, 89, 60)], [[255; 3]; 3]);
        // A line of 6 pixels around 120; one of dashes of 21 pixels with gaps of 9 between.
        assert_eq!([pixel(&image, 100, 117), pixel(&image, 100, 122)], [map; 2]);
        assert_eq!([pixel(&image, 100, 115), pixel(&image, 100, 124)], [[255; 3]; 2]);
        let dash = |x| pixel(&image, x, 150) == center;
        assert_eq!([dash(35), dash(48), dash(55), dash(65)], [true, true, false, true]);
        // The letter ends at 150 and stands on 60.
        let inked = |columns: std::ops::Range<usize>, rows: std::ops::Range<usize>| {
            rows.flat_map(|y| columns.clone().map(move |x| (x, y))).any(|(x, y)| pixel(&image, x, y) == INK)
        };
        assert!(inked(138..150, 46..60) && !inked(151..192, 0..100) && !inked(100..137, 0..100));
    }

    #[test]
    fn dashes_go_on_around_corners() {
        let pieces = dashed(&[(0.0, 0.0), (10.0, 0.0), (10.0, 30.0)], &[4.0, 2.0]);
        let long: f32 = pieces.iter().map(|((x, y), (to_x, to_y))| (to_x - x).hypot(to_y - y)).sum();
        // 12 pixels on, 6 off, along 40: 12 + 12 + 4.
        assert!((long - 28.0).abs() < 1e-3, "{pieces:?}");
        // Falling curves as metrics give them, at random: each comes to its end, and is drawn in its dashes' share.
        let (mut noise, dashes) = (12_345_u32, [7.0, 3.0]);
        for _ in 0..4000 {
            let mut height = 72.0;
            let mut at = |index: u16| {
                noise ^= noise << 13;
                noise ^= noise >> 17;
                noise ^= noise << 5;
                height += (486.0 - height) * 0.1 * (noise >> 8) as f32 / (1 << 24) as f32;
                (138.0 + 786.0 * f32::from(index) / 28.0, height)
            };
            let points: Vec<(f32, f32)> = (0..=28).map(&mut at).collect();
            let length = |((x, y), (to_x, to_y)): ((f32, f32), (f32, f32))| (to_x - x).hypot(to_y - y);
            let whole: f32 = points.windows(2).map(|pair| length((pair[0], pair[1]))).sum();
            let drawn: f32 = dashed(&points, &dashes).into_iter().map(length).sum();
            assert!((drawn / whole - 0.7).abs() < 0.03, "{drawn} of {whole}");
        }
    }
}
