//! Optimizers: how numbers move along their gradient.

use burn::tensor::Tensor;

/// A way to larger objectives.
pub(super) trait Optimizer {
    /// The step `[N, ..]` to be added to the numbers, of their gradients and the objectives `[N, 1, 1, 1]`.
    fn step(&mut self, gradients: Tensor<4>, objectives: Tensor<4>) -> Tensor<4>;
}

/// The notebook's: the gradient divided by its root mean square. Where the objective is not above 0, nothing moves any more: the
/// notebook ends such a filter's optimisation.
pub(super) struct NormalizedGradient;

/// Length of a step of [`NormalizedGradient`], in a pixel's units of 0 to 255.
const STEP_PIXEL_UNITS: f32 = 1.0;
/// Keras's `epsilon`, which keeps the division by the root mean square off 0.
const KERAS_EPSILON: f32 = 1e-7;

impl Optimizer for NormalizedGradient {
    fn step(&mut self, gradients: Tensor<4>, objectives: Tensor<4>) -> Tensor<4> {
        let mean_square = gradients.clone().square().mean_dim(1).mean_dim(2).mean_dim(3);
        let live = objectives.greater_elem(0.0).float();
        gradients / (mean_square.sqrt() + KERAS_EPSILON) * live * STEP_PIXEL_UNITS
    }
}

/// Adam (Kingma and Ba 2014, <https://arxiv.org/abs/1412.6980>), in TensorFlow's order of operations.
#[derive(Default)]
pub(super) struct Adam {
    moments: Option<[Tensor<4>; 2]>,
    steps: i32,
}

/// Learning rate of lucid (`render.py`).
const RATE: f32 = 0.05;
/// Decay rates and epsilon of Adam: TensorFlow's defaults.
const MOMENTUM: f32 = 0.9;
const SQUARE_MOMENTUM: f32 = 0.999;
const ADAM_EPSILON: f32 = 1e-8;

impl Optimizer for Adam {
    fn step(&mut self, gradients: Tensor<4>, _: Tensor<4>) -> Tensor<4> {
        self.steps += 1;
        let zeros = || [gradients.zeros_like(), gradients.zeros_like()];
        let [mean, square] = self.moments.take().unwrap_or_else(zeros);
        let mean = mean * MOMENTUM + gradients.clone() * (1.0 - MOMENTUM);
        let square = square * SQUARE_MOMENTUM + gradients.square() * (1.0 - SQUARE_MOMENTUM);
        // TensorFlow's order: the two corrections are in the step's length.
        let rate = RATE * (1.0 - SQUARE_MOMENTUM.powi(self.steps)).sqrt() / (1.0 - MOMENTUM.powi(self.steps));
        self.moments = Some([mean.clone(), square.clone()]);
        mean * rate / (square.sqrt() + ADAM_EPSILON)
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::super::tests::{noise, read};
    use super::*;

    #[test]
    fn adam_takes_its_first_step_at_full_length_and_then_follows_the_moments() {
        let device = Device::flex();
        let (first, second) = (noise(6, [2, 3, 4, 4], &device), noise(7, [2, 3, 4, 4], &device));
        let mut adam = Adam::default();
        let steps = [&first, &second].map(|gradients| read(adam.step(gradients.clone(), first.clone())));
        let gradients = [read(first.clone()), read(second)];
        let full = gradients[0].iter().filter(|slope| slope.abs() > 1e-4).count();
        assert!(full > 80, "{full} of 96 slopes can tell");
        for index in 0..96 {
            let [slope, next] = [f64::from(gradients[0][index]), f64::from(gradients[1][index])];
            if slope.abs() > 1e-4 {
                assert!((f64::from(steps[0][index]) - 0.05 * slope.signum()).abs() < 1e-4);
            }
            // Kingma and Ba's algorithm 1, in float64.
            let mean = 0.9 * 0.1 * slope + 0.1 * next;
            let square = 0.999 * 0.001 * slope.powi(2) + 0.001 * next.powi(2);
            let step = 0.05 * (mean / (1.0 - 0.9_f64.powi(2))) / (square / (1.0 - 0.999_f64.powi(2))).sqrt();
            // 1e-4 would not tell 0.999 from 0.99.
            assert!((f64::from(steps[1][index]) - step).abs() < 1e-5, "{} for {step}", steps[1][index]);
        }
    }

    #[test]
    fn a_normalized_step_is_the_gradient_over_its_root_mean_square() {
        let device = Device::flex();
        let values: Vec<f32> = (0..12).map(|k| k as f32 - 4.0).collect();
        let rms = (values.iter().map(|g| g * g).sum::<f32>() / 12.0).sqrt();
        let both = burn::tensor::TensorData::new([values.clone(), values.clone()].concat(), [2, 3, 2, 2]);
        let objectives = burn::tensor::TensorData::new(vec![1_f32, 0.0], [2, 1, 1, 1]);
        let step = NormalizedGradient.step(Tensor::from_data(both, &device), Tensor::from_data(objectives, &device));
        let step = read(step);
        for k in 0..12 {
            assert!((step[k] - values[k] / rms).abs() < 1e-5);
            assert_eq!(step[12 + k], 0.0, "a filter that does not fire is given up");
        }
    }
}
