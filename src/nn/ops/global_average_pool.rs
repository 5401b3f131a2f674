//! Global average pool.

use burn::tensor::Tensor;

use super::{Inputs, Operator};
use crate::nn::cpu::{for_each_piece, lend, on_cpu};
use crate::nn::memory::Buffer;
use crate::nn::{GlobalAveragePool, Site};

/// Feature maps that a core takes at a time.
const MAPS: usize = 64;

/// Sum of numbers, in some parts side by side.
#[inline(always)]
fn sum(numbers: &[f32]) -> f32 {
    let (parts, rest) = numbers.as_chunks::<16>();
    let mut sums = [0.0; 16];
    parts.iter().for_each(|part| sums.iter_mut().zip(part).for_each(|(sum, number)| *sum += number));
    sums.iter().chain(rest).sum()
}

impl Operator for GlobalAveragePool {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        if !on_cpu(&x.device()) {
            return x.clone().mean_dim(3).mean_dim(2);
        }
        let (device, [batch, channels, height, width]) = (x.device(), x.dims());
        let x = lend(x);
        let mut means = Buffer::new(batch * channels);
        for_each_piece(&mut means, MAPS, |piece, means, _| {
            let maps = x.chunks_exact(height * width).skip(piece * MAPS);
            means.iter_mut().zip(maps).for_each(|(mean, map)| *mean = sum(map) / (height * width) as f32);
        });
        means.into_tensor([batch, channels, 1, 1], &device)
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let [channels, height, width] = at.input_shape(0);
        let batch = gradient.dims()[0];
        if on_cpu(&gradient.device()) {
            let (device, mut gradient) = (gradient.device(), gradient);
            let gradient = lend(&mut gradient);
            let mut x = Buffer::new(batch * channels * height * width);
            for_each_piece(&mut x, height * width, |map, x, _| x.fill(gradient[map] / (height * width) as f32));
            return x.into_tensor([batch, channels, height, width], &device);
        }
        gradient.div_scalar((height * width) as f32).expand([batch, channels, height, width])
    }
}
