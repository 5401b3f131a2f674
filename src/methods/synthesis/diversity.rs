//! Diversity: images of one unit that are to differ, Olah et al. 2017, <https://distill.pub/2017/feature-visualization>, section
//! "Diversity", and lucid's `objectives.diversity`.
//!
//! The penalty of `n` images is `D = 1 / n sum_i sum_{j != i} <G_i, G_j> / (|G_i| |G_j|)` for their Gram matrices `G = F F^T` of a
//! layer's features `F`, `[C, h w]`: 0 where no two have a pair of channels in common, `n - 1` where all are alike in style.

use burn::tensor::Tensor;

/// Kept off a division by the norm of a Gram matrix without anything in it, as lucid has it.
const EPSILON: f32 = 1e-10;

/// Penalty of images that are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Diversity {
    /// Number of images of each unit, one after the other.
    pub(super) images: usize,
    /// Factor of the penalty.
    pub(super) weight: f32,
}

impl Diversity {
    /// The weighted penalty's gradient at features `[K * images, C, h, w]`, of that shape.
    pub(super) fn gradient(&self, features: Tensor<4>) -> Tensor<4> {
        let shape @ [count, channels, height, width] = features.dims();
        let planes: Tensor<3> = features.reshape([count, channels, height * width]);
        let Grams { unit, norm } = self.grams(planes.clone());
        let others = others(&unit) * (2.0 * self.weight / self.images as f32);
        // Of a matrix divided by its norm: what lies along it is taken out.
        let along = (others.clone() * unit.clone()).sum_dim(2);
        let at_grams = ((others - unit * along) / norm).reshape([count, channels, channels]);
        // G = F F^T is symmetric, and so is what arrives at it.
        (at_grams.matmul(planes) * 2.0).reshape(shape)
    }

    fn grams(&self, planes: Tensor<3>) -> Grams {
        let [count, channels, _] = planes.dims();
        let grams = planes.clone().matmul(planes.transpose());
        let grams: Tensor<3> = grams.reshape([count / self.images, self.images, channels * channels]);
        let norm = (grams.clone().square().sum_dim(2) + EPSILON).sqrt();
        Grams { unit: grams / norm.clone(), norm }
    }
}

/// Gram matrices of images, `[K, images, C * C]`, divided by their norms, `[K, images, 1]`.
struct Grams {
    unit: Tensor<3>,
    norm: Tensor<3>,
}

/// For each image the sum of the other images' matrices.
fn others(unit: &Tensor<3>) -> Tensor<3> {
    unit.clone().sum_dim(1) - unit.clone()
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, TensorData};

    use super::super::tests::{noise, read};
    use super::*;

    /// The penalty of each unit's images, by loops in float64.
    fn slow(features: &[f32], images: usize, channels: usize, area: usize) -> f64 {
        let gram = |image: usize| -> Vec<f64> {
            let at = |channel: usize, place: usize| f64::from(features[(image * channels + channel) * area + place]);
            let entry =
                |one: usize, other: usize| (0..area).map(|place| at(one, place) * at(other, place)).sum::<f64>();
            let all: Vec<f64> = (0..channels * channels).map(|pair| entry(pair / channels, pair % channels)).collect();
            let norm = (all.iter().map(|value| value * value).sum::<f64>() + 1e-10).sqrt();
            all.into_iter().map(|value| value / norm).collect()
        };
        let grams: Vec<Vec<f64>> = (0..features.len() / channels / area).map(gram).collect();
        let inner = |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(one, other)| one * other).sum::<f64>();
        let mut sum = 0.0;
        for unit in grams.chunks(images) {
            for one in 0..images {
                for other in (0..images).filter(|other| *other != one) {
                    sum += inner(&unit[one], &unit[other]) / images as f64;
                }
            }
        }
        sum
    }

    #[test]
    fn the_gradient_is_that_of_finite_differences_of_slow_loops() {
        let device = Device::flex();
        let (images, channels, area) = (3, 4, 10);
        let features = noise(1, [2 * images, channels, 2, 5], &device);
        let gradient = read(Diversity { images, weight: 2.5 }.gradient(features.clone()));
        let numbers = read(features);
        for place in [0, 7, 39, 41, 119, 120, 201, 239] {
            let at = |step: f32| {
                let mut numbers = numbers.clone();
                numbers[place] += step;
                2.5 * slow(&numbers, images, channels, area)
            };
            let slope = (at(1e-2) - at(-1e-2)) / 2e-2;
            let found = f64::from(gradient[place]);
            assert!((slope - found).abs() < 2e-4 * slope.abs().max(0.1), "{place}: {found} for {slope}");
        }
    }

    #[test]
    fn images_of_one_style_are_pushed_nowhere_and_empty_ones_do_no_harm() {
        let device = Device::flex();
        // Twice the same: the cosine is 1, which is as large as it can be.
        let one = noise(2, [1, 3, 4, 4], &device);
        let both = Tensor::cat(vec![one.clone(), one * 3.0], 0);
        assert!((slow(&read(both.clone()), 2, 3, 16) - 1.0).abs() < 1e-6);
        let gradient = read(Diversity { images: 2, weight: 1.0 }.gradient(both));
        assert!(gradient.iter().all(|value| value.abs() < 1e-5), "{gradient:?}");
        let data = TensorData::new(vec![0_f32; 96], [2, 3, 4, 4]);
        let gradient = read(Diversity { images: 2, weight: 1.0 }.gradient(Tensor::from_data(data, &device)));
        assert!(gradient.iter().all(|value| *value == 0.0));
    }
}
