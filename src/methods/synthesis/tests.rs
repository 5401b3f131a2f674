//! What the tests of the parts share.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use burn::tensor::{Device, Tensor, TensorData};

use crate::methods::noise::Noise;

/// Normally distributed numbers.
pub(super) fn noise(seed: u64, shape: [usize; 4], device: &Device) -> Tensor<4> {
    let values = Noise::of_channel(seed, 0).normal(shape.iter().product());
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// The numbers of a tensor.
pub(super) fn read(tensor: Tensor<4>) -> Vec<f32> {
    tensor.into_data().try_into_vec::<f32>().unwrap()
}

/// The sum of the products.
pub(super) fn inner(one: Tensor<4>, other: Tensor<4>) -> f64 {
    read(one).iter().zip(read(other)).map(|(one, other)| f64::from(*one) * f64::from(other)).sum()
}
