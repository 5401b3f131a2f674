//! SmoothGrad: Smilkov et al. 2017, <https://arxiv.org/abs/1706.03825>, section 3; its squared form and VarGrad.
//!
//! The mean of the gradients at `x + N(0, sigma^2)`, where sigma is a share of the range from the input's smallest number to its largest
//! (section 3.3).

use super::moments::Combine;
use super::{BY_MAGNITUDE, rounded};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::methods::Method;
use crate::methods::nearby::Nearby;
use crate::methods::noise::Noise;
use crate::nn::ReluRule;
use crate::param::{Param, Value};
use crate::run::Run;

/// The paper sees little change above 50.
const SAMPLES: Param =
    Param::int("samples", "Noisy images", "How many images with noise are tried", 1, 10_000, 50).quick(Value::Int(15));
/// Of the paper's 10 % to 20 %.
const NOISE: Param = Param::float(
    "noise",
    "Noise",
    "Standard deviation of the noise, as a share of the range of the numbers at the network's input",
    0.0,
    2.0,
    0.15,
);
const COMBINE: Param = Param::choice("combine", "Put together", "How the gradients become one", Combine::PAIRS, "mean");
const SEED: Param = Param::seed("seed", "Seed", "Where the noise comes from");

/// SmoothGrad.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "smooth_grad",
        title: "SmoothGrad",
        family: Gradient,
        paper: ("Smilkov et al. 2017", "https://arxiv.org/abs/1706.03825"),
        shows: "The gradient of the class's score by the pixels, put together of the gradients of many copies of the image with noise.",
        limits: "It is the gradient of a blurred network, not of yours: what it smooths away was there, and much noise makes images the \
                 network never saw.",
        asks: Asks::CLASS,
        gives: Gives::InputMap { signed: true },
        params: [SAMPLES, NOISE, COMBINE, SEED, BY_MAGNITUDE],
    },
    run: |run| Box::pin(smooth_grad(run)),
};

async fn smooth_grad(run: Run<'_>) -> Result<()> {
    let (total, combine) = (run.int(&SAMPLES), run.choice::<Combine>(&COMBINE));
    let nearby = Nearby::of(run).await?;
    let noisy = |numbers: &[usize]| {
        let noise = |&number: &usize| Noise::of_channel(run.seed(&SEED), number).normal(nearby.len());
        nearby.inputs(run.float(&NOISE), &numbers.iter().map(noise).collect::<Vec<_>>())
    };
    let centre = match combine {
        Combine::Variance => run.input_gradient(ReluRule::Gradient)?,
        Combine::Mean | Combine::Squared => run.input()?.zeros_like(),
    };
    let sums = run.sum_over_gradients(total, noisy, |_, gradients| combine.sums(gradients, centre.clone())).await?;
    let values = rounded(combine.of_sums(&sums, total));
    run.emit(run.attribution(values, run.choice(&BY_MAGNITUDE))?).await
}
