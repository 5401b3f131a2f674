//! What is climbed: a batch of pictures, by whatever numbers they are made of.

use burn::tensor::Tensor;

/// Pictures that can be moved so that the network sees more of something in them.
pub(super) trait Canvas {
    /// The pictures `[N, 3, S, S]` as they are shown.
    fn pictures(&self) -> Tensor<4>;

    /// The pictures as the network sees them, `[N, 3, S, S]`.
    fn plain(&self) -> Tensor<4>;

    /// What the network is shown at `step`, `[N, 3, W, W]`: the pictures, or something made of them that keeps what matters.
    fn shown(&mut self, step: usize) -> Tensor<4>;

    /// Moves the pictures, one step, to where `objectives` `[N, 1, 1, 1]` are larger; `gradients` are theirs at what was shown
    /// last.
    fn climb(&mut self, gradients: Tensor<4>, objectives: Tensor<4>);
}
