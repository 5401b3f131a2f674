//! Ablation-CAM: Desai and Ramaswamy 2020, <https://doi.org/10.1109/WACV45572.2020.9093360>.
//!
//! `L = ReLU(sum_k a_k A_k)` with `a_k = (y - y_k) / y` for the score `y` of a class and its score `y_k` when feature map `k` is all 0.
//! Here the difference is divided by the magnitude of `y`, so that what lowers a negative score does not come to speak for the class;
//! by nothing, where `y` is 0. Only the layers behind are run again.

use burn::tensor::{Tensor, TensorData};

use super::tried::{CONVENTIONS, TRIED, passes, tried};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::methods::Method;
use crate::methods::layers::{LayerMap, emit_maps};
use crate::nn::NodeId;
use crate::run::{Material, Run};

/// Ablation-CAM.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "ablation_cam",
        title: "Ablation-CAM",
        family: Cam,
        paper: ("Desai and Ramaswamy 2020", "https://doi.org/10.1109/WACV45572.2020.9093360"),
        shows: "Ablation-CAM weighs each feature map of a layer by how far the class's score falls when that one is switched off, \
                without any gradient.",
        limits: "Feature maps that stand in for one another lose little alone, so that each counts for less than they do together, \
                 and it is as coarse as the layer.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::LayerMap { signed: true },
        params: [TRIED],
        conventions: CONVENTIONS,
        many_passes: true,
    },
    run: |run| Box::pin(ablation_cam(run)),
};

async fn ablation_cam(run: Run<'_>) -> Result<()> {
    let batches = run.batches(passes(&run)?);
    emit_maps(&run, async |layer| {
        let features = run.features(layer)?;
        let [_, channels, ..] = features.dims();
        let whole = run.scores_from(layer, features.clone()).await?[0];
        let scale = if whole == 0.0 { 1.0 } else { whole.abs() };
        let mut weights = vec![0_f32; channels];
        let tried = tried(&run, layer).await?;
        let scores = batches.map(&tried, async |batch| scores_without(&run, layer, batch).await).await?;
        tried.iter().zip(scores).for_each(|(&channel, score)| weights[channel] = (whole - score) / scale);
        let weights = Tensor::from_data(TensorData::new(weights, [1, channels, 1, 1]), &features.device());
        Ok(LayerMap { values: (features * weights).sum_dim(1), material: Material::Scores })
    })
    .await
}

/// The class's scores with each of those channels all 0.
async fn scores_without(run: &Run<'_>, layer: NodeId, channels: &[usize]) -> Result<Vec<f32>> {
    let features = run.features(layer)?;
    let [_, count, ..] = features.dims();
    let mut kept = vec![1_f32; channels.len() * count];
    channels.iter().enumerate().for_each(|(row, &channel)| kept[row * count + channel] = 0.0);
    let kept = Tensor::from_data(TensorData::new(kept, [channels.len(), count, 1, 1]), &features.device());
    run.scores_from(layer, features * kept).await
}
