//! Cropping.

use burn::tensor::Tensor;

use super::mixed::{mixed, unmixed};
use super::{Inputs, Operator};
use crate::nn::{Between, Crop, Site};

impl Operator for Crop {
    fn forward(&self, Inputs { x, shape, .. }: Inputs<'_>) -> Tensor<4> {
        let [rows, columns] = taken(self, shape);
        mixed(x.clone(), [&rows, &columns])
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let ([rows, columns], [_, height, width]) = (taken(self, at.shape()), at.input_shape(0));
        unmixed(gradient, [&rows, &columns], [height, width])
    }
}

/// Rows and columns that are taken.
fn taken(Crop { sides, stride }: &Crop, [_, rows, columns]: [usize; 3]) -> [Vec<Between>; 2] {
    let places = |count: usize, start: usize, stride: usize| {
        (0..count).map(|index| [(start + index * stride, 1.0), (0, 0.0)]).collect()
    };
    [places(rows, sides.top, stride[0]), places(columns, sides.left, stride[1])]
}
