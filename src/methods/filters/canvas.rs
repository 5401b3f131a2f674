//! What is climbed: a batch of pictures, by whatever numbers they are made of.

use burn::tensor::{Device, Tensor, TensorData};

use crate::preprocess::Preprocessing;

/// Pictures that can be moved so that the network sees more of something in them.
pub(super) trait Canvas {
    /// The pictures `[N, 3, S, S]` as they are shown.
    fn pictures(&self) -> Tensor<4>;

    /// The pictures as the network sees them, `[N, 3, S, S]`.
    fn plain(&self) -> Tensor<4>;

    /// The pictures as people see them, in 8 bits and true colours, the way the network sees a picture file.
    fn drawn(&self) -> Tensor<4>;

    /// What the network is shown at `step`, `[N, 3, W, W]`: the pictures, or something made of them that keeps what matters.
    fn shown(&mut self, step: usize) -> Tensor<4>;

    /// Moves the pictures, one step, to where `objectives` `[N, 1, 1, 1]` are larger; `gradients` are theirs at what was shown
    /// last.
    fn climb(&mut self, gradients: Tensor<4>, objectives: Tensor<4>);
}

/// From pictures of 0 to 1, in the network's order of channels, to its input: the rest of its preprocessing.
pub(super) struct Scaling {
    /// `[1, 3, 1, 1]`.
    factor: Tensor<4>,
    /// `[1, 3, 1, 1]`.
    summand: Tensor<4>,
}

impl Scaling {
    pub(super) fn new(Preprocessing { scale, mean, std, .. }: &Preprocessing, device: &Device) -> Self {
        let each = |values: Vec<f32>| Tensor::from_data(TensorData::new(values, [1, 3, 1, 1]), device);
        Self {
            factor: each(std.iter().map(|std| 255.0 * scale / std).collect()),
            summand: each(mean.iter().zip(std).map(|(mean, std)| -mean / std).collect()),
        }
    }

    /// The network's input.
    pub(super) fn input(&self, pictures: Tensor<4>) -> Tensor<4> {
        pictures * self.factor.clone() + self.summand.clone()
    }

    /// From gradients at the input to gradients at the pictures.
    pub(super) fn transposed(&self, gradients: Tensor<4>) -> Tensor<4> {
        gradients * self.factor.clone()
    }
}
