//! Parametrizations: which numbers make an image.

use burn::tensor::{Device, Tensor, TensorData};

use crate::preprocess::Preprocessing;

/// Source of the noise that an image starts from, beside the seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// The channel that is excited; of several together, a number that no channel has.
    pub(super) channel: usize,
    /// Which of the channel's images it is.
    pub(super) image: usize,
}

impl Start {
    /// Start of the first image of a channel.
    #[cfg(test)]
    pub(super) fn of(channel: usize) -> Self {
        Self { channel, image: 0 }
    }
}

/// Images `[N, 3, S, S]` made of numbers that can be moved.
pub(super) trait Parametrization {
    /// The numbers.
    fn parameters(&self) -> Tensor<4>;

    /// Takes other numbers.
    fn set(&mut self, parameters: Tensor<4>);

    /// The images as they are shown to people, before they are brought to 8 bits.
    fn images(&self) -> Tensor<4>;

    /// The value that is white, where 0 is black.
    fn range(&self) -> f32;

    /// The network's input of images, `[N, 3, W, W]`.
    fn input(&self, images: Tensor<4>) -> Tensor<4>;

    /// Gradients at the images that the network's input was made of, of gradients at the input.
    fn input_transposed(&self, gradients: Tensor<4>) -> Tensor<4>;

    /// Gradients at the numbers, of gradients at the images.
    fn transposed(&self, gradients: Tensor<4>) -> Tensor<4>;

    /// The network's input of the images as people see them, in 8 bits and true colours, the way the network sees an image file.
    fn quantized_input(&self) -> Tensor<4>;
}

/// Scaling of images of 0 to 1, in the network's order of channels, to its input: the rest of its preprocessing.
pub(super) struct InputScaling {
    /// `[1, 3, 1, 1]`.
    factor: Tensor<4>,
    /// `[1, 3, 1, 1]`.
    summand: Tensor<4>,
}

impl InputScaling {
    pub(super) fn new(Preprocessing { scale, mean, std, .. }: &Preprocessing, device: &Device) -> Self {
        let each = |values: Vec<f32>| Tensor::from_data(TensorData::new(values, [1, 3, 1, 1]), device);
        Self {
            factor: each(std.iter().map(|std| 255.0 * scale / std).collect()),
            summand: each(mean.iter().zip(std).map(|(mean, std)| -mean / std).collect()),
        }
    }

    /// The network's input.
    pub(super) fn input(&self, images: Tensor<4>) -> Tensor<4> {
        images * self.factor.clone() + self.summand.clone()
    }

    /// The images of an input.
    pub(super) fn images(&self, input: Tensor<4>) -> Tensor<4> {
        (input - self.summand.clone()) / self.factor.clone()
    }

    /// Gradients at the images, of gradients at the input.
    pub(super) fn transposed(&self, gradients: Tensor<4>) -> Tensor<4> {
        gradients * self.factor.clone()
    }
}
