//! Pixels at a place of several images: whether they are the same.

use super::Place;
use crate::image::Image;

/// Points of a patch along each side of one of the map's cells, as far as there are pixels: fine enough for letters, and coarse enough
/// for a mark that is a pixel beside.
const POINTS: usize = 4;

/// The pixels at a place of what the network sees: means of red, green and blue, 0 to 255, point by point.
pub fn patch(view: &Image, place: &Place) -> Vec<f32> {
    let (width, height) = (view.width() as usize, view.height() as usize);
    let (across, down) = ((place.side * POINTS).min(width), (place.side * POINTS).min(height));
    // Edges of the points that lie in the place.
    let points = |[start, end]: [usize; 2], points: usize, pixels: usize| {
        let first = start * points / place.side;
        let last = (end * points).div_ceil(place.side);
        (first..last).map(move |point| [point * pixels / points, (point + 1) * pixels / points])
    };
    let mut patch = vec![];
    for [top, bottom] in points(place.rows, down, height) {
        for [left, right] in points(place.columns, across, width) {
            for channel in 0..3 {
                let sum: u32 = (top..bottom)
                    .flat_map(|row| (left..right).map(move |column| 3 * (row * width + column) + channel))
                    .map(|at| u32::from(view.rgb()[at]))
                    .sum();
                patch.push(sum as f32 / ((bottom - top) * (right - left)) as f32);
            }
        }
    }
    patch
}

/// How much the same patches are, and the whole images `around` them not: the part of the pixels' variance that is no difference between
/// images, 0 to 1. `around` are patches of the whole images, whose mean colour is what pixels are measured from. None where there are
/// fewer than two, or nothing to be seen in any of the images.
pub fn sameness(patches: &[Vec<f32>], around: &[Vec<f32>]) -> Option<f64> {
    let [first, _, ..] = patches else { return None };
    let count = patches.len() as f64;
    let colours = [0, 1, 2].map(|channel| {
        let values = || around.iter().flat_map(|image| image.iter().skip(channel).step_by(3));
        values().map(|&value| f64::from(value)).sum::<f64>() / values().count().max(1) as f64
    });
    let (mut differing, mut all) = (0.0, 0.0);
    for at in 0..first.len() {
        let values = || patches.iter().map(|patch| f64::from(patch[at]));
        let mean = values().sum::<f64>() / count;
        // By one less than their number, so that two images with nothing in common have about nothing the same.
        differing += values().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        all += values().map(|value| (value - colours[at % 3]).powi(2)).sum::<f64>() / count;
    }
    (all > 0.0).then(|| (1.0 - differing / all).clamp(0.0, 1.0))
}
