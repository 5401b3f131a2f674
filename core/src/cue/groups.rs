//! Groups of maps: spectral clustering (von Luxburg 2007, <https://arxiv.org/abs/0711.0189>), the number of groups by the gap between
//! eigenvalues.

use super::eigen::eigen;

/// Maps that are looked at, of more of them: the matrix grows with their square, and its eigenvectors' time with their cube.
const SAMPLE: usize = 200;
/// Groups at most.
const MOST: usize = 8;
/// The neighbour whose distance is a map's own measure, as in the paper.
const NEIGHBOUR: usize = 7;
/// The least weight of an edge: a map that is like no other is no island.
const FAINT: f64 = 1e-9;
/// Rounds of k-means at most.
const ROUNDS: usize = 100;

/// Groups of maps, by index, the largest first; all maps are of one size and have some number that is not 0. Each map counts by its form
/// and not by its strength.
pub fn groups(maps: &[&[f32]]) -> Vec<Vec<usize>> {
    let forms: Vec<Vec<f64>> = maps.iter().map(|map| unit(map.iter().map(|&heat| f64::from(heat)))).collect();
    // Evenly over all of them, so that those of all folders are among them.
    let count = maps.len().min(SAMPLE);
    let sample: Vec<&[f64]> = (0..count).map(|at| &forms[at * maps.len() / count][..]).collect();
    let of_sample = spectral(&sample);
    // The others are of the group that the most similar one is of.
    let of: Vec<usize> = forms.iter().map(|form| of_sample[nearest(form, sample.iter().copied())]).collect();
    let mut groups: Vec<Vec<usize>> = vec![vec![]; of.iter().max().map_or(0, |most| most + 1)];
    of.iter().enumerate().for_each(|(at, &group)| groups[group].push(at));
    groups.retain(|group| !group.is_empty());
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    groups
}

/// Which group each is of.
fn spectral(forms: &[&[f64]]) -> Vec<usize> {
    let n = forms.len();
    if n < 3 {
        return vec![0; n];
    }
    let laplacian = laplacian(forms);
    let mut eigen = eigen(laplacian, n);
    eigen.truncate(MOST.min(n - 1) + 1);
    let gap = |at: usize| eigen[at].0 - eigen[at - 1].0;
    let count = (1..eigen.len()).max_by(|&one, &other| gap(one).total_cmp(&gap(other)).then(other.cmp(&one)));
    let count = count.unwrap_or(1);
    // Rows of length 1, as in Ng, Jordan and Weiss 2001.
    let rows: Vec<Vec<f64>> = (0..n).map(|row| unit(eigen[..count].iter().map(|(_, vector)| vector[row]))).collect();
    k_means(&rows, count)
}

/// The normalised Laplacian `[n, n]` of the graph of all maps: an edge is the stronger, the nearer two maps are beside how far the seventh
/// nearest of each is (Zelnik-Manor and Perona 2004, self-tuning spectral clustering).
fn laplacian(forms: &[&[f64]]) -> Vec<f64> {
    let n = forms.len();
    let distances: Vec<f64> = (0..n * n).map(|at| distance(forms[at / n], forms[at % n])).collect();
    let scale = |row: &[f64]| {
        let mut rising = row.to_vec();
        rising.sort_by(f64::total_cmp);
        // The nearest of all is the map itself.
        rising[NEIGHBOUR.min(n - 1)].sqrt()
    };
    let scales: Vec<f64> = distances.chunks_exact(n).map(scale).collect();
    let weight = |at: usize| {
        let own = scales[at / n] * scales[at % n];
        // Maps that are equal have no distance to measure others by.
        let near = if own > 0.0 { (-distances[at] / own).exp() } else { f64::from(u8::from(distances[at] == 0.0)) };
        if at / n == at % n { 0.0 } else { near.max(FAINT) }
    };
    let weights: Vec<f64> = (0..n * n).map(weight).collect();
    let roots: Vec<f64> = weights.chunks_exact(n).map(|row| row.iter().sum::<f64>().sqrt()).collect();
    (0..n * n).map(|at| f64::from(u8::from(at / n == at % n)) - weights[at] / (roots[at / n] * roots[at % n])).collect()
}

/// Which of so many groups each point is of (Lloyd 1957). Each group begins with the point that is farthest from those before.
fn k_means(points: &[Vec<f64>], count: usize) -> Vec<usize> {
    let mut centres: Vec<Vec<f64>> = vec![points[0].clone()];
    while centres.len() < count {
        let away =
            |point: &Vec<f64>| centres.iter().map(|centre| distance(point, centre)).fold(f64::INFINITY, f64::min);
        let away: Vec<f64> = points.iter().map(away).collect();
        let most = away.iter().copied().fold(0.0, f64::max);
        let farthest = away.iter().position(|&one| one == most).unwrap_or_default();
        centres.push(points[farthest].clone());
    }
    let mut of = vec![0; points.len()];
    for _ in 0..ROUNDS {
        let now: Vec<usize> =
            points.iter().map(|point| nearest(point, centres.iter().map(|centre| &centre[..]))).collect();
        for (group, centre) in centres.iter_mut().enumerate() {
            let members = || points.iter().zip(&now).filter(|(_, of)| **of == group).map(|(point, _)| point);
            let size = members().count() as f64;
            if size > 0.0 {
                (0..centre.len()).for_each(|at| centre[at] = members().map(|point| point[at]).sum::<f64>() / size);
            }
        }
        if now == of {
            break;
        }
        of = now;
    }
    of
}

/// The first of the nearest.
fn nearest<'a>(point: &[f64], of: impl Iterator<Item = &'a [f64]>) -> usize {
    let mut best = (f64::INFINITY, 0);
    for (at, other) in of.enumerate() {
        let away = distance(point, other);
        if away < best.0 {
            best = (away, at);
        }
    }
    best.1
}

fn distance(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum()
}

/// Numbers as a vector of length 1; of zeros, zeros.
fn unit(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let values: Vec<f64> = values.collect();
    let length = values.iter().map(|value| value * value).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    values.into_iter().map(|value| value / length).collect()
}
