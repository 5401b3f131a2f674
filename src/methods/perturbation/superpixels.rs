//! Superpixels: simple linear iterative clustering, Achanta et al. 2012, "SLIC superpixels compared to state-of-the-art superpixel
//! methods", IEEE Transactions on Pattern Analysis and Machine Intelligence 34(11), algorithm 1,
//! <https://doi.org/10.1109/TPAMI.2012.120>.
//!
//! Pixels are clustered by colour in CIELAB and place: `D^2 = dc^2 + (ds / S)^2 m^2` for clusters about `S` pixels apart and a
//! compactness `m` (equation 3). Nothing in it is random: of equally near clusters the first takes a pixel.

use crate::image::Image;

/// Number and shape of superpixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slic {
    /// Number, about.
    pub(super) count: usize,
    /// Weight of place beside colour.
    pub(super) compactness: f64,
}

/// Iterations, of which 10 suffice for most images, say the authors (section 3.1).
const ITERATIONS: usize = 10;

/// Cluster centre: lightness, the two colours, and the place in pixels.
#[derive(Clone, Copy, Debug)]
struct Centre {
    lab: [f64; 3],
    at: [f64; 2],
}

/// The superpixel of each pixel of an image, row by row, numbered from 0 without gaps; each is connected.
pub(super) fn superpixels(image: &Image, slic: Slic) -> Vec<usize> {
    let size = [image.height() as usize, image.width() as usize];
    let lab: Vec<[f64; 3]> = image.rgb().as_chunks::<3>().0.iter().map(|rgb| cielab(*rgb)).collect();
    let mut centres = seeds(&lab, size, slic.count);
    let spacing = ((size[0] * size[1]) as f64 / centres.len() as f64).sqrt();
    let mut labels = vec![];
    for _ in 0..ITERATIONS {
        labels = assign(&lab, size, &centres, spacing, slic.compactness);
        update(&mut centres, &labels, &lab, size);
    }
    let smallest = (size[0] * size[1] / centres.len() / SMALLEST_SHARE).max(1);
    connected(&labels, size, smallest)
}

/// Centres on a regular grid of as square cells as the count allows, each moved to the smallest gradient of its 3 x 3 neighbours, off
/// edges and noise (algorithm 1).
fn seeds(lab: &[[f64; 3]], [height, width]: [usize; 2], count: usize) -> Vec<Centre> {
    let count = count.clamp(1, height * width);
    let spacing = ((height * width) as f64 / count as f64).sqrt();
    let [rows, columns] = [height, width].map(|side| ((side as f64 / spacing).round() as usize).clamp(1, side));
    let middle = |index: usize, cells: usize, side: usize| (2 * index + 1) * side / (2 * cells);
    let calmest = |y: usize, x: usize| {
        let near = |place: usize, side: usize| place.saturating_sub(1)..(place + 2).min(side);
        let places = near(y, height).flat_map(|y| near(x, width).map(move |x| [y, x]));
        // The grid's own place wins among equals.
        let places = std::iter::once([y, x]).chain(places);
        places.min_by(|&one, &other| {
            let gradient = |at| gradient(lab, [height, width], at);
            gradient(one).total_cmp(&gradient(other))
        })
    };
    let centre = |index: usize| {
        let [y, x] = [middle(index / columns, rows, height), middle(index % columns, columns, width)];
        let [y, x] = calmest(y, x).unwrap_or([y, x]);
        Centre { lab: lab[y * width + x], at: [y as f64, x as f64] }
    };
    (0..rows * columns).map(centre).collect()
}

/// Squared colour gradient at a pixel, by the pixels before and behind it on both axes.
fn gradient(lab: &[[f64; 3]], [height, width]: [usize; 2], [y, x]: [usize; 2]) -> f64 {
    let at = |y: usize, x: usize| lab[y.min(height - 1) * width + x.min(width - 1)];
    squared(at(y, x + 1), at(y, x.saturating_sub(1))) + squared(at(y + 1, x), at(y.saturating_sub(1), x))
}

/// Squared distance.
fn squared<const N: usize>(one: [f64; N], other: [f64; N]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum()
}

/// The nearest centre of each pixel among those whose square of side `2 S` holds it; a pixel that none holds has the nearest of all.
fn assign(
    lab: &[[f64; 3]],
    [height, width]: [usize; 2],
    centres: &[Centre],
    spacing: f64,
    compactness: f64,
) -> Vec<usize> {
    let weight = (compactness / spacing).powi(2);
    let distance = |centre: &Centre, place: usize| {
        let at = [(place / width) as f64, (place % width) as f64];
        squared(centre.lab, lab[place]) + weight * squared(centre.at, at)
    };
    let mut nearest = vec![(f64::INFINITY, 0); height * width];
    for (index, centre) in centres.iter().enumerate() {
        let span = |axis: usize, side: usize| {
            let (first, last) = (centre.at[axis] - spacing, centre.at[axis] + spacing);
            first.ceil().max(0.0) as usize..side.min(last.floor() as usize + 1)
        };
        for y in span(0, height) {
            for place in span(1, width).map(|x| y * width + x) {
                let found = distance(centre, place);
                if found < nearest[place].0 {
                    nearest[place] = (found, index);
                }
            }
        }
    }
    let of_all = |place: usize| {
        let distances = centres.iter().enumerate().map(|(index, centre)| (distance(centre, place), index));
        distances.min_by(|one, other| one.0.total_cmp(&other.0)).map_or(0, |(_, index)| index)
    };
    let label = |(place, (found, index)): (usize, (f64, usize))| if found.is_finite() { index } else { of_all(place) };
    nearest.into_iter().enumerate().map(label).collect()
}

/// Moves each centre to the mean of its pixels; one without pixels stays.
fn update(centres: &mut [Centre], labels: &[usize], lab: &[[f64; 3]], [_, width]: [usize; 2]) {
    let mut sums = vec![([0.0; 5], 0_usize); centres.len()];
    for (place, &label) in labels.iter().enumerate() {
        let [l, a, b] = lab[place];
        let values = [l, a, b, (place / width) as f64, (place % width) as f64];
        sums[label].0.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        sums[label].1 += 1;
    }
    for (centre, (sums, count)) in centres.iter_mut().zip(sums).filter(|(_, (_, count))| *count > 0) {
        let [l, a, b, y, x] = sums.map(|sum| sum / count as f64);
        *centre = Centre { lab: [l, a, b], at: [y, x] };
    }
}

/// A connected part of a cluster that is smaller than this part of a superpixel's usual size goes to a neighbour: the authors'
/// code has 4, scikit-image 2.
const SMALLEST_SHARE: usize = 4;

/// Labels of connected parts (by the four neighbours), numbered from 0 in the order of their first pixels. Parts of fewer than
/// `smallest` pixels go to the part beside their first pixel, which has been settled already.
fn connected(labels: &[usize], [height, width]: [usize; 2], smallest: usize) -> Vec<usize> {
    let mut settled = vec![usize::MAX; labels.len()];
    let mut count = 0;
    for first in 0..labels.len() {
        if settled[first] != usize::MAX {
            continue;
        }
        let mut part = vec![first];
        let mut beside = None;
        settled[first] = count;
        let mut index = 0;
        while let Some(&place) = part.get(index) {
            index += 1;
            for other in neighbours(place, [height, width]) {
                if settled[other] == usize::MAX && labels[other] == labels[first] {
                    settled[other] = count;
                    part.push(other);
                } else if beside.is_none() && ![usize::MAX, count].contains(&settled[other]) {
                    beside = Some(settled[other]);
                }
            }
        }
        match beside.filter(|_| part.len() < smallest) {
            Some(beside) => part.into_iter().for_each(|place| settled[place] = beside),
            None => count += 1,
        }
    }
    settled
}

/// The pixels to the left, above, to the right and below.
fn neighbours(place: usize, [height, width]: [usize; 2]) -> impl Iterator<Item = usize> {
    let (y, x) = (place / width, place % width);
    let there = [(x > 0, 1, 0), (y > 0, width, 0), (x + 1 < width, 0, 1), (y + 1 < height, 0, width)];
    there.into_iter().filter(|(inside, ..)| *inside).map(move |(_, less, more)| place + more - less)
}

/// A pixel in CIELAB, of sRGB (IEC 61966-2-1) under the illuminant D65.
fn cielab(rgb: [u8; 3]) -> [f64; 3] {
    let linear = rgb.map(|value| {
        let value = f64::from(value) / 255.0;
        if value > 0.040_45 { ((value + 0.055) / 1.055).powf(2.4) } else { value / 12.92 }
    });
    // Red, green and blue to X, Y and Z, divided by D65's.
    let rows =
        [[0.412_453, 0.357_580, 0.180_423], [0.212_671, 0.715_160, 0.072_169], [0.019_334, 0.119_193, 0.950_227]];
    let white = [0.950_47, 1.0, 1.088_83];
    let [x, y, z] = [0, 1, 2].map(|axis| {
        let share: f64 = rows[axis].iter().zip(linear).map(|(row, value)| row * value).sum::<f64>() / white[axis];
        if share > 0.008_856 { share.cbrt() } else { 7.787 * share + 16.0 / 116.0 }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[cfg(test)]
mod tests;
