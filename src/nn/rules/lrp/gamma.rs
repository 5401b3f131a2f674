//! LRP-gamma: Montavon et al. 2019, section 10.2.1; for inputs and outputs of either sign as Andeol et al. 2021,
//! <https://arxiv.org/abs/2111.02218>, and zennit have it.

use burn::tensor::Tensor;

use super::terms::{handed_back, parts, stabilized, sum, terms};
use super::{Epsilon, is_weighted};
use crate::nn::{Rule, Site};

/// LRP-gamma: LRP-epsilon that favours what speaks for an output. Where `z > 0`, each positive `x w`, and a positive `b`, counts
/// `1 + gamma` times; where `z < 0`, each negative one does. The larger gamma, the nearer to the z-plus rule.
#[derive(Clone, Copy, Debug)]
pub struct Gamma {
    /// Factor of what is added to parts of the output's sign: themselves.
    pub gamma: f32,
    /// Stabilizer of the denominators, as in [`Epsilon`].
    pub epsilon: f32,
}

impl Rule for Gamma {
    fn backward(&self, relevance: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let Self { gamma, epsilon } = *self;
        if !is_weighted(at) {
            return Epsilon { epsilon }.backward(relevance, input, at);
        }
        let up = |numbers: Tensor<1>| numbers.clone() + numbers.clamp_min(0.0) * gamma;
        let down = |numbers: Tensor<1>| numbers.clone() + numbers.clamp_max(0.0) * gamma;
        let z = at.output();
        let split = |here: Tensor<4>, weights: [&dyn Fn(Tensor<1>) -> Tensor<1>; 3]| {
            let terms = terms(at, parts(at), weights);
            let share = relevance.clone() * here / stabilized(sum(&terms)?, epsilon);
            handed_back(terms, &share)
        };
        let above = split(z.clone().greater_elem(0.0).float(), [&up, &down, &up]);
        let below = split(z.lower_elem(0.0).float(), [&down, &up, &down]);
        let both = above.into_iter().chain(below).reduce(Tensor::add);
        both.unwrap_or_else(|| at.input(0).zeros_like())
    }
}
