//! Eigen-Grad-CAM, which has no paper: jacobgil/pytorch-grad-cam's, <https://github.com/jacobgil/pytorch-grad-cam>.
//!
//! Eigen-CAM ([`eigen_cam`](super::eigen_cam)) of the feature maps times their gradients, place by place: `L = (g * A) v`.

use super::eigen::projection;
use crate::card;
use crate::card::{Asks, Gives};
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
    Centring::Mean.name(),
);

/// Eigen-Grad-CAM.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "eigen_grad_cam",
        title: "Eigen-Grad-CAM",
        family: Cam,
        paper: ("Gildenblat 2021", "https://github.com/jacobgil/pytorch-grad-cam"),
        shows: "Eigen-Grad-CAM shows what a layer's feature maps, each multiplied with its gradients, have most in common: Eigen-CAM \
                that tells classes apart.",
        limits: "No paper examines it, its sign is settled by a rule and not by the class, and it is as coarse as the layer.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::LayerMap { signed: false },
        params: [CENTRED],
    },
    run: |run| Box::pin(eigen_grad_cam(run)),
};

async fn eigen_grad_cam(run: Run<'_>) -> Result<()> {
    emit_maps(&run, async |layer| {
        let gradients = run.gradients(layer)?;
        let weighted = run.features(layer)? * gradients.clone();
        let values = projection(&run, weighted, run.choice(&CENTRED)).await?;
        Ok(LayerMap { values, material: Material::Gradients(gradients.abs().max_dims(&[1, 2, 3])) })
    })
    .await
}
