//! Regularisers: penalties on images, whatever they excite.

use burn::tensor::Tensor;

/// Weights of penalties on images in the range 0 to 1, each a sum over colours and a mean over pixels, so that a weight means the same
/// at every size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Regularizers {
    /// Weight of the total variation `sum |x(i+1, j) - x(i, j)| + |x(i, j+1) - x(i, j)|`, its anisotropic form (Rudin, Osher and Fatemi 1992,
    /// <https://doi.org/10.1016/0167-2789(92)90242-F>; Mahendran and Vedaldi 2014, <https://arxiv.org/abs/1412.0035>).
    pub(super) total_variation: f32,
    /// Weight of the squared distance from grey, `sum (x - 1/2)^2` (Simonyan et al. 2013, <https://arxiv.org/abs/1312.6034>, equation 1, about
    /// the mean image).
    pub(super) l2: f32,
}

/// Middle of the range.
const GREY: f32 = 0.5;

impl Regularizers {
    /// Gradients `[N, C, H, W]` at images of 0 to `range`, without those of the weighted penalties.
    pub(super) fn without(&self, gradients: Tensor<4>, images: &Tensor<4>, range: f32) -> Tensor<4> {
        let [_, _, height, width] = images.dims();
        // A mean over the pixels of images in the range 0 to 1, by the pixels' own units.
        let share = 1.0 / (height * width) as f32 / range;
        let mut gradients = gradients;
        if self.total_variation > 0.0 {
            let slopes = differences_transposed(images, 2) + differences_transposed(images, 3);
            gradients = gradients - slopes * (self.total_variation * share);
        }
        if self.l2 > 0.0 {
            gradients = gradients - (images.clone() / range - GREY) * (2.0 * self.l2 * share);
        }
        gradients
    }
}

/// The gradient of the sum of the absolute differences between neighbours along a dimension; 0 of equal ones.
fn differences_transposed(images: &Tensor<4>, dimension: usize) -> Tensor<4> {
    let side = images.dims()[dimension];
    if side == 1 {
        return images.zeros_like();
    }
    let [behind, before] = [1, 0].map(|start| images.clone().narrow(dimension, start, side - 1));
    let sign = (behind - before).sign();
    let edge = images.clone().narrow(dimension, 0, 1).zeros_like();
    Tensor::cat(vec![edge.clone(), sign.clone()], dimension) - Tensor::cat(vec![sign, edge], dimension)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::super::tests::read;
    use super::*;
    use crate::methods::noise::Noise;

    const SHAPE: [usize; 4] = [2, 3, 5, 4];

    /// Both penalties of images of 0 to `range`, by loops in float64.
    fn slow(images: &[f64], range: f64, [total_variation, l2]: [f64; 2]) -> f64 {
        let [count, channels, height, width] = SHAPE;
        let at = |plane: usize, y: usize, x: usize| images[(plane * height + y) * width + x] / range;
        let mut sum = 0.0;
        for plane in 0..count * channels {
            for (y, x) in (0..height * width).map(|place| (place / width, place % width)) {
                let here = at(plane, y, x);
                sum += l2 * (here - 0.5).powi(2);
                if y + 1 < height {
                    sum += total_variation * (at(plane, y + 1, x) - here).abs();
                }
                if x + 1 < width {
                    sum += total_variation * (at(plane, y, x + 1) - here).abs();
                }
            }
        }
        sum / (height * width) as f64
    }

    #[test]
    fn gradients_are_those_of_finite_differences_of_slow_loops() {
        let device = Device::flex();
        for (range, weights) in [(1.0, [3.0, 0.0]), (1.0, [0.0, 7.0]), (255.0, [3.0, 7.0])] {
            let mut noise = Noise::of_channel(5, 0);
            let values: Vec<f32> = (0..120).map(|_| noise.uniform() * range as f32).collect();
            let images = Tensor::<4>::from_data(TensorData::new(values.clone(), SHAPE), &device);
            let [total_variation, l2] = weights.map(|weight| weight as f32);
            let given = Tensor::ones(SHAPE, &device);
            let found = read(Regularizers { total_variation, l2 }.without(given, &images, range as f32));
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            let mut largest = 0_f64;
            for place in 0..120 {
                let at = |step: f64| {
                    let mut values = values.clone();
                    values[place] += step;
                    slow(&values, range, weights)
                };
                let step = 1e-7 * range;
                let slope = (at(step) - at(-step)) / (2.0 * step);
                largest = largest.max((f64::from(found[place]) - (1.0 - slope)).abs());
            }
            assert!(largest < 1e-6, "{weights:?}: {largest}");
        }
    }

    #[test]
    fn a_plain_image_has_no_variation_and_grey_no_distance() {
        let device = Device::flex();
        let both = Regularizers { total_variation: 9.0, l2: 9.0 };
        let grey = Tensor::<4>::ones([1, 3, 1, 1], &device) * 127.5;
        assert_eq!(read(both.without(grey.zeros_like(), &grey, 255.0)), [0.0; 3]);
        let images = Tensor::<4>::ones([1, 3, 4, 4], &device);
        let given = Regularizers::default().without(images.clone() * 2.0, &images, 1.0);
        assert_eq!(read(given), [2.0; 48], "without weights nothing changes");
    }
}
