//! The notebook's way: every pixel by itself.
//!
//! himanshurawlani/convnet-interpretability-keras, "Visualizing filters". It starts at grey with noise, divides the gradient by its
//! root mean square, and takes steps of 1 in a pixel's units of 0 to 255. Its quirks: the mean that the network was trained without is
//! not subtracted from the start, and a filter that does not fire is given up.

use burn::tensor::{Device, Tensor, TensorData};

use super::canvas::{Canvas, Scaling};
use super::noise::Noise;
use crate::preprocess::Preprocessing;
use crate::render::DEPROCESS_EPSILON;

/// The start is uniform noise of this width...
const NOISE: f32 = 20.0;
/// ...about this grey.
const GREY: f32 = 128.0;
/// Length of a step.
const STEP: f32 = 1.0;
/// Keras's `epsilon`, which keeps the division by the root mean square off 0.
const EPSILON: f32 = 1e-7;

/// Pictures `[N, 3, S, S]` in the network's order of channels.
pub(super) struct Pixels {
    pixels: Tensor<4>,
    /// What a pixel's value is multiplied with on its way into the network, `[1, 3, 1, 1]`: 1 for the notebook's network.
    unit: Tensor<4>,
    scaling: Scaling,
}

impl Pixels {
    pub(super) fn new(
        channels: &[usize],
        size: usize,
        seed: u64,
        preprocessing: &Preprocessing,
        device: &Device,
    ) -> Self {
        let start = |&channel: &usize| {
            let mut noise = Noise::of_channel(seed, channel);
            (0..3 * size * size).map(move |_| (noise.uniform() - 0.5) * NOISE + GREY)
        };
        let start: Vec<f32> = channels.iter().flat_map(start).collect();
        let unit: Vec<f32> = preprocessing.std.iter().map(|std| preprocessing.scale / std).collect();
        Self {
            pixels: Tensor::from_data(TensorData::new(start, [channels.len(), 3, size, size]), device),
            unit: Tensor::from_data(TensorData::new(unit, [1, 3, 1, 1]), device),
            scaling: Scaling::new(preprocessing, device),
        }
    }
}

impl Canvas for Pixels {
    fn pictures(&self) -> Tensor<4> {
        self.pixels.clone()
    }

    fn plain(&self) -> Tensor<4> {
        self.pixels.clone() * self.unit.clone()
    }

    fn drawn(&self) -> Tensor<4> {
        let mean = |pictures: Tensor<4>| pictures.mean_dim(1).mean_dim(2).mean_dim(3);
        let centred = self.pixels.clone() - mean(self.pixels.clone());
        let deviation = mean(centred.clone().square()).sqrt();
        // As `render::deprocess` does it.
        let bytes = ((centred / (deviation + DEPROCESS_EPSILON) * 0.1 + 0.5).clamp(0.0, 1.0) * 255.0).floor();
        self.scaling.input(bytes / 255.0)
    }

    fn shown(&mut self, _: usize) -> Tensor<4> {
        self.plain()
    }

    fn climb(&mut self, gradients: Tensor<4>, objectives: Tensor<4>) {
        let gradients = gradients * self.unit.clone();
        let mean_square = gradients.clone().square().mean_dim(1).mean_dim(2).mean_dim(3);
        // The notebook ends a filter's climb where its loss is not above 0.
        let live = objectives.greater_elem(0.0).float();
        let step = gradients / (mean_square.sqrt() + EPSILON) * live * STEP;
        self.pixels = self.pixels.clone() + step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocess::{Channels, Fit, Interpolation};
    use crate::render::{Colours, deprocess};

    #[test]
    fn a_step_is_the_gradient_over_its_root_mean_square() {
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
        let mut pixels = Pixels::new(&[4, 9], 2, 3, &preprocessing, &device);
        let read = |tensor: Tensor<4>| tensor.into_data().try_into_vec::<f32>().unwrap();
        let start = read(pixels.shown(0));
        assert!(start.iter().all(|value| (118.0..138.0).contains(value)), "the mean is not subtracted");
        let gradient: Vec<f32> = (0..12).map(|k| k as f32 - 4.0).collect();
        let rms = (gradient.iter().map(|g| g * g).sum::<f32>() / 12.0).sqrt();
        let both = TensorData::new([gradient.clone(), gradient.clone()].concat(), [2, 3, 2, 2]);
        let objectives = TensorData::new(vec![1_f32, 0.0], [2, 1, 1, 1]);
        pixels.climb(Tensor::from_data(both, &device), Tensor::from_data(objectives, &device));
        let end = read(pixels.pictures());
        for k in 0..12 {
            assert!((end[k] - start[k] - gradient[k] / rms).abs() < 1e-4);
            assert_eq!(end[12 + k], start[12 + k], "a filter that does not fire is given up");
        }
        // What is drawn, through the network's own preprocessing.
        let picture = deprocess(&end[..12], 2, 2, Channels::Bgr, Colours::True);
        let picture = TensorData::new(preprocessing.values(&picture), [1, 3, 2, 2]);
        let drawn = pixels.drawn().narrow(0, 0, 1).into_data();
        drawn.assert_approx_eq::<f32>(&picture, burn::tensor::Tolerance::absolute(1.01));
    }
}
