//! Every pixel by itself: himanshurawlani/convnet-interpretability-keras, "Visualizing filters".
//!
//! It starts at grey with noise. Its quirk: the mean that the network was trained without is not subtracted from the start.

use burn::tensor::{Device, Tensor, TensorData};

use super::parametrization::{InputScaling, Parametrization, Start};
use crate::methods::noise::Noise;
use crate::preprocess::Preprocessing;
use crate::render::DEPROCESS_EPSILON;

/// Width of the uniform noise at the start, in a pixel's units of 0 to 255.
const NOISE_PIXEL_UNITS: f32 = 20.0;
/// Grey that the noise is about, in a pixel's units of 0 to 255.
const GREY_PIXEL_UNITS: f32 = 128.0;

/// Pixels `[N, 3, S, S]` in the network's order of channels, 0 to 255 at the start.
pub(super) struct Pixels {
    pixels: Tensor<4>,
    /// Factor of a pixel's value on its way into the network, `[1, 3, 1, 1]`: 1 for the notebook's network.
    unit: Tensor<4>,
    scaling: InputScaling,
}

impl Pixels {
    pub(super) fn new(
        starts: &[Start],
        size: usize,
        seed: u64,
        preprocessing: &Preprocessing,
        device: &Device,
    ) -> Self {
        let start = |&Start { channel, image }: &Start| {
            let mut noise = Noise::of_image(seed, channel, image);
            (0..3 * size * size).map(move |_| (noise.uniform() - 0.5) * NOISE_PIXEL_UNITS + GREY_PIXEL_UNITS)
        };
        let start: Vec<f32> = starts.iter().flat_map(start).collect();
        let unit: Vec<f32> = preprocessing.std.iter().map(|std| preprocessing.scale / std).collect();
        Self {
            pixels: Tensor::from_data(TensorData::new(start, [starts.len(), 3, size, size]), device),
            unit: Tensor::from_data(TensorData::new(unit, [1, 3, 1, 1]), device),
            scaling: InputScaling::new(preprocessing, device),
        }
    }
}

impl Parametrization for Pixels {
    fn parameters(&self) -> Tensor<4> {
        self.pixels.clone()
    }

    fn set(&mut self, parameters: Tensor<4>) {
        self.pixels = parameters;
    }

    fn images(&self) -> Tensor<4> {
        self.pixels.clone()
    }

    fn range(&self) -> f32 {
        255.0
    }

    fn input(&self, images: Tensor<4>) -> Tensor<4> {
        images * self.unit.clone()
    }

    fn input_transposed(&self, gradients: Tensor<4>) -> Tensor<4> {
        gradients * self.unit.clone()
    }

    fn transposed(&self, gradients: Tensor<4>) -> Tensor<4> {
        gradients
    }

    fn quantized_input(&self) -> Tensor<4> {
        let mean = |images: Tensor<4>| images.mean_dim(1).mean_dim(2).mean_dim(3);
        let centred = self.pixels.clone() - mean(self.pixels.clone());
        let deviation = mean(centred.clone().square()).sqrt();
        // As `render::deprocess` does it.
        let bytes = ((centred / (deviation + DEPROCESS_EPSILON) * 0.1 + 0.5).clamp(0.0, 1.0) * 255.0).floor();
        self.scaling.input(bytes / 255.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;
    use crate::preprocess::{Channels, Fit, Interpolation};
    use crate::render::{Colours, deprocess};

    #[test]
    fn pixels_start_at_grey_and_are_quantized_as_they_are_drawn() {
        let device = Device::flex();
        let preprocessing = Preprocessing {
            width: 2,
            height: 2,
            fit: Fit::Squash,
            interpolation: Interpolation::Nearest,
            channels: Channels::Bgr,
            scale: 1.0,
            mean: [103.939, 116.779, 123.68],
            std: [1.0; 3],
        };
        let pixels = Pixels::new(&[4, 9].map(Start::of), 2, 3, &preprocessing, &device);
        let start = read(pixels.input(pixels.images()));
        assert!(start.iter().all(|value| (118.0..138.0).contains(value)), "the mean is not subtracted");
        // What is drawn, through the network's own preprocessing.
        let image = deprocess(&start[..12], 2, 2, Channels::Bgr, Colours::True);
        let image = TensorData::new(preprocessing.values(&image), [1, 3, 2, 2]);
        let quantized = pixels.quantized_input().narrow(0, 0, 1).into_data();
        quantized.assert_approx_eq::<f32>(&image, burn::tensor::Tolerance::absolute(1.01));
    }
}
