//! Image that a metric takes pixels from, or puts them into.

use burn::tensor::Tensor;

use super::SEED;
use crate::error::Result;
use crate::explain::Baseline;
use crate::methods::baseline::{Blur, image};
use crate::param::Param;
use crate::run::Run;

/// Side of the blur.
pub(super) const BLUR: Param =
    Param::int("blur", "Blur", "Side in pixels of the square that a blurred pixel is the mean of", 1, 255, 11);
/// Standard deviation of the blur.
pub(super) const SIGMA: Param = Param::float(
    "sigma",
    "Standard deviation",
    "Of the blur, in pixels: how little the middle counts more",
    0.1,
    100.0,
    5.0,
);

/// The baseline that stands in the place of pixels which are not shown, with that default.
pub(super) const fn baseline(default: &'static str) -> Param {
    let help = "What stands in the place of pixels that are not shown";
    Param::choice("baseline", "Baseline", help, Baseline::PAIRS, default)
}

/// An image of nothing but the baseline, `[1, 3, H, W]`.
///
/// # Errors
/// [`Error::Request`](crate::Error::Request) where no image has been looked at.
pub(super) fn filled(run: &Run<'_>, baseline: &Param) -> Result<Tensor<4>> {
    let blur = Blur { side: run.int(&BLUR), deviation: run.float(&SIGMA) };
    image(run, run.choice(baseline), &blur, run.seed(&SEED))
}
