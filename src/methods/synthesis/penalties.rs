//! Parameters of all methods that make images from noise: their number, and the weights of their penalties.

use super::regularizer::Regularizers;
use crate::param::Param;
use crate::run::Run;

/// Number of images.
pub(super) const IMAGES: Param =
    Param::int("images", "Images each", "How many images are made of each, side by side", 1, 16, 1);
/// Weight of the likeness of images; lucid's tutorial on diversity takes 100 too. Objectives of SqueezeNet's middle layers reach hundreds.
pub(super) const DIVERSITY: Param = Param::float(
    "diversity",
    "Diversity",
    "What several images of one filter are punished with for being alike",
    0.0,
    10_000.0,
    100.0,
);
/// Weight of the total variation.
pub(super) const TOTAL_VARIATION: Param = Param::float(
    "total_variation",
    "Smoothness",
    "What an image is punished with for its total variation, the differences of neighbouring pixels",
    0.0,
    10_000.0,
    0.0,
);
/// Weight of the squared distance from grey.
pub(super) const L2: Param =
    Param::float("l2", "L2", "What an image is punished with for its squared distance from grey", 0.0, 10_000.0, 0.0);

/// The penalties that are asked for.
pub(super) fn regularizers(run: &Run<'_>) -> Regularizers {
    Regularizers { total_variation: run.float(&TOTAL_VARIATION) as f32, l2: run.float(&L2) as f32 }
}
