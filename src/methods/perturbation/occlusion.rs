//! Occlusion: Zeiler and Fergus 2013, <https://arxiv.org/abs/1311.2901>, section 4.2.
//!
//! A square is covered, place after place; each of its pixels gets what the score lost. Where squares overlap, the losses are added
//! up, as in PAIR's saliency and xplique; captum divides by the number of squares over each pixel. Where strides do not divide, the
//! last square ends at the edge; captum has it cut off there, and xplique leaves it out, so that pixels at the edge are never covered.

use crate::card;
use crate::card::{Asks, Gives, SCORE_CONVENTIONS};
use crate::error::Result;
use crate::methods::Method;
use crate::methods::baseline::{BASELINE, Cover};
use crate::param::Param;
use crate::run::Run;

const WINDOW: Param =
    Param::int("window", "Square", "Side of the square in pixels of the network's input", 1, 1024, 32);
const STRIDE: Param = Param::int("stride", "Stride", "Pixels from one place of the square to the next", 1, 1024, 16);
const SEED: Param = Param::seed("seed", "Seed", "Where the noise of covered pixels comes from");

/// Occlusion.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "occlusion",
        title: "Occlusion",
        family: Perturbation,
        paper: ("Zeiler and Fergus 2013", "https://arxiv.org/abs/1311.2901"),
        shows: "How much the class's score falls when a square of the image is covered, place after place.",
        limits: "Squares that hold a part of something that is there twice may cost nothing, and a covered square is an image the \
                 network never saw.",
        asks: Asks::CLASS,
        gives: Gives::InputMap { signed: true },
        params: [WINDOW, STRIDE, BASELINE, SEED],
        conventions: SCORE_CONVENTIONS,
    },
    run: |run| Box::pin(occlusion(run)),
};

async fn occlusion(run: Run<'_>) -> Result<()> {
    let [_, _, height, width] = run.input()?.dims();
    let sides = [height, width].map(|side| run.int(&WINDOW).min(side));
    let [rows, columns] = [0, 1].map(|axis| starts([height, width][axis], sides[axis], run.int(&STRIDE)));
    let places: Vec<[usize; 2]> =
        rows.iter().flat_map(|&row| columns.iter().map(move |&column| [row, column])).collect();
    let pixels = |[top, left]: [usize; 2]| {
        (top..top + sides[0]).flat_map(move |row| (left..left + sides[1]).map(move |column| row * width + column))
    };
    let cover = Cover::new(&run, run.choice(&BASELINE), run.seed(&SEED))?;
    let whole = run.scores(run.input()?).await?[0];
    let scores = async |batch: &[[usize; 2]]| {
        let mut masks = vec![1_f32; batch.len() * height * width];
        for (mask, &place) in masks.chunks_exact_mut(height * width).zip(batch) {
            pixels(place).for_each(|pixel| mask[pixel] = 0.0);
        }
        cover.scores(&run, masks).await
    };
    let scores = run.batches(places.len()).map(&places, scores).await?;
    let mut map = vec![0_f64; height * width];
    for (score, place) in scores.into_iter().zip(places) {
        pixels(place).for_each(|pixel| map[pixel] += f64::from(whole - score));
    }
    run.emit(run.input_map(map.into_iter().map(|value| value as f32).collect())?).await
}

/// Starts of a square of a side along an axis, in pixels: a stride apart, and at the end.
fn starts(length: usize, side: usize, stride: usize) -> Vec<usize> {
    let last = length - side;
    (0..last).step_by(stride).chain([last]).collect()
}

#[cfg(test)]
mod tests {
    use super::starts;

    #[test]
    fn squares_cover_everything() {
        assert_eq!(starts(224, 32, 16).len(), 13);
        assert_eq!(starts(7, 3, 2), [0, 2, 4]);
        assert_eq!(starts(8, 3, 2), [0, 2, 4, 5]);
        assert_eq!(starts(3, 3, 9), [0]);
    }
}
