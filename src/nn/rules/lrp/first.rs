//! Rules for the first layer, whose input is no feature map: Montavon et al. 2019, table 10.1.

use burn::tensor::{Tensor, TensorData};

use super::terms::{Term, handed_back, none, stabilized, sum};
use super::{Epsilon, is_weighted};
use crate::nn::{Rule, Site};

/// The z^B (box) rule, for inputs that are bounded, as pixels are: `R_in = sum (x w - l w+ - h w-) / z R`, where `z` is the sum of the
/// numerators (Montavon et al. 2017, <https://doi.org/10.1016/j.patcog.2016.11.008>, section 4.1). Biases play no part.
#[derive(Clone, Debug)]
pub struct Bounded {
    /// Smallest number of each channel of the network's input.
    pub low: Vec<f32>,
    /// Largest number of each.
    pub high: Vec<f32>,
    /// Stabilizer of the denominators, as in [`Epsilon`].
    pub epsilon: f32,
}

impl Rule for Bounded {
    fn backward(&self, relevance: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let x = at.input(input);
        let bound = |numbers: &[f32]| {
            let data = TensorData::new(numbers.to_vec(), [1, numbers.len(), 1, 1]);
            // Zeros around an image are no pixels: what the input is padded with, its bounds are.
            at.arriving(at.whole_input().zeros_like() + Tensor::from_data(data, &x.device()))
        };
        let term = |x: Tensor<4>, weight: &dyn Fn(Tensor<1>) -> Tensor<1>| {
            Some(Term { x, at: at.with_parameters(weight, none)? })
        };
        let terms = if is_weighted(at) {
            let positive = |numbers: Tensor<1>| -numbers.clamp_min(0.0);
            let negative = |numbers: Tensor<1>| -numbers.clamp_max(0.0);
            let parts = [
                term(x.clone(), &|numbers| numbers),
                term(bound(&self.low), &positive),
                term(bound(&self.high), &negative),
            ];
            parts.into_iter().flatten().collect()
        } else {
            vec![]
        };
        split(terms, relevance, self.epsilon, input, at)
    }
}

/// The flat rule: every input that a window reaches gets the same, whatever the weights are (Lapuschkin et al. 2019,
/// <https://doi.org/10.1038/s41467-019-08987-4>).
#[derive(Clone, Copy, Debug)]
pub struct Flat {
    /// Stabilizer of the denominators, as in [`Epsilon`].
    pub epsilon: f32,
}

impl Rule for Flat {
    fn backward(&self, relevance: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let changed = at.with_parameters(|numbers| numbers.ones_like(), none);
        split(of_ones(changed.filter(|_| is_weighted(at)), at), relevance, self.epsilon, input, at)
    }
}

/// The w^2 rule: inputs get their share by the squares of the weights, whatever the inputs are (Montavon et al. 2017, section 4.1). Biases
/// play no part.
#[derive(Clone, Copy, Debug)]
pub struct SquaredWeights {
    /// Stabilizer of the denominators, as in [`Epsilon`].
    pub epsilon: f32,
}

impl Rule for SquaredWeights {
    fn backward(&self, relevance: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let changed = at.with_parameters(|numbers| numbers.clone() * numbers, none);
        split(of_ones(changed.filter(|_| is_weighted(at)), at), relevance, self.epsilon, input, at)
    }
}

/// The term of an input of ones, for a layer that reads the network's input.
fn of_ones<'a>(changed: Option<Site<'a>>, at: &Site<'a>) -> Vec<Term<'a>> {
    let term = |changed| Term { x: at.arriving(at.whole_input().ones_like()), at: changed };
    changed.map(term).into_iter().collect()
}

/// Relevance split by terms; by LRP-epsilon, where there are none.
fn split(terms: Vec<Term<'_>>, relevance: Tensor<4>, epsilon: f32, input: usize, at: &Site<'_>) -> Tensor<4> {
    let Some(z) = sum(&terms) else { return Epsilon { epsilon }.backward(relevance, input, at) };
    let share = relevance / stabilized(z, epsilon);
    handed_back(terms, &share).unwrap_or(share)
}
