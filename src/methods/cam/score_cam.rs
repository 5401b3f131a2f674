//! Score-CAM: Wang et al. 2019, <https://arxiv.org/abs/1910.01279>, algorithm 1.
//!
//! `L = ReLU(sum_k a_k A_k)`, where `a` is the softmax over the channels of the class's scores of the image under masks: each feature
//! map enlarged to the input (bilinear, pixels by their centres) and brought to 0..1 by its least and its largest number. The score
//! of a black image, which the paper subtracts, changes no softmax.

use burn::tensor::{Tensor, TensorData};

use super::tried::{CONVENTIONS, TRIED, passes, tried};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::Result;
use crate::explain::softmax;
use crate::methods::Method;
use crate::methods::layers::{LayerMap, emit_maps};
use crate::methods::resize::resize;
use crate::nn::NodeId;
use crate::run::{Material, Run};

/// Guard against a division by 0: a feature map that is the same everywhere covers the whole image.
const EPSILON: f32 = 1e-8;

/// Score-CAM.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "score_cam",
        title: "Score-CAM",
        family: Cam,
        paper: ("Wang et al. 2019", "https://arxiv.org/abs/1910.01279"),
        shows: "Score-CAM weighs each feature map of a layer by the class's score of the image seen through it, without any gradient.",
        limits: "The softmax lets a few feature maps speak for all, an image under a mask is one the network never saw, and it takes \
                 a pass through the network for each feature map.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::LayerMap { signed: false },
        params: [TRIED],
        conventions: CONVENTIONS,
        many_passes: true,
    },
    run: |run| Box::pin(score_cam(run)),
};

async fn score_cam(run: Run<'_>) -> Result<()> {
    let batches = run.batches(passes(&run)?);
    emit_maps(&run, async |layer| {
        let features = run.features(layer)?;
        let [_, channels, ..] = features.dims();
        let tried = tried(&run, layer).await?;
        let scores = batches.map(&tried, async |batch| scores_behind(&run, layer, batch).await).await?;
        let mut weights = vec![0_f32; channels];
        tried.iter().zip(softmax(&scores)).for_each(|(&channel, weight)| weights[channel] = weight as f32);
        let weights = Tensor::from_data(TensorData::new(weights, [1, channels, 1, 1]), &features.device());
        // No weight of a softmax is zero: whatever is blank is so because the layer is.
        Ok(LayerMap { values: (features * weights).sum_dim(1), material: Material::Features })
    })
    .await
}

/// The class's scores of the image under the feature maps of those channels.
async fn scores_behind(run: &Run<'_>, layer: NodeId, channels: &[usize]) -> Result<Vec<f32>> {
    let (features, input) = (run.features(layer)?, run.input()?);
    let [.., height, width] = input.dims();
    let maps = channels.iter().map(|&channel| features.clone().narrow(1, channel, 1)).collect();
    let maps = resize(Tensor::cat(maps, 0), [height, width]);
    let least = maps.clone().min_dims(&[2, 3]);
    let span = maps.clone().max_dims(&[2, 3]) - least.clone();
    run.scores(input * ((maps - least) / (span + EPSILON))).await
}
