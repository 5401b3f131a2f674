//! What of a class's score comes back to the image: backward passes to the input, of the image itself, of the image with noise, or
//! of all images on the way to it.

mod moments;
mod quadrature;
#[cfg(test)]
mod tests;

use crate::error::Result;
use crate::explain::Reduction;
use crate::nn::ReluRule;
use crate::param::Param;
use crate::run::Run;

super::family! {
    gradient,
    gradient_x_input,
    smooth_grad,
    integrated_gradients,
    expected_gradients,
    guided_backprop,
    deconvnet,
}

/// The three channels of a result at the input as one map, with that default.
pub(super) const fn reduction(default: &'static str) -> Param {
    let help = "How the three channels of the input become one map";
    Param::choice("reduction", "Channels", help, Reduction::PAIRS, default)
}

/// What methods draw in colours where nothing else is said.
const IN_COLOURS: Param = reduction("colours");
/// What methods reduce whose numbers have no meaning as a sum.
const BY_MAGNITUDE: Param = reduction("max");
/// What methods reduce whose numbers add up to something.
pub(super) const BY_SUM: Param = reduction("signed");

/// The backward pass under a rule.
async fn at_input(run: Run<'_>, rule: ReluRule) -> Result<()> {
    let values = run.read(run.input_gradient(rule)?).await?;
    run.emit(run.attribution(values, run.choice(&IN_COLOURS))?).await
}

/// Numbers in the precision of maps.
fn rounded(values: impl IntoIterator<Item = f64>) -> Vec<f32> {
    values.into_iter().map(|value| value as f32).collect()
}
