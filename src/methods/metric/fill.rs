//! What stands in the place of pixels that are not shown.

use burn::tensor::{Tensor, TensorData};

use crate::error::Result;
use crate::measurement::Fill;
use crate::param::Param;
use crate::run::Run;

/// Side of the authors' blur.
pub(super) const BLUR: Param =
    Param::int("blur", "Blur", "Side in pixels of the square that a blurred pixel is the mean of", 1, 255, 11);
/// Its standard deviation.
pub(super) const SIGMA: Param = Param::float(
    "sigma",
    "Standard deviation",
    "Of the blur, in pixels: how little the middle counts more",
    0.1,
    100.0,
    5.0,
);

/// An image of nothing but what stands in the place of pixels, `[1, 3, H, W]`.
pub(super) async fn filled(run: &Run<'_>, fill: Fill) -> Result<Tensor<4>> {
    let input = run.input()?;
    let shape = input.dims();
    Ok(match fill {
        Fill::Zero => input.zeros_like(),
        Fill::Black => {
            let preprocessing = &run.model().manifest.preprocessing;
            let black = [0, 1, 2].map(|channel| -preprocessing.mean[channel] / preprocessing.std[channel]);
            Tensor::<4>::from_data(TensorData::new(black.to_vec(), [1, 3, 1, 1]), &input.device()).expand(shape)
        }
        Fill::Mean => input.mean_dim(2).mean_dim(3).expand(shape),
        Fill::Blur => {
            let kernel = kernel(run.int(&BLUR), run.float(&SIGMA));
            let device = input.device();
            let values = blurred(&run.read(input).await?, [shape[2], shape[3]], &kernel);
            Tensor::from_data(TensorData::new(values, shape), &device)
        }
    })
}

/// The blur of Petsiuk et al.'s program, along one axis: a single 1 in the middle of `size` pixels, run through SciPy's
/// `gaussian_filter`, which is cut at four standard deviations and reflects at the ends. It adds up to 1.
pub(super) fn kernel(size: usize, sigma: f64) -> Vec<f64> {
    let radius = (4.0 * sigma + 0.5) as i64;
    let weight = |away: i64| (-0.5 * (away * away) as f64 / (sigma * sigma)).exp();
    let sum: f64 = (-radius..=radius).map(weight).sum();
    let (period, middle) = (2 * size as i64, size as i64 / 2);
    let is_one = |place: i64| [middle, period - 1 - middle].contains(&place.rem_euclid(period));
    let at = |place: i64| (-radius..=radius).filter(|away| is_one(place + away)).map(weight).sum::<f64>() / sum;
    (0..size as i64).map(at).collect()
}

/// Planes `[C, H, W]` convolved with the kernel along both axes, 0 beyond the edges.
pub(super) fn blurred(values: &[f32], [height, width]: [usize; 2], kernel: &[f64]) -> Vec<f32> {
    let middle = kernel.len() / 2;
    let along = |values: &[f64], place: usize, length: usize, step: usize, start: usize| {
        let reach = |tap: usize| (place + tap).checked_sub(middle).filter(|&at| at < length);
        let tap = |(tap, weight): (usize, &f64)| reach(tap).map(|at| weight * values[start + at * step]);
        kernel.iter().enumerate().filter_map(tap).sum::<f64>()
    };
    let plane = |plane: &[f32]| {
        let plane: Vec<f64> = plane.iter().map(|&value| f64::from(value)).collect();
        let rows: Vec<f64> =
            (0..plane.len()).map(|index| along(&plane, index % width, width, 1, index / width * width)).collect();
        let down = |index: usize| along(&rows, index / width, height, width, index % width) as f32;
        (0..rows.len()).map(down).collect::<Vec<f32>>()
    };
    values.chunks_exact((height * width).max(1)).flat_map(plane).collect()
}
