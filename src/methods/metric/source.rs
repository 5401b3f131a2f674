//! Where a map that is read comes from: another method, or no network at all.

use burn::tensor::Tensor;

use crate::error::Result;
use crate::explain::AttributionMap;
use crate::image::Plane;
use crate::measurement::Reference;
use crate::methods::noise::Noise;
use crate::run::Run;

use super::SEED;

/// Cells along each side of random numbers: those of the last feature maps of many networks.
const CELLS: usize = 14;

/// A map of a method, or a baseline.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    /// Of the method that is measured.
    Map(&'a AttributionMap),
    /// Of no method.
    Reference(Reference),
}

impl Source<'_> {
    /// The map at the size of the network's input `[H, W]`, 0 to 1, row-major.
    pub(super) async fn shown(&self, run: &Run<'_>) -> Result<Vec<f32>> {
        let [.., height, width] = run.input()?.dims();
        match self {
            Self::Map(map) => Ok(map.normalised.resize(width, height).values),
            Self::Reference(baseline) => reference_map(*baseline, run, run.input()?).await,
        }
    }

    /// The same with the sign and the unit that it was computed in.
    pub(super) async fn signed(&self, run: &Run<'_>) -> Result<Vec<f32>> {
        let [.., height, width] = run.input()?.dims();
        match self {
            Self::Map(map) => Ok(map.signed.resize(width, height).values),
            Self::Reference(baseline) => reference_map(*baseline, run, run.input()?).await,
        }
    }
}

/// A baseline of an input `[1, 3, H, W]`, at its size `[H, W]`, 0 to 1, row-major: no network is asked.
pub(super) async fn reference_map(baseline: Reference, run: &Run<'_>, input: Tensor<4>) -> Result<Vec<f32>> {
    let [.., height, width] = input.dims();
    Ok(match baseline {
        Reference::Random => random(run.seed(&SEED), [height, width]),
        Reference::Center => center([height, width]),
        Reference::Edges => {
            // The channels' mean is the luminance that a network without an order of colours has.
            let grey = run.read(input.mean_dim(1)).await?;
            edges(&Plane::new(width, height, grey))
        }
    })
}

/// Uniform random numbers in cells, enlarged.
pub(super) fn random(seed: u64, [height, width]: [usize; 2]) -> Vec<f32> {
    let (rows, columns) = (CELLS.min(height), CELLS.min(width));
    let mut noise = Noise::of_channel(seed, 0);
    let cells = (0..rows * columns).map(|_| noise.uniform()).collect();
    Plane::new(columns, rows, cells).resize(width, height).values
}

/// A Gaussian in the middle, 1 at its top, with a standard deviation of a quarter of each side.
pub(super) fn center([height, width]: [usize; 2]) -> Vec<f32> {
    let fall = |place: usize, length: usize| {
        let away = (place as f64 + 0.5) / length as f64 - 0.5;
        (-away * away / (2.0 * 0.25 * 0.25)).exp()
    };
    let row = |row: usize| (0..width).map(move |column| (fall(row, height) * fall(column, width)) as f32);
    (0..height).flat_map(row).collect()
}

/// The magnitude of Sobel's gradient, 0 to 1; edges of the plane are repeated.
pub(super) fn edges(plane: &Plane) -> Vec<f32> {
    let Plane { width, height, values } = plane;
    let at = |row: usize, column: usize, down: isize, along: isize| {
        let row = row.saturating_add_signed(down).min(height - 1);
        values[row * width + column.saturating_add_signed(along).min(width - 1)]
    };
    let magnitude = |index: usize| {
        let (row, column) = (index / width, index % width);
        let side =
            |along: isize| at(row, column, -1, along) + 2.0 * at(row, column, 0, along) + at(row, column, 1, along);
        let level = |down: isize| at(row, column, down, -1) + 2.0 * at(row, column, down, 0) + at(row, column, down, 1);
        (side(1) - side(-1)).hypot(level(1) - level(-1))
    };
    let magnitudes: Vec<f32> = (0..values.len()).map(magnitude).collect();
    let most = magnitudes.iter().copied().fold(0.0, f32::max);
    let scale = if most > 0.0 { most } else { 1.0 };
    magnitudes.into_iter().map(|value| value / scale).collect()
}
