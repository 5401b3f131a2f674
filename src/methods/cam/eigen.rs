//! The first principal component of feature maps.
//!
//! Of the matrix `M` `[h w, C]`, a row a place and a column a channel, the projection `M v` on its first right singular vector `v`.
//! The smaller of `M M'` and `M' M` is made on the device, by one product, and its first eigenvector is found on the host, by power
//! iteration in float64: the projection is that of `M M'` times the singular value, or `M` times that of `M' M`.

use burn::tensor::{Tensor, TensorData};

use crate::error::Result;
use crate::explain::Centring;
use crate::run::Run;

/// Most steps: of two directions that are nearer to each other in strength than these tell apart, neither is the first.
const STEPS: usize = 10_000;
/// Squared change of the direction at which it is found, about that of float32's last bit.
const SETTLED: f64 = 1e-15;

/// The projection `[1, 1, h, w]` of `features` `[1, C, h, w]` on their first principal component. Its sign is free; here the number of
/// largest magnitude (the first of equals) is positive, which is the rule of Seg-Eigen-CAM (Chung and Ying 2025,
/// <https://doi.org/10.3390/app15137562>, equation 13).
///
/// # Errors
/// [`Error::Device`](crate::Error::Device) where the device stops working.
pub(super) async fn projection(run: &Run<'_>, features: Tensor<4>, centring: Centring) -> Result<Tensor<4>> {
    let [_, channels, height, width] = features.dims();
    let (places, device) = (height * width, features.device());
    let features = match centring {
        Centring::Nothing => features,
        Centring::Mean => features.clone() - features.mean_dims(&[2, 3]),
    };
    let columns = features.reshape([1, 1, channels, places]);
    let rows = columns.clone().swap_dims(2, 3);
    let by_channel = channels <= places;
    let side = channels.min(places);
    let gram = if by_channel { columns.clone().matmul(rows.clone()) } else { rows.clone().matmul(columns) };
    let (vector, value) = first_eigenvector(&run.read(gram).await?, side);
    let on_device = |values: Vec<f32>, shape: [usize; 4]| Tensor::from_data(TensorData::new(values, shape), &device);
    let mut projection: Vec<f32> = if by_channel {
        let direction = on_device(vector.iter().map(|&value| value as f32).collect(), [1, 1, side, 1]);
        run.read(rows.matmul(direction)).await?
    } else {
        vector.iter().map(|&part| (part * value.sqrt()) as f32).collect()
    };
    settle_sign(&mut projection);
    Ok(on_device(projection, [1, 1, height, width]))
}

/// The first eigenvector, of length 1, and eigenvalue of a symmetric matrix `[side, side]` without negative eigenvalues; both are 0
/// where the matrix is.
fn first_eigenvector(matrix: &[f32], side: usize) -> (Vec<f64>, f64) {
    let rows = || matrix.chunks_exact(side.max(1));
    let times = |vector: &[f64]| -> Vec<f64> {
        rows().map(|row| row.iter().zip(vector).map(|(&number, part)| f64::from(number) * part).sum()).collect()
    };
    // The row of the largest diagonal element is a sum of eigenvectors in which the first weighs most.
    let start =
        (0..side).fold(0, |best, at| if matrix[at * side + at] > matrix[best * side + best] { at } else { best });
    let mut vector: Vec<f64> = rows().nth(start).unwrap_or_default().iter().copied().map(f64::from).collect();
    if !to_unit(&mut vector) {
        return (vec![0.0; side], 0.0);
    }
    let mut value = 0.0;
    for _ in 0..STEPS {
        let mut next = times(&vector);
        value = next.iter().zip(&vector).map(|(next, part)| next * part).sum();
        if !to_unit(&mut next) {
            return (vec![0.0; side], 0.0);
        }
        let change: f64 = next.iter().zip(&vector).map(|(next, part)| (next - part).powi(2)).sum();
        vector = next;
        if change < SETTLED {
            break;
        }
    }
    (vector, value)
}

/// Division of a vector by its length; whether it has one.
fn to_unit(vector: &mut [f64]) -> bool {
    let length = vector.iter().map(|part| part * part).sum::<f64>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|part| *part /= length);
    }
    length > 0.0
}

/// Choice of the sign by which the number of largest magnitude, the first of equals, is positive.
fn settle_sign(values: &mut [f32]) {
    let largest =
        values.iter().fold(0_f32, |largest, value| if value.abs() > largest.abs() { *value } else { largest });
    if largest < 0.0 {
        values.iter_mut().for_each(|value| *value = -*value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_eigenvector_is_that_of_the_closed_form() {
        // [[2, 1], [1, 3]]: (5 + sqrt 5) / 2, along (1, (1 + sqrt 5) / 2).
        let (vector, value) = first_eigenvector(&[2.0, 1.0, 1.0, 3.0], 2);
        let golden = (1.0 + 5_f64.sqrt()) / 2.0;
        assert!((value - (5.0 + 5_f64.sqrt()) / 2.0).abs() < 1e-12, "{value}");
        assert!((vector[1] / vector[0] - golden).abs() < 1e-7, "{vector:?}");
        assert_eq!(first_eigenvector(&[0.0; 4], 2), (vec![0.0; 2], 0.0));
        assert_eq!(first_eigenvector(&[4.0], 1), (vec![1.0], 4.0));
        // Equal eigenvalues end, in one of their directions.
        let (vector, value) = first_eigenvector(&[1.0, 0.0, 0.0, 1.0], 2);
        assert_eq!((vector, value), (vec![1.0, 0.0], 1.0));
    }

    #[test]
    fn the_sign_makes_the_largest_magnitude_positive() {
        let settled = |mut values: Vec<f32>| {
            settle_sign(&mut values);
            values
        };
        assert_eq!(settled(vec![1.0, -3.0, 2.0]), [-1.0, 3.0, -2.0]);
        assert_eq!(settled(vec![-2.0, 2.0]), [2.0, -2.0]);
        assert_eq!(settled(vec![2.0, -2.0]), [2.0, -2.0]);
        assert_eq!(settled(vec![0.0]), [0.0]);
    }
}
