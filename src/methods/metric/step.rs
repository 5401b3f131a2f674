//! Curves of a score while pixels pass, in the order of a map, from one image to another.

use burn::tensor::{Tensor, TensorData};

use super::Measured;
use crate::error::Result;
use crate::measurement::{Curve, Order, Reading};
use crate::param::{Param, Value};

/// The authors pass 224 pixels of 224 x 224 at a time: 224 steps.
pub(super) const STEPS: Param =
    Param::int("steps", "Steps", "In how many steps all pixels pass", 1, 10_000, 224).quick(Value::Int(28));
/// Which pixels pass first.
pub(super) const ORDER: Param =
    Param::choice("order", "Order", "Which pixels come first", Order::PAIRS, Order::Most.name());

/// The curve of the score, and the area under it, while pixels of `start` become those of `end`, both `[1, 3, H, W]`; `x` is what its
/// axis counts.
pub(super) async fn stepped(one: &Measured<'_>, start: Tensor<4>, end: Tensor<4>, x: &str) -> Result<Reading> {
    let run = &one.run;
    let order = order(&one.shown().await?, run.choice(&ORDER));
    let steps = run.int(&STEPS).min(order.len());
    let counts: Vec<usize> = (0..=steps).map(|step| reached(order.len(), step, steps)).collect();
    let [.., height, width] = start.dims();
    let known = one.known.ends.get();
    let asked = if known.is_some() { &counts[1..steps] } else { &counts[..] };
    let mut scores = vec![];
    for batch in asked.chunks(run.batch()) {
        let passed: Vec<f32> = batch.iter().flat_map(|&count| passed(&order, count)).collect();
        let data = TensorData::new(passed, [batch.len(), 1, height, width]);
        let passed = Tensor::<4>::from_data(data, &start.device());
        let kept = passed.ones_like() - passed.clone();
        scores.extend(run.scores(start.clone() * kept + end.clone() * passed).await?);
        one.progress(scores.len(), asked.len()).await?;
    }
    match known {
        Some([first, last]) => scores = [vec![first], scores, vec![last]].concat(),
        None => one.known.ends.set(Some([scores[0], scores[steps]])),
    }
    let share = |count: &usize| *count as f32 / order.len() as f32;
    let points = counts.iter().map(share).zip(scores).collect();
    let curve = Curve::new(x, run.score().name(), run.unit(), points);
    Ok(Reading { value: Some(curve.area()), curve: Some(curve) })
}

/// How many of `all` have passed after a step, as many at each as can be. In 64 bits: a million pixels in ten thousand steps are more than
/// the 32 of a page hold.
pub(super) fn reached(all: usize, step: usize, steps: usize) -> usize {
    (all as u64 * step as u64 / steps as u64) as usize
}

/// Pixels in their order; equals go row by row.
pub(super) fn order(values: &[f32], order: Order) -> Vec<usize> {
    let mut pixels: Vec<usize> = (0..values.len()).collect();
    pixels.sort_by(|&one, &other| match order {
        Order::Most => values[other].total_cmp(&values[one]),
        Order::Least => values[one].total_cmp(&values[other]),
    });
    pixels
}

/// 1 where a pixel is among the first `count`.
fn passed(order: &[usize], count: usize) -> Vec<f32> {
    let mut passed = vec![0_f32; order.len()];
    order[..count].iter().for_each(|&pixel| passed[pixel] = 1.0);
    passed
}
