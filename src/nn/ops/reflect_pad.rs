//! Padding by reflection.

use burn::tensor::Tensor;

use super::mixed::{mixed, unmixed};
use super::{Inputs, Operator};
use crate::nn::{Between, Padding, ReflectPad, Site};

impl Operator for ReflectPad {
    fn forward(&self, Inputs { x, .. }: Inputs<'_>) -> Tensor<4> {
        let [_, _, height, width] = x.dims();
        let [rows, columns] = mirrored(self.padding, [height, width]);
        mixed(x.clone(), [&rows, &columns])
    }

    fn pullback(&self, gradient: Tensor<4>, _: usize, at: &Site<'_>) -> Tensor<4> {
        let [_, height, width] = at.input_shape(0);
        let [rows, columns] = mirrored(self.padding, [height, width]);
        unmixed(gradient, [&rows, &columns], [height, width])
    }
}

/// Rows and columns that those of the output are.
fn mirrored(sides: Padding, [height, width]: [usize; 2]) -> [Vec<Between>; 2] {
    let places = |size: usize, before: usize, after: usize| {
        let place = |index: usize| match index.checked_sub(before) {
            None => before - index,
            Some(inside) if inside < size => inside,
            Some(behind) => 2 * (size - 1) - behind,
        };
        (0..before + size + after).map(|index| [(place(index), 1.0), (0, 0.0)]).collect()
    };
    [places(height, sides.top, sides.bottom), places(width, sides.left, sides.right)]
}
