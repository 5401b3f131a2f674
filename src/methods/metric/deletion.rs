//! Deletion: Petsiuk, Das and Saenko 2018, <https://arxiv.org/abs/1806.07421>, section 4.1.
//!
//! Pixels are taken away in the order of a map, those with the largest numbers first, and the score of the class is read at every
//! step; the area under the curve is small where the map ranks well. Areas of different tools do not compare: they step and fill
//! differently. Here a pixel that is taken away is 0 at the network's input, the mean of the images it was trained on where that is
//! subtracted, and equals in the map go row by row.

use burn::tensor::{Tensor, TensorData};

use crate::artifact::{Artifact, Curve};
use crate::card;
use crate::card::{Asks, Gives, SCORE_CONVENTIONS};
use crate::error::Result;
use crate::explain::AttributionMap;
use crate::methods::Method;
use crate::methods::enlarge::enlarge;
use crate::param::{Param, Value};
use crate::run::Run;

/// The authors take away 224 pixels of 224 x 224 at a time: 224 steps.
const STEPS: Param =
    Param::int("steps", "Steps", "In how many steps all pixels are taken away", 1, 10_000, 224).quick(Value::Int(28));

/// Deletion curve.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "deletion",
        title: "Deletion curve",
        family: Metric,
        paper: ("Petsiuk et al. 2018", "https://arxiv.org/abs/1806.07421"),
        shows: "How fast the class's score falls as the pixels that a map ranks highest are taken away: the faster, the better the \
                map ranks them.",
        limits: "Images with pixels taken away are unlike any the network was trained on, so the fall is partly due to that.",
        asks: Asks::MAP,
        gives: Gives::Curve,
        params: [STEPS],
        conventions: SCORE_CONVENTIONS,
    },
    run: |run| Box::pin(deletion(run)),
};

async fn deletion(run: Run<'_>) -> Result<()> {
    let maps = run.measured().await?;
    let (steps, count) = (run.int(&STEPS), maps.len());
    for (index, map) in maps.into_iter().enumerate() {
        let order = order(&run, &map).await?;
        let mut scores = vec![];
        for first in (0..=steps).step_by(run.batch()) {
            let batch: Vec<usize> = (first..=steps).take(run.batch()).collect();
            scores.extend(run.scores_under(&without(&order, &batch, steps)).await?);
            run.progress(index * (steps + 1) + scores.len(), count * (steps + 1)).await?;
        }
        let points = scores.into_iter().enumerate().map(|(step, score)| (step as f32 / steps as f32, score)).collect();
        let score = run.score().name();
        run.emit(Artifact::Curve(Curve::new(map.layer, "pixels taken away", score, points))).await?;
    }
    Ok(())
}

/// The input's pixels, those with the largest numbers of the enlarged map first.
async fn order(run: &Run<'_>, map: &AttributionMap) -> Result<Vec<usize>> {
    let [.., height, width] = run.input()?.dims();
    let plane = &map.normalised;
    let data = TensorData::new(plane.values.clone(), [1, 1, plane.height, plane.width]);
    let plane = Tensor::<4>::from_data(data, run.model().network.device());
    let values = run.read(enlarge(plane, [height, width])).await?;
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&one, &other| values[other].total_cmp(&values[one]));
    Ok(order)
}

/// What is left after each of `batch` of so many steps: masks `[H, W]` of 1, and 0 where a pixel is taken away.
fn without(order: &[usize], batch: &[usize], steps: usize) -> Vec<Vec<f32>> {
    let mask = |step: &usize| {
        let mut kept = vec![1_f32; order.len()];
        order[..order.len() * step / steps].iter().for_each(|&pixel| kept[pixel] = 0.0);
        kept
    };
    batch.iter().map(mask).collect()
}
