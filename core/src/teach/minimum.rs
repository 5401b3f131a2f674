//! Minimum of a smooth convex function by L-BFGS (Nocedal 1980, <https://doi.org/10.1090/S0025-5718-1980-0572855-7>): few steps, no
//! step size to choose, and the same path on every machine.

use std::collections::VecDeque;

/// Pairs of differences that stand for the curvature, as many as is usual.
const PAIRS: usize = 10;
/// Steps at most.
const STEPS: usize = 1000;
/// Halvings of a step at most: a function that is not smaller then is at its minimum, as far as float64 tells.
const HALVINGS: usize = 40;
/// Share of the decrease that the slope promises which a step must bring (Armijo 1966).
const ENOUGH: f64 = 1e-4;
/// The largest part of the gradient at the minimum.
const FLAT: f64 = 1e-9;

/// Where `of` has its minimum, found from `start`; `of` gives the value and writes the gradient.
pub(super) fn minimum(mut at: Vec<f64>, of: impl Fn(&[f64], &mut [f64]) -> f64) -> Vec<f64> {
    let mut slope = vec![0.0; at.len()];
    let mut value = of(&at, &mut slope);
    let mut pairs: VecDeque<[Vec<f64>; 2]> = VecDeque::new();
    for _ in 0..STEPS {
        if slope.iter().all(|part| part.abs() <= FLAT) {
            break;
        }
        let way = downhill(&slope, &pairs);
        let falls = dot(&way, &slope);
        let mut length = if pairs.is_empty() { 1.0 / dot(&slope, &slope).sqrt().max(1.0) } else { 1.0 };
        let mut next = None;
        for _ in 0..HALVINGS {
            let there: Vec<f64> = at.iter().zip(&way).map(|(at, way)| at + length * way).collect();
            let mut slope_there = vec![0.0; at.len()];
            let value_there = of(&there, &mut slope_there);
            if value_there <= value + ENOUGH * length * falls {
                next = Some((there, slope_there, value_there));
                break;
            }
            length /= 2.0;
        }
        let Some((there, slope_there, value_there)) = next else { break };
        let moved: Vec<f64> = there.iter().zip(&at).map(|(new, old)| new - old).collect();
        let turned: Vec<f64> = slope_there.iter().zip(&slope).map(|(new, old)| new - old).collect();
        // Of a convex function this is never negative but for rounding.
        if dot(&moved, &turned) > 0.0 {
            if pairs.len() == PAIRS {
                pairs.pop_front();
            }
            pairs.push_back([moved, turned]);
        }
        (at, slope, value) = (there, slope_there, value_there);
    }
    at
}

/// The way down: the gradient times the inverse of the curvature that the pairs tell, negative (the two-loop recursion).
fn downhill(slope: &[f64], pairs: &VecDeque<[Vec<f64>; 2]>) -> Vec<f64> {
    let mut way: Vec<f64> = slope.iter().map(|part| -part).collect();
    let mut shares = vec![];
    for [moved, turned] in pairs.iter().rev() {
        let share = dot(moved, &way) / dot(moved, turned);
        add(&mut way, -share, turned);
        shares.push(share);
    }
    if let Some([moved, turned]) = pairs.back() {
        let scale = dot(moved, turned) / dot(turned, turned);
        way.iter_mut().for_each(|part| *part *= scale);
    }
    for ([moved, turned], share) in pairs.iter().zip(shares.iter().rev()) {
        let other = dot(turned, &way) / dot(moved, turned);
        add(&mut way, share - other, moved);
    }
    way
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn add(to: &mut [f64], times: f64, what: &[f64]) {
    to.iter_mut().zip(what).for_each(|(to, what)| *to += times * what);
}
