//! How alike two maps are.

use crate::explain::correlation;
use crate::image::Plane;
use crate::measurement::Similarity;

/// The likeness of two maps of one size. A map that is the same everywhere ranks nothing, so it has nothing in common with another: 0.
pub(super) fn alike(one: &Plane, other: &Plane, by: Similarity) -> f64 {
    match by {
        Similarity::Spearman => correlation(&ranks(&one.values), &ranks(&other.values)).unwrap_or(0.0),
        Similarity::Ssim => ssim(one, other),
    }
}

/// The place of each number among all, smallest first, from 1; equals share the mean of their places.
pub(super) fn ranks(values: &[f32]) -> Vec<f64> {
    let mut rising: Vec<usize> = (0..values.len()).collect();
    rising.sort_by(|&one, &other| values[one].total_cmp(&values[other]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for equal in rising.chunk_by(|&one, &other| values[one] == values[other]) {
        let mean = first as f64 + (equal.len() + 1) as f64 / 2.0;
        equal.iter().for_each(|&place| ranks[place] = mean);
        first += equal.len();
    }
    ranks
}

/// Structural similarity of maps from 0 to 1: Wang et al. 2004, <https://doi.org/10.1109/TIP.2003.819861>, equation 13, the mean over all
/// squares of 7 x 7 (or of the map's own side) with unbiased variances, as scikit-image has it.
fn ssim(one: &Plane, other: &Plane) -> f64 {
    const SIDE: usize = 7;
    let (rows, columns) = (SIDE.min(one.height), SIDE.min(one.width));
    let (count, [first, second]) = ((rows * columns) as f64, [0.01_f64, 0.03].map(|share| share * share));
    let unbiased = if count > 1.0 { count / (count - 1.0) } else { 1.0 };
    let square = |top: usize, left: usize| {
        let mut sums = [0.0_f64; 5];
        for index in
            (top..top + rows).flat_map(|row| (left..left + columns).map(move |column| row * one.width + column))
        {
            let (a, b) = (f64::from(one.values[index]), f64::from(other.values[index]));
            sums.iter_mut().zip([a, b, a * a, b * b, a * b]).for_each(|(sum, term)| *sum += term);
        }
        let [a, b, aa, bb, ab] = sums.map(|sum| sum / count);
        let [aa, bb, ab] = [aa - a * a, bb - b * b, ab - a * b].map(|term| term * unbiased);
        (2.0 * a * b + first) * (2.0 * ab + second) / ((a * a + b * b + first) * (aa + bb + second))
    };
    let tops = 0..=one.height - rows;
    let all: Vec<f64> = tops
        .flat_map(|top| (0..=one.width - columns).map(move |left| (top, left)))
        .map(|(top, left)| square(top, left))
        .collect();
    all.iter().sum::<f64>() / all.len() as f64
}
