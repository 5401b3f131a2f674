//! Eigenvalues and eigenvectors of a symmetric matrix.

/// Sweeps at most; ten are enough for any matrix that fits into memory.
const SWEEPS: usize = 30;
/// Size of an element that counts as zero, as a share of the whole matrix's.
const ZERO: f64 = 1e-12;

/// Eigenvalues, the smallest first, each with its eigenvector of length 1, of a symmetric matrix `[n, n]`, row by row: Jacobi 1846, by
/// rows as in Golub and Van Loan 2013, section 8.5. The first element of a vector that is not about zero is positive.
pub(super) fn eigen(mut matrix: Vec<f64>, n: usize) -> Vec<(f64, Vec<f64>)> {
    let mut vectors = vec![0.0; n * n];
    (0..n).for_each(|at| vectors[at * n + at] = 1.0);
    let whole: f64 = matrix.iter().map(|value| value * value).sum::<f64>().sqrt();
    for _ in 0..SWEEPS {
        let beside = |matrix: &[f64]| {
            let off = (0..n * n).filter(|at| at / n != at % n).map(|at| matrix[at] * matrix[at]);
            off.sum::<f64>().sqrt()
        };
        if beside(&matrix) <= ZERO * whole {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                let between = matrix[p * n + q];
                if between.abs() <= ZERO * ZERO * whole {
                    continue;
                }
                let slope = (matrix[q * n + q] - matrix[p * n + p]) / (2.0 * between);
                let tangent = slope.signum() / (slope.abs() + (slope * slope + 1.0).sqrt());
                let cosine = (tangent * tangent + 1.0).sqrt().recip();
                turn(&mut matrix, n, [p, q], [cosine, tangent * cosine]);
                // Eigenvectors are rows.
                rows(&mut vectors, n, [p, q], [cosine, tangent * cosine]);
            }
        }
    }
    let mut found: Vec<(f64, Vec<f64>)> =
        (0..n).map(|at| (matrix[at * n + at], signed(&vectors[at * n..][..n]))).collect();
    found.sort_by(|one, other| one.0.total_cmp(&other.0));
    found
}

/// Turns a symmetric matrix in the plane of two axes, from both sides.
fn turn(matrix: &mut [f64], n: usize, axes @ [p, q]: [usize; 2], by @ [cosine, sine]: [f64; 2]) {
    rows(matrix, n, axes, by);
    for row in matrix.chunks_exact_mut(n) {
        let (one, other) = (row[p], row[q]);
        row[p] = cosine * one - sine * other;
        row[q] = sine * one + cosine * other;
    }
}

fn rows(matrix: &mut [f64], n: usize, [p, q]: [usize; 2], [cosine, sine]: [f64; 2]) {
    let (before, after) = matrix.split_at_mut(q * n);
    for (one, other) in before[p * n..][..n].iter_mut().zip(&mut after[..n]) {
        (*one, *other) = (cosine * *one - sine * *other, sine * *one + cosine * *other);
    }
}

fn signed(vector: &[f64]) -> Vec<f64> {
    let sign = vector.iter().find(|part| part.abs() > ZERO.sqrt()).map_or(1.0, |part| part.signum());
    vector.iter().map(|part| sign * part).collect()
}
