//! Concatenation.

use burn::tensor::Tensor;

use super::{Inputs, Operator};
use crate::nn::cpu::{for_each_piece, lend, on_cpu};
use crate::nn::memory::Buffer;
use crate::nn::{Concat, Site};

impl Operator for Concat {
    fn forward(&self, Inputs { x, others, .. }: Inputs<'_>) -> Tensor<4> {
        if on_cpu(&x.device()) {
            return joined(x, others);
        }
        Tensor::cat(std::iter::once(x.clone()).chain(others.iter().cloned()).collect(), 1)
    }

    fn pullback(&self, gradient: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let channels = |input| at.input_shape(input)[0];
        gradient.narrow(1, (0..input).map(channels).sum(), channels(input))
    }
}

/// Feature maps one after the other.
fn joined(x: &mut Tensor<4>, others: &mut [Tensor<4>]) -> Tensor<4> {
    let (device, [batch, _, height, width]) = (x.device(), x.dims());
    let parts: Vec<_> = std::iter::once(x).chain(others).map(lend).collect();
    // One entry for each feature map of the result.
    let maps: Vec<&[f32]> = (0..batch)
        .flat_map(|sample| parts.iter().map(move |part| &part[sample * part.len() / batch..][..part.len() / batch]))
        .flat_map(|part| part.chunks_exact(height * width))
        .collect();
    let mut y = Buffer::new(maps.len() * height * width);
    for_each_piece(&mut y, height * width, |map, y, _| y.copy_from_slice(maps[map]));
    y.into_tensor([batch, maps.len() / batch, height, width], &device)
}
