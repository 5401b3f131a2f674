//! Recipro-CAM: Byun and Lee 2022, <https://arxiv.org/abs/2209.14074>.
//!
//! `L[i, j]` is the class's score when of a layer's feature maps only the place `(i, j)` is kept and all others are 0. In the Gaussian
//! form the features of the place are spread over its eight neighbours by `[1, 2, 1]' [1, 2, 1] / 16`, as in the authors' code. The
//! smallest number is subtracted, as there. Only the layers behind are run again.

use burn::tensor::{Tensor, TensorData};

use crate::card;
use crate::card::{Asks, Gives, SCORE_CONVENTIONS};
use crate::error::Result;
use crate::explain::Kept;
use crate::methods::Method;
use crate::methods::layers::{LayerMap, emit_maps};
use crate::nn::NodeId;
use crate::param::Param;
use crate::run::{Material, Run};

const KEPT: Param =
    Param::choice("kept", "Kept", "What is left of the feature maps at a time", Kept::PAIRS, Kept::Place.name());

/// Recipro-CAM.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "recipro_cam",
        title: "Recipro-CAM",
        family: Cam,
        paper: ("Byun and Lee 2022", "https://arxiv.org/abs/2209.14074"),
        shows: "Recipro-CAM shows the class's score when a layer keeps its features at one place only, place after place, without any \
                gradient.",
        limits: "It shows what a place can do alone and not what several do together, feature maps that are 0 but at one place are \
                 unlike any the network has had, and an early layer has very many places.",
        asks: Asks::CLASS_AT_LAYERS,
        gives: Gives::LayerMap { signed: false },
        params: [KEPT],
        conventions: SCORE_CONVENTIONS,
        many_passes: true,
    },
    run: |run| Box::pin(recipro_cam(run)),
};

async fn recipro_cam(run: Run<'_>) -> Result<()> {
    let size = |layer: NodeId| {
        let [_, height, width] = run.model().network.graph().shape(layer);
        [height, width]
    };
    let places = |layer: NodeId| size(layer).iter().product::<usize>();
    let batches = run.batches(run.layers()?.into_iter().map(places).sum());
    emit_maps(&run, async |layer| {
        let places: Vec<usize> = (0..places(layer)).collect();
        let mut scores = batches.map(&places, async |batch| scores_at(&run, layer, batch).await).await?;
        // What every place gives says nothing about any.
        let least = scores.iter().copied().fold(f32::INFINITY, f32::min);
        scores.iter_mut().for_each(|score| *score -= least);
        let [height, width] = size(layer);
        let values = TensorData::new(scores, [1, 1, height, width]);
        Ok(LayerMap { values: Tensor::from_data(values, run.model().network.device()), material: Material::Scores })
    })
    .await
}

/// The class's scores with the features of each of those places, counted row by row, alone.
async fn scores_at(run: &Run<'_>, layer: NodeId, places: &[usize]) -> Result<Vec<f32>> {
    let features = run.features(layer)?;
    let [_, channels, height, width] = features.dims();
    let masks: Vec<f32> = places.iter().flat_map(|&place| mask(place, [height, width], run.choice(&KEPT))).collect();
    let masks = Tensor::from_data(TensorData::new(masks, [places.len(), 1, height, width]), &features.device());
    let flat = features.reshape([1, channels, height * width, 1]);
    let vectors = places.iter().map(|&place| flat.clone().narrow(2, place, 1)).collect();
    run.scores_from(layer, Tensor::cat(vectors, 0) * masks).await
}

/// Shares of a place's features that each place `[h, w]` gets.
fn mask(place: usize, [height, width]: [usize; 2], kept: Kept) -> Vec<f32> {
    let (row, column) = (place / width, place % width);
    let share = |distance: usize| match (kept, distance) {
        (Kept::Place, 0) => 1.0,
        (Kept::Gaussian, 0) => 0.5,
        (Kept::Gaussian, 1) => 0.25,
        _ => 0.0,
    };
    let at = |y: usize| (0..width).map(move |x| share(y.abs_diff(row)) * share(x.abs_diff(column)));
    (0..height).flat_map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_kept_alone_or_spread_and_cut_at_the_edge() {
        assert_eq!(mask(4, [2, 3], Kept::Place), [0.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        let spread = [4.0, 2.0, 0.0, 2.0, 1.0, 0.0].map(|share| share / 16.0);
        assert_eq!(mask(0, [2, 3], Kept::Gaussian), spread);
        assert_eq!(mask(4, [3, 3], Kept::Gaussian).iter().sum::<f32>(), 1.0);
    }
}
