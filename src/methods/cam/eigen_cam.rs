//! Eigen-CAM: Muhammad and Yeasin 2020, <https://arxiv.org/abs/2008.00299>.
//!
//! `L = A v` for the feature maps `A` `[h w, C]` of a layer and their first right singular vector `v`: no class, and no gradient.
//! jacobgil/pytorch-grad-cam subtracts each feature map's mean first, which is a choice here. The sign, which a singular vector has
//! not, is that of [`projection`].

use super::eigen::projection;
use crate::card;
use crate::card::{Asks, Gives, Variant};
use crate::error::Result;
use crate::explain::Centring;
use crate::methods::Method;
use crate::methods::layers::{LayerMap, emit_maps};
use crate::param::Param;
use crate::run::{Material, Run};

const CENTRED: Param = Param::choice(
    "centred",
    "Subtracted",
    "What is subtracted from the feature maps first",
    Centring::PAIRS,
    Centring::Nothing.name(),
);

/// Eigen-CAM.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "eigen_cam",
        title: "Eigen-CAM",
        family: Cam,
        paper: ("Muhammad and Yeasin 2020", "https://arxiv.org/abs/2008.00299"),
        shows: "Eigen-CAM shows what a layer's feature maps have most in common, their first principal component: whatever the \
                network finds striking in the image.",
        limits: "It asks for no class, so it is the same for every class, and something that is striking need not have decided \
                 anything.",
        asks: Asks { class: false, ..Asks::CLASS_AT_LAYERS },
        gives: Gives::LayerMap { signed: false },
        params: [CENTRED],
        conventions: &[Variant::new("paper", "as in the paper: the feature maps alone, without a class")],
    },
    run: |run| Box::pin(eigen_cam(run)),
};

async fn eigen_cam(run: Run<'_>) -> Result<()> {
    emit_maps(&run, async |layer| {
        let features = run.features(layer)?;
        let values = projection(&run, features, run.choice(&CENTRED)).await?;
        Ok(LayerMap { values, material: Material::Features })
    })
    .await
}
