//! Gradient x input: Shrikumar et al. 2016, <https://arxiv.org/abs/1605.01713>, section 2.
//!
//! `x * df / dx`, where `x` is the network's input as it is after preprocessing.

use super::BY_SUM;
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::methods::Method;
use crate::nn::ReluRule;
use crate::run::Run;

/// Gradient x input.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "gradient_x_input",
        title: "Gradient x input",
        family: Gradient,
        paper: ("Shrikumar et al. 2016", "https://arxiv.org/abs/1605.01713"),
        shows: "The gradient of the class's score by each pixel times the pixel's number at the network's input: of a linear \
                network, what each pixel adds to the score.",
        limits: "Pixels that are 0 at the network's input, mostly those of an average colour, get nothing however much they matter.",
        asks: Asks::CLASS,
        gives: Gives::InputMap { signed: true },
        params: [BY_SUM],
    },
    run: |run| Box::pin(gradient_x_input(run)),
};

async fn gradient_x_input(run: Run<'_>) -> Result<()> {
    let values = run.read(run.input_gradient(ReluRule::Gradient)? * run.input()?).await?;
    run.emit(run.attribution(values, run.choice(&BY_SUM))?).await
}
