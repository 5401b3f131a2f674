//! Head of a taught classifier: softmax regression with an L2 penalty, on features of zero mean and unit variance.

use super::minimum::minimum;

/// Weight of the penalty: `sum of cross entropies + PENALTY / 2 * |W|^2`, which is scikit-learn's `LogisticRegression` with its `C` of 1.
pub const PENALTY: f64 = 1.0;

/// Weights and biases that make logits of features.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Weights `[features, classes]`, row by row.
    pub weights: Vec<f32>,
    /// Biases `[classes]`.
    pub biases: Vec<f32>,
}

/// Means and deviations of features over images.
struct Scale {
    means: Vec<f64>,
    /// One over the standard deviation; 0 for a feature that is the same everywhere, which tells nothing.
    factors: Vec<f64>,
}

impl Scale {
    fn of(features: &[&[f32]]) -> Self {
        let (count, width) = (features.len() as f64, features.first().map_or(0, |one| one.len()));
        let mean = |of: &dyn Fn(&[f32]) -> f64| features.iter().map(|one| of(one)).sum::<f64>() / count;
        let means: Vec<f64> = (0..width).map(|at| mean(&|one| f64::from(one[at]))).collect();
        let variance = |at: usize| mean(&|one| (f64::from(one[at]) - means[at]).powi(2));
        let factors =
            (0..width).map(&variance).map(|variance| if variance > 0.0 { variance.sqrt().recip() } else { 0.0 });
        Self { factors: factors.collect(), means }
    }

    fn apply(&self, features: &[f32]) -> Vec<f64> {
        let scaled = features.iter().zip(&self.means).zip(&self.factors);
        scaled.map(|((&value, mean), factor)| (f64::from(value) - mean) * factor).collect()
    }
}

impl Head {
    /// The head for images with these features, each of the class of that index below `classes`; `start` is where to look first, the head
    /// of nearly the same images.
    ///
    /// The function is strictly convex in the weights, so that the result depends neither on the order of the images nor on the start but
    /// for rounding.
    pub fn fit(features: &[&[f32]], of: &[usize], classes: usize, penalty: f64, start: Option<&Self>) -> Self {
        let scale = Scale::of(features);
        let inputs: Vec<Vec<f64>> = features.iter().map(|one| scale.apply(one)).collect();
        let width = scale.means.len();
        let start = start.map_or_else(|| vec![0.0; (width + 1) * classes], |head| head.scaled(&scale));
        // Both terms by the number of images, so that a gradient of some size means the same for few and many.
        let count = inputs.len() as f64;
        let found = minimum(start, |at, slope| {
            let (weights, biases) = at.split_at(width * classes);
            let mut value = penalty / 2.0 * weights.iter().map(|weight| weight * weight).sum::<f64>();
            let (to, to_biases) = slope.split_at_mut(width * classes);
            to.iter_mut().zip(weights).for_each(|(to, weight)| *to = penalty * weight);
            to_biases.fill(0.0);
            for (input, &class) in inputs.iter().zip(of) {
                let mut shares = logits(input, weights, biases);
                value -= log_softmax(&mut shares, class);
                shares[class] -= 1.0;
                for (input, to) in input.iter().zip(to.chunks_exact_mut(classes)) {
                    to.iter_mut().zip(&shares).for_each(|(to, share)| *to += input * share);
                }
                to_biases.iter_mut().zip(&shares).for_each(|(to, share)| *to += share);
            }
            slope.iter_mut().for_each(|part| *part /= count);
            value / count
        });
        let (weights, biases) = found.split_at(width * classes);
        let mut biases = biases.to_vec();
        let mut own = Vec::with_capacity(weights.len());
        for ((row, mean), factor) in weights.chunks_exact(classes.max(1)).zip(&scale.means).zip(&scale.factors) {
            for (weight, bias) in row.iter().zip(&mut biases) {
                *bias -= weight * factor * mean;
                own.push((weight * factor) as f32);
            }
        }
        Self { weights: own, biases: biases.into_iter().map(|bias| bias as f32).collect() }
    }

    /// Weights and biases as they are for scaled features.
    fn scaled(&self, scale: &Scale) -> Vec<f64> {
        let classes = self.biases.len();
        let mut biases: Vec<f64> = self.biases.iter().map(|&bias| f64::from(bias)).collect();
        let mut weights = Vec::with_capacity(self.weights.len());
        for ((row, mean), factor) in self.weights.chunks_exact(classes.max(1)).zip(&scale.means).zip(&scale.factors) {
            for (&weight, bias) in row.iter().zip(&mut biases) {
                *bias += f64::from(weight) * mean;
                weights.push(if *factor > 0.0 { f64::from(weight) / factor } else { 0.0 });
            }
        }
        weights.extend(biases);
        weights
    }

    /// Probabilities of the classes for an image with these features.
    pub fn probabilities(&self, features: &[f32]) -> Vec<f64> {
        let double = |values: &[f32]| values.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>();
        let mut shares = logits(&double(features), &double(&self.weights), &double(&self.biases));
        log_softmax(&mut shares, 0);
        shares
    }
}

fn logits(input: &[f64], weights: &[f64], biases: &[f64]) -> Vec<f64> {
    let mut logits = biases.to_vec();
    for (input, row) in input.iter().zip(weights.chunks_exact(biases.len())) {
        logits.iter_mut().zip(row).for_each(|(logit, weight)| *logit += input * weight);
    }
    logits
}

/// Makes logits probabilities; gives the logarithm of one.
fn log_softmax(logits: &mut [f64], class: usize) -> f64 {
    let most = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|logit| (logit - most).exp()).sum();
    let log = logits[class] - most - sum.ln();
    logits.iter_mut().for_each(|logit| *logit = (*logit - most).exp() / sum);
    log
}
