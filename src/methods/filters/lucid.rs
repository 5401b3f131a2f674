//! lucid's way: pictures by their spectrum and in decorrelated colours, moved about a little, climbed with Adam.
//!
//! Olah, Mordvintsev and Schubert 2017, <https://distill.pub/2017/feature-visualization>, and the defaults of
//! <https://github.com/tensorflow/lucid>: `optvis/param/{images,spatial,color}.py`, `optvis/transform.py`, `optvis/render.py`.

use burn::tensor::{Device, Tensor, TensorData, activation};

use super::canvas::{Canvas, Scaling};
use super::fourier::Fourier;
use super::noise::Noise;
use super::warp::Warp;
use crate::preprocess::{Channels, Preprocessing};

/// Standard deviation of the start's coefficients (`fft_image`).
const START: f32 = 0.01;
/// The square root of the correlation of ImageNet's colours: red, green and blue of each of three uncorrelated colours (`color.py`).
const COLOURS: [[f32; 3]; 3] = [[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]];
/// Adam's step (`render.py`) and TensorFlow's defaults for its other three numbers (Kingma and Ba 2014,
/// <https://arxiv.org/abs/1412.6980>).
const RATE: f32 = 0.05;
const MOMENTUM: f32 = 0.9;
const SQUARE_MOMENTUM: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// Pictures `[N, 3, S, S]` in red, green and blue from 0 to 1.
pub(super) struct Lucid {
    seed: u64,
    window: usize,
    fourier: Fourier,
    spectra: Tensor<4>,
    moments: [Tensor<4>; 2],
    climbed: i32,
    pictures: Tensor<4>,
    warp: Option<Warp>,
    /// `[1, 1, 3, 3]`.
    colours: Tensor<4>,
    scaling: Scaling,
    /// Whether the network wants blue first.
    turned: bool,
}

impl Lucid {
    /// The network is shown `window` x `window` pixels of the pictures of `size` x `size`.
    pub(super) fn new(
        channels: &[usize],
        [size, window]: [usize; 2],
        seed: u64,
        preprocessing: &Preprocessing,
        device: &Device,
    ) -> Self {
        let fourier = Fourier::new(size, device);
        let [tall, half] = fourier.spectrum_shape();
        let start = |&channel: &usize| Noise::of_channel(seed, channel).normal(3 * tall * half);
        let start: Vec<f32> = channels.iter().flat_map(start).map(|value| value * START).collect();
        let spectra = Tensor::from_data(TensorData::new(start, [channels.len(), 3, tall, half]), device);
        let norm = |column: usize| COLOURS.iter().map(|row| row[column].powi(2)).sum::<f32>().sqrt();
        let most = (0..3).map(norm).fold(0.0, f32::max);
        let colours: Vec<f32> = COLOURS.as_flattened().iter().map(|value| value / most).collect();
        let mut lucid = Self {
            seed,
            window,
            moments: [spectra.zeros_like(), spectra.zeros_like()],
            climbed: 0,
            pictures: spectra.clone(),
            warp: None,
            fourier,
            spectra,
            colours: Tensor::from_data(TensorData::new(colours, [1, 1, 3, 3]), device),
            scaling: Scaling::new(preprocessing, device),
            turned: preprocessing.channels == Channels::Bgr,
        };
        lucid.pictures = lucid.paint();
        lucid
    }

    /// From spectra to pictures.
    fn paint(&self) -> Tensor<4> {
        let planes = self.fourier.pictures(self.spectra.clone());
        activation::sigmoid(mix(self.colours.clone(), planes))
    }

    fn input(&self, pictures: Tensor<4>) -> Tensor<4> {
        let ordered = if self.turned { pictures.flip([1]) } else { pictures };
        self.scaling.input(ordered)
    }

    /// From gradients at what was shown last to gradients at the spectra.
    fn transposed(&self, gradients: Tensor<4>) -> Tensor<4> {
        let scaled = self.scaling.transposed(gradients);
        let ordered = if self.turned { scaled.flip([1]) } else { scaled };
        let at_pictures = match &self.warp {
            Some(warp) => warp.transposed(ordered),
            None => ordered,
        };
        let slope = self.pictures.clone() * (-self.pictures.clone() + 1.0);
        self.fourier.transposed(mix(self.colours.clone().transpose(), at_pictures * slope))
    }
}

/// Mixes the channels of `[N, 3, S, S]` by a matrix `[1, 1, 3, 3]`.
fn mix(matrix: Tensor<4>, planes: Tensor<4>) -> Tensor<4> {
    let [count, channels, height, width] = planes.dims();
    matrix.matmul(planes.reshape([count, 1, channels, height * width])).reshape([count, channels, height, width])
}

impl Canvas for Lucid {
    fn pictures(&self) -> Tensor<4> {
        self.pictures.clone()
    }

    fn plain(&self) -> Tensor<4> {
        self.input(self.pictures.clone())
    }

    fn drawn(&self) -> Tensor<4> {
        self.input((self.pictures.clone() * 255.0).round() / 255.0)
    }

    fn shown(&mut self, step: usize) -> Tensor<4> {
        let [.., size, _] = self.pictures.dims();
        let warp = Warp::at_step(self.seed, step, size, self.window, &self.pictures.device());
        let shown = self.input(warp.shown(self.pictures.clone()));
        self.warp = Some(warp);
        shown
    }

    fn climb(&mut self, gradients: Tensor<4>, _: Tensor<4>) {
        let gradients = self.transposed(gradients);
        self.climbed += 1;
        let [mean, square] = self.moments.clone();
        let mean = mean * MOMENTUM + gradients.clone() * (1.0 - MOMENTUM);
        let square = square * SQUARE_MOMENTUM + gradients.square() * (1.0 - SQUARE_MOMENTUM);
        // TensorFlow's order: the two corrections are in the step's length.
        let rate = RATE * (1.0 - SQUARE_MOMENTUM.powi(self.climbed)).sqrt() / (1.0 - MOMENTUM.powi(self.climbed));
        self.spectra = self.spectra.clone() + mean.clone() * rate / (square.clone().sqrt() + EPSILON);
        self.moments = [mean, square];
        self.pictures = self.paint();
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{inner, noise, read};
    use super::*;
    use crate::preprocess::{Fit, Interpolation};

    fn lucid() -> Lucid {
        let preprocessing = Preprocessing {
            width: 8,
            height: 8,
            fit: Fit::Squash,
            interpolation: Interpolation::Nearest,
            channels: Channels::Bgr,
            scale: 1.0 / 255.0,
            mean: [0.4, 0.5, 0.6],
            std: [0.2, 0.25, 0.5],
        };
        Lucid::new(&[0, 5], [8, 20], 1, &preprocessing, &Device::flex())
    }

    #[test]
    fn the_network_is_shown_its_own_order_and_scale() {
        let mut lucid = lucid();
        let device = Device::flex();
        let red = TensorData::new([vec![1_f32; 64], vec![0.5; 64], vec![0.0; 64]].concat(), [1, 3, 8, 8]);
        lucid.pictures = Tensor::from_data(red, &device);
        let plain = read(lucid.plain());
        for (channel, right) in [(0.0 - 0.4) / 0.2, (0.5 - 0.5) / 0.25, (1.0 - 0.6) / 0.5].into_iter().enumerate() {
            assert!((plain[64 * channel] - right).abs() < 1e-5);
        }
    }

    #[test]
    fn the_gradient_is_that_of_finite_differences() {
        let mut lucid = lucid();
        let device = Device::flex();
        // Away from the start, where the sigmoid is straight.
        lucid.spectra = noise(3, lucid.spectra.dims(), &device) * 0.5;
        lucid.pictures = lucid.paint();
        let wish = noise(4, [2, 3, 20, 20], &device);
        lucid.shown(3);
        let gradient = lucid.transposed(wish.clone());
        let direction = noise(5, lucid.spectra.dims(), &device);
        let (start, step) = (lucid.spectra.clone(), 1e-2);
        let mut at = |step: f32| {
            lucid.spectra = start.clone() + direction.clone() * step;
            lucid.pictures = lucid.paint();
            inner(lucid.shown(3), wish.clone())
        };
        let slope = (at(step) - at(-step)) / (2.0 * f64::from(step));
        let right = inner(gradient, direction.clone());
        assert!((slope - right).abs() < 1e-2 * right.abs(), "{slope} {right}");
    }

    #[test]
    fn adam_takes_its_first_step_at_full_length() {
        let mut lucid = lucid();
        let start = read(lucid.spectra.clone());
        let gradients = noise(6, [2, 3, 20, 20], &Device::flex());
        lucid.shown(0);
        let slopes = read(lucid.transposed(gradients.clone()));
        lucid.climb(gradients.clone(), gradients);
        for ((end, start), slope) in read(lucid.spectra.clone()).iter().zip(start).zip(slopes) {
            if slope.abs() > 1e-4 {
                assert!((end - start - RATE * slope.signum()).abs() < 1e-4);
            }
        }
        assert!(read(lucid.pictures()).iter().all(|value| (0.0..=1.0).contains(value)));
    }
}
