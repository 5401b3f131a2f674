//! LRP-alpha-beta: Bach et al. 2015, equation 60.

use burn::tensor::Tensor;

use super::terms::{handed_back, parts, stabilized, sum, terms};
use super::{Epsilon, is_weighted};
use crate::nn::{Rule, Site};

/// LRP-alpha-beta: what speaks for an output gets `alpha` of its relevance, what speaks against it minus `beta`, with `alpha - beta`
/// of 1: `R_in = sum (alpha (x w)+ / z+ - beta (x w)- / z-) R`, where `z+` is the sum of all `(x w)+` and of `b+`, and `z-` that of
/// the others.
///
/// `alpha` 1 and `beta` 0 is the z-plus rule (Montavon et al. 2017, <https://doi.org/10.1016/j.patcog.2016.11.008>).
#[derive(Clone, Copy, Debug)]
pub struct AlphaBeta {
    /// Factor of what speaks for an output.
    pub alpha: f32,
    /// Factor of what speaks against it.
    pub beta: f32,
    /// Stabilizer of the denominators, as in [`Epsilon`].
    pub epsilon: f32,
}

impl Rule for AlphaBeta {
    fn backward(&self, relevance: Tensor<4>, input: usize, at: &Site<'_>) -> Tensor<4> {
        let Self { alpha, beta, epsilon } = *self;
        if !is_weighted(at) {
            return Epsilon { epsilon }.backward(relevance, input, at);
        }
        let positive = |numbers: Tensor<1>| numbers.clamp_min(0.0);
        let negative = |numbers: Tensor<1>| numbers.clamp_max(0.0);
        let split = |factor: f32, weights: [&dyn Fn(Tensor<1>) -> Tensor<1>; 3]| {
            let terms = terms(at, parts(at), weights);
            let share = relevance.clone() * factor / stabilized(sum(&terms)?, epsilon);
            handed_back(terms, &share)
        };
        let for_it = if alpha == 0.0 { None } else { split(alpha, [&positive, &negative, &positive]) };
        let against = if beta == 0.0 { None } else { split(-beta, [&negative, &positive, &negative]) };
        let both = for_it.into_iter().chain(against).reduce(Tensor::add);
        both.unwrap_or_else(|| at.input(0).zeros_like())
    }
}
