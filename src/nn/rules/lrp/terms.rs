//! What the rules of weighted layers have in common: relevance split by a sum of terms, each a part of the input under some weights.

use burn::tensor::Tensor;

use crate::nn::Site;

/// One term of a sum: a part of the input, and the layer with the weights and the bias that the part goes through.
pub(super) struct Term<'a> {
    pub(super) x: Tensor<4>,
    pub(super) at: Site<'a>,
}

/// The input `[K, C, H, W]` of a layer, its positive and its negative part. Of an input that cannot be negative there is the first
/// only.
pub(super) fn parts(at: &Site<'_>) -> (Tensor<4>, Option<Tensor<4>>) {
    let x = at.input(0);
    if at.reads_nonnegative() {
        return (x, None);
    }
    (x.clone().clamp_min(0.0), Some(x.clamp_max(0.0)))
}

/// The terms of a positive and a negative part of the input: the first with the bias, the second without it.
pub(super) fn terms<'a>(
    at: &Site<'a>,
    (positive, negative): (Tensor<4>, Option<Tensor<4>>),
    [first, second, bias]: [&dyn Fn(Tensor<1>) -> Tensor<1>; 3],
) -> Vec<Term<'a>> {
    let first = at.with_parameters(first, bias).map(|at| Term { x: positive, at });
    let second = negative.and_then(|x| Some(Term { x, at: at.with_parameters(second, none)? }));
    first.into_iter().chain(second).collect()
}

/// The sum of terms, `[K, C, h, w]`, which relevance is divided by.
pub(super) fn sum(terms: &[Term<'_>]) -> Option<Tensor<4>> {
    terms.iter().map(|term| term.at.forward(term.x.clone())).reduce(Tensor::add)
}

/// Relevance that terms hand back of `share`, relevance divided by their sum.
pub(super) fn handed_back(terms: Vec<Term<'_>>, share: &Tensor<4>) -> Option<Tensor<4>> {
    terms.into_iter().map(|Term { x, at }| x * at.pullback(share.clone(), 0)).reduce(Tensor::add)
}

/// Zeros in the place of numbers.
pub(in crate::nn) fn none(numbers: Tensor<1>) -> Tensor<1> {
    numbers.zeros_like()
}

/// `z + epsilon sign(z)`, where the sign of zero is positive.
pub(in crate::nn) fn stabilized(z: Tensor<4>, epsilon: f32) -> Tensor<4> {
    let sign = z.clone().greater_equal_elem(0.0).float() * 2.0 - 1.0;
    z + sign * epsilon
}
