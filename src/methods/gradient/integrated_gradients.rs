//! Integrated gradients: Sundararajan et al. 2017, <https://arxiv.org/abs/1703.01365>, equations 1 and 3.
//!
//! `(x - x') * integral from 0 to 1 of df / dx (x' + a (x - x')) da`, for a baseline `x'`. The numbers add up to `f(x) - f(x')`.

use super::quadrature::Quadrature;
use super::{BY_SUM, rounded};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::explain::Baseline;
use crate::methods::Method;
use crate::methods::baseline::{Blur, image};
use crate::param::{Param, Value};
use crate::run::Run;

/// captum's 50; the paper finds 20 to 300 enough.
const STEPS: Param =
    Param::int("steps", "Steps", "At how many images on the way from the baseline gradients are taken", 1, 10_000, 50)
        .quick(Value::Int(16));
const RULE: Param = Param::choice(
    "rule",
    "Rule",
    "Where on the way the gradients are taken, and how much each counts",
    Quadrature::PAIRS,
    "gauss_legendre",
);
const BASELINE: Param = Param::choice(
    "baseline",
    "Baseline",
    "The image that stands for the absence of everything",
    Baseline::PAIRS,
    "zero",
);
const SEED: Param = Param::seed("seed", "Seed", "Where the noise of the baseline comes from");

/// Integrated gradients.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "integrated_gradients",
        title: "Integrated gradients",
        family: Gradient,
        paper: ("Sundararajan et al. 2017", "https://arxiv.org/abs/1703.01365"),
        shows: "What each pixel adds to the difference between the class's score of the image and that of a baseline: the gradients \
                on the straight way between them, added up.",
        limits: "The answer is about that baseline: another one gives another map, and pixels that look like it get nothing.",
        asks: Asks::CLASS,
        gives: Gives::InputMap { signed: true },
        params: [STEPS, RULE, BASELINE, SEED, BY_SUM],
    },
    run: |run| Box::pin(integrated_gradients(run)),
};

async fn integrated_gradients(run: Run<'_>) -> Result<()> {
    let points = run.choice::<Quadrature>(&RULE).points(run.int(&STEPS));
    let input = run.input()?;
    let baseline = image(&run, run.choice(&BASELINE), &Blur::RISE, run.seed(&SEED))?;
    let way = input - baseline.clone();
    let column = |numbers: &[usize], of: fn(&(f64, f64)) -> f64| {
        run.tensor(rounded(numbers.iter().map(|&number| of(&points[number]))), [numbers.len(), 1, 1, 1])
    };
    let on_the_way = |numbers: &[usize]| Ok(baseline.clone() + way.clone() * column(numbers, |(point, _)| *point));
    let sums = run.sum_over_gradients(points.len(), on_the_way, |numbers, gradients| {
        (gradients * column(numbers, |(_, weight)| *weight)).sum_dim(0)
    });
    let (sums, way) = (sums.await?, run.read(way.clone()).await?);
    let values = rounded(sums.iter().zip(way).map(|(sum, way)| sum * f64::from(way)));
    run.emit(run.attribution(values, run.choice(&BY_SUM))?).await
}
