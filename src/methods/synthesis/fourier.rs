//! Images by their spectrum: the inverse real Fourier transform, as two products with fixed matrices, and its transposed map.
//!
//! lucid's `fft_image` (<https://github.com/tensorflow/lucid>, `optvis/param/spatial.py`): the spectrum is scaled by
//! `sqrt(w * h) / max(f, 1 / max(w, h))`, so that all frequencies matter alike in the image, and the image divided by 4.

use std::f64::consts::TAU;

use burn::tensor::{Device, Tensor, TensorData};

/// lucid's own "magic constant".
const DIVISOR: f64 = 4.0;

/// The map from a scaled spectrum `[N, C, 2S, S / 2 + 1]`, real parts above imaginary ones, to images `[N, C, S, S]`.
pub(super) struct Fourier {
    size: usize,
    /// Factors of the coefficients, `[1, 1, 2S, S / 2 + 1]`.
    scale: Tensor<4>,
    /// The complex inverse transform of the columns, `[1, 1, 2S, 2S]`.
    columns: Tensor<4>,
    /// The real inverse transform of the rows, `[1, 1, 2 * (S / 2 + 1), S]`, real parts before imaginary ones.
    rows: Tensor<4>,
}

impl Fourier {
    /// Transform for images of `size` x `size`.
    pub(super) fn new(size: usize, device: &Device) -> Self {
        let half = size / 2 + 1;
        let side = size as f64;
        let turn = |one: usize, other: usize| (TAU * (one * other % size) as f64 / side).sin_cos();
        let tensor = |height: usize, width: usize, at: &dyn Fn(usize, usize) -> f64| {
            let values = (0..height * width).map(|place| at(place / width, place % width) as f32).collect::<Vec<f32>>();
            Tensor::from_data(TensorData::new(values, [1, 1, height, width]), device)
        };
        let frequency = |row: usize, column: usize| {
            let row = row % size;
            let (down, along) = (row.min(size - row) as f64 / side, column as f64 / side);
            down.hypot(along)
        };
        let scale = |row, column| side / frequency(row, column).max(1.0 / side) / DIVISOR;
        // e^(i t) (a + i b) = (cos t a - sin t b) + i (sin t a + cos t b), and 1 / S of the inverse.
        let columns = |row: usize, column: usize| {
            let (sine, cosine) = turn(row % size, column % size);
            let value = match (row < size, column < size) {
                (true, true) | (false, false) => cosine,
                (true, false) => -sine,
                (false, true) => sine,
            };
            value / side
        };
        // The frequencies that are not held are the mirrored conjugates of those that are: these count twice.
        let rows = |row: usize, column: usize| {
            let frequency = row % half;
            let (sine, cosine) = turn(frequency, column);
            let times = if frequency == 0 || 2 * frequency == size { 1.0 } else { 2.0 };
            times / side * if row < half { cosine } else { -sine }
        };
        Self {
            size,
            scale: tensor(2 * size, half, &scale),
            columns: tensor(2 * size, 2 * size, &columns),
            rows: tensor(2 * half, size, &rows),
        }
    }

    /// The shape `[2S, S / 2 + 1]` of one channel's spectrum.
    pub(super) const fn spectrum_shape(&self) -> [usize; 2] {
        [2 * self.size, self.size / 2 + 1]
    }

    /// Images of spectra.
    pub(super) fn images(&self, spectra: Tensor<4>) -> Tensor<4> {
        let by_columns = self.columns.clone().matmul(spectra * self.scale.clone());
        let [real, imaginary] = [0, self.size].map(|start| by_columns.clone().narrow(2, start, self.size));
        Tensor::cat(vec![real, imaginary], 3).matmul(self.rows.clone())
    }

    /// Gradients at the spectra, of gradients at the images.
    pub(super) fn transposed(&self, gradients: Tensor<4>) -> Tensor<4> {
        let half = self.size / 2 + 1;
        let by_rows = gradients.matmul(self.rows.clone().transpose());
        let [real, imaginary] = [0, half].map(|start| by_rows.clone().narrow(3, start, half));
        let by_columns = Tensor::cat(vec![real, imaginary], 2);
        self.columns.clone().transpose().matmul(by_columns) * self.scale.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{inner, noise, read};
    use super::*;

    #[test]
    fn images_are_the_sums_of_their_waves() {
        for size in [6, 7] {
            let device = Device::flex();
            let fourier = Fourier::new(size, &device);
            let [tall, half] = fourier.spectrum_shape();
            let spectrum = noise(3, [2, 3, tall, half], &device);
            let numbers = read(spectrum.clone());
            let images = read(fourier.images(spectrum));
            let side = size as f64;
            // The last channel of the last image, with all frequencies, those that are not held mirrored.
            let one = &numbers[5 * tall * half..];
            for (y, x) in (0..size * size).map(|place| (place / size, place % size)) {
                let mut sum = 0.0;
                for (row, column) in (0..size * size).map(|place| (place / size, place % size)) {
                    let mirrored = column >= half;
                    let (u, v) = if mirrored { ((size - row) % size, size - column) } else { (row, column) };
                    let real = f64::from(one[u * half + v]);
                    let mut imaginary = f64::from(one[(size + u) * half + v]);
                    if mirrored {
                        imaginary = -imaginary;
                    }
                    let down = row.min(size - row) as f64 / side;
                    let along = column.min(size - column) as f64 / side;
                    let scale = side / down.hypot(along).max(1.0 / side);
                    let angle = TAU * (row * y + column * x) as f64 / side;
                    sum += scale * (real * angle.cos() - imaginary * angle.sin());
                }
                let expected = sum / (side * side) / 4.0;
                let actual = f64::from(images[5 * size * size + y * size + x]);
                assert!((actual - expected).abs() < 1e-5, "{size}: ({y}, {x}) is {actual}, not {expected}");
            }
        }
    }

    #[test]
    fn the_transposed_map_is_transposed() {
        for size in [8, 9] {
            let device = Device::flex();
            let fourier = Fourier::new(size, &device);
            let [tall, half] = fourier.spectrum_shape();
            let (spectra, gradients) = (noise(1, [2, 3, tall, half], &device), noise(2, [2, 3, size, size], &device));
            let forward = inner(fourier.images(spectra.clone()), gradients.clone());
            let back = inner(spectra, fourier.transposed(gradients));
            assert!((forward - back).abs() < 1e-4 * forward.abs().max(1.0), "{size}: {forward} {back}");
        }
    }
}
