//! Images by their spectrum and in decorrelated colours.
//!
//! Olah, Mordvintsev and Schubert 2017, <https://distill.pub/2017/feature-visualization>, and the defaults of
//! <https://github.com/tensorflow/lucid>: `optvis/param/{images,spatial,color}.py`.

use burn::tensor::{Device, Tensor, TensorData, activation};

use super::fourier::Fourier;
use super::parametrization::{InputScaling, Parametrization, Start};
use crate::methods::noise::Noise;
use crate::preprocess::{Channels, Preprocessing};

/// Standard deviation of the start's coefficients (`fft_image`).
const START: f32 = 0.01;
/// The square root of the correlation of ImageNet's colours: red, green and blue of each of three uncorrelated colours (`color.py`).
const COLOURS: [[f32; 3]; 3] = [[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]];

/// Spectra of images `[N, 3, S, S]` in red, green and blue from 0 to 1.
pub(super) struct Spectrum {
    fourier: Fourier,
    spectra: Tensor<4>,
    images: Tensor<4>,
    /// `[1, 1, 3, 3]`.
    colours: Tensor<4>,
    scaling: InputScaling,
    /// Whether the network wants blue first.
    turned: bool,
}

impl Spectrum {
    pub(super) fn new(
        starts: &[Start],
        size: usize,
        seed: u64,
        preprocessing: &Preprocessing,
        device: &Device,
    ) -> Self {
        let fourier = Fourier::new(size, device);
        let [tall, half] = fourier.spectrum_shape();
        let start = |&Start { channel, image }: &Start| Noise::of_image(seed, channel, image).normal(3 * tall * half);
        let start: Vec<f32> = starts.iter().flat_map(start).map(|value| value * START).collect();
        let spectra = Tensor::from_data(TensorData::new(start, [starts.len(), 3, tall, half]), device);
        let norm = |column: usize| COLOURS.iter().map(|row| row[column].powi(2)).sum::<f32>().sqrt();
        let most = (0..3).map(norm).fold(0.0, f32::max);
        let colours: Vec<f32> = COLOURS.as_flattened().iter().map(|value| value / most).collect();
        let mut spectrum = Self {
            images: spectra.clone(),
            fourier,
            spectra: spectra.clone(),
            colours: Tensor::from_data(TensorData::new(colours, [1, 1, 3, 3]), device),
            scaling: InputScaling::new(preprocessing, device),
            turned: preprocessing.channels == Channels::Bgr,
        };
        spectrum.set(spectra);
        spectrum
    }

    /// Red, green and blue in the network's order, or back.
    fn ordered(&self, images: Tensor<4>) -> Tensor<4> {
        if self.turned { images.flip([1]) } else { images }
    }
}

/// Mixes the channels of `[N, 3, S, S]` by a matrix `[1, 1, 3, 3]`.
fn mix(matrix: Tensor<4>, planes: Tensor<4>) -> Tensor<4> {
    let [count, channels, height, width] = planes.dims();
    matrix.matmul(planes.reshape([count, 1, channels, height * width])).reshape([count, channels, height, width])
}

impl Parametrization for Spectrum {
    fn parameters(&self) -> Tensor<4> {
        self.spectra.clone()
    }

    fn set(&mut self, parameters: Tensor<4>) {
        let planes = self.fourier.images(parameters.clone());
        self.images = activation::sigmoid(mix(self.colours.clone(), planes));
        self.spectra = parameters;
    }

    fn images(&self) -> Tensor<4> {
        self.images.clone()
    }

    fn range(&self) -> f32 {
        1.0
    }

    fn input(&self, images: Tensor<4>) -> Tensor<4> {
        self.scaling.input(self.ordered(images))
    }

    fn input_transposed(&self, gradients: Tensor<4>) -> Tensor<4> {
        self.ordered(self.scaling.transposed(gradients))
    }

    fn transposed(&self, gradients: Tensor<4>) -> Tensor<4> {
        let slope = self.images.clone() * (-self.images.clone() + 1.0);
        self.fourier.transposed(mix(self.colours.clone().transpose(), gradients * slope))
    }

    fn quantized_input(&self) -> Tensor<4> {
        self.input((self.images.clone() * 255.0).round() / 255.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{inner, noise, read};
    use super::super::transform::{Standard, Transform};
    use super::*;
    use crate::preprocess::{Fit, Interpolation};

    fn spectrum() -> Spectrum {
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
        Spectrum::new(&[0, 5].map(Start::of), 8, 1, &preprocessing, &Device::flex())
    }

    #[test]
    fn the_network_is_shown_its_own_order_and_scale() {
        let spectrum = spectrum();
        let red = TensorData::new([vec![1_f32; 64], vec![0.5; 64], vec![0.0; 64]].concat(), [1, 3, 8, 8]);
        let input = read(spectrum.input(Tensor::from_data(red, &Device::flex())));
        for (channel, expected) in [(0.0 - 0.4) / 0.2, (0.5 - 0.5) / 0.25, (1.0 - 0.6) / 0.5].into_iter().enumerate() {
            assert!((input[64 * channel] - expected).abs() < 1e-5);
        }
        assert!(read(spectrum.images()).iter().all(|value| (0.0..=1.0).contains(value)));
    }

    #[test]
    fn the_gradient_is_that_of_finite_differences() {
        let mut spectrum = spectrum();
        let device = Device::flex();
        // Away from the start, where the sigmoid is straight.
        let start = noise(3, spectrum.parameters().dims(), &device) * 0.5;
        spectrum.set(start.clone());
        let wish = noise(4, [2, 3, 20, 20], &device);
        let mut transform = Standard::new(1, 8, 20);
        transform.apply(3, spectrum.images());
        let at_images = transform.transposed(spectrum.input_transposed(wish.clone()));
        let gradient = spectrum.transposed(at_images);
        let (direction, step) = (noise(5, start.dims(), &device), 1e-2);
        let mut at = |step: f32| {
            spectrum.set(start.clone() + direction.clone() * step);
            inner(spectrum.input(transform.apply(3, spectrum.images())), wish.clone())
        };
        let slope = (at(step) - at(-step)) / (2.0 * f64::from(step));
        let expected = inner(gradient, direction.clone());
        assert!((slope - expected).abs() < 1e-2 * expected.abs(), "{slope} {expected}");
    }
}
