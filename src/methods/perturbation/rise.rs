//! RISE: Petsiuk, Das and Saenko 2018, <https://arxiv.org/abs/1806.07421>, equation 6.
//!
//! `S = 1 / (p N) sum_i f(I * M_i) M_i` for the score `f` of a class and `N` random masks `M_i`: grids of cells, each kept with the
//! probability `p`, enlarged bilinearly and shifted by less than a cell (section 3.2). The smallest number of `S` is subtracted. With a baseline `B`
//! other than 0, the network is shown `I * M_i + B * (1 - M_i)`.

use crate::card;
use crate::card::{Asks, Gives, SCORE_CONVENTIONS};
use crate::error::Result;
use crate::methods::Method;
use crate::methods::baseline::{BASELINE, Cover};
use crate::methods::noise::Noise;
use crate::param::{Param, Value};
use crate::run::Run;

/// The paper's 4000 for VGG16; there are as many forward passes.
const MASKS: Param =
    Param::int("masks", "Masks", "How many masked images are tried", 1, 100_000, 4000).quick(Value::Int(400));
const CELLS: Param = Param::int("cells", "Cells", "Cells of a mask along each side", 1, 64, 7);
const KEEP: Param = Param::float("keep", "Keep", "Share of the cells that are left as they are", 0.05, 0.95, 0.5);
const SEED: Param = Param::seed("seed", "Seed", "Where the masks, and the noise of covered pixels, come from");

/// RISE.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "rise",
        title: "RISE",
        family: Perturbation,
        paper: ("Petsiuk et al. 2018", "https://arxiv.org/abs/1806.07421"),
        shows: "How much each part of the image matters to the class's score, by covering random parts of it many times.",
        limits: "It is an estimate from random masks: noisy where there are few of them, as coarse as their cells, and grey patches \
                 are images the network never saw.",
        asks: Asks::CLASS,
        gives: Gives::InputMap { signed: false },
        params: [MASKS, CELLS, KEEP, BASELINE, SEED],
        conventions: SCORE_CONVENTIONS,
    },
    run: |run| Box::pin(rise(run)),
};

async fn rise(run: Run<'_>) -> Result<()> {
    let (total, keep) = (run.int(&MASKS), run.float(&KEEP));
    let [.., height, width] = run.input()?.dims();
    let seed = run.seed(&SEED);
    let cover = Cover::new(&run, run.choice(&BASELINE), seed)?;
    let mut masks = Masks::new(seed, run.int(&CELLS), keep, [height, width]);
    let mut sum = vec![0_f64; height * width];
    let add = async |batch: &[()]| {
        let mut drawn = Vec::with_capacity(batch.len() * height * width);
        batch.iter().for_each(|()| masks.append(&mut drawn));
        let scores = cover.scores(&run, drawn.clone()).await?;
        for (mask, &score) in drawn.chunks_exact(height * width).zip(&scores) {
            sum.iter_mut().zip(mask).for_each(|(sum, kept)| *sum += f64::from(score) * f64::from(*kept));
        }
        Ok(scores)
    };
    run.batches(total).map(&vec![(); total], add).await?;
    // What every place gets of masks alone says nothing about any: the authors' plots begin at the smallest number, too.
    let least = sum.iter().copied().fold(f64::INFINITY, f64::min);
    let scale = 1.0 / (keep * total as f64);
    run.emit(run.input_map(sum.into_iter().map(|sum| ((sum - least) * scale) as f32).collect())?).await
}

/// Random masks `[H, W]` from 0 (covered) to 1 (kept).
struct Masks {
    noise: Noise,
    cells: usize,
    keep: f64,
    size: [usize; 2],
}

impl Masks {
    fn new(seed: u64, cells: usize, keep: f64, size: [usize; 2]) -> Self {
        Self { noise: Noise::of_channel(seed, 0), cells, keep, size }
    }
}

impl Masks {
    /// Appends the next mask, row by row.
    fn append(&mut self, to: &mut Vec<f32>) {
        let (cells, keep) = (self.cells, self.keep);
        let grid: Vec<f64> =
            (0..cells * cells).map(|_| if f64::from(self.noise.uniform()) < keep { 1.0 } else { 0.0 }).collect();
        // Sides of a cell, in pixels: rounded up, as the authors' code has it, so that the shifted grid covers any size.
        let sides = self.size.map(|side| side.div_ceil(cells));
        let shifts = sides.map(|side| self.noise.below(side));
        let [rows, columns] = [0, 1].map(|axis| {
            // The grid of `cells` enlarged to `cells + 1` cells' pixels, half-pixel centres, edges repeated.
            let scale = cells as f64 / ((cells + 1) * sides[axis]) as f64;
            (0..self.size[axis])
                .map(|place| {
                    let at = ((place + shifts[axis]) as f64 + 0.5) * scale - 0.5;
                    let at = at.clamp(0.0, (cells - 1) as f64);
                    (at as usize, (at as usize + 1).min(cells - 1), at.fract())
                })
                .collect::<Vec<_>>()
        });
        // Each of the grid's rows is enlarged once, not for every row of the mask.
        let along = |row: &[f64]| -> Vec<f64> {
            columns.iter().map(|&(left, right, share)| row[left] * (1.0 - share) + row[right] * share).collect()
        };
        let lines: Vec<Vec<f64>> = grid.chunks_exact(cells).map(along).collect();
        for (top, bottom, down) in rows {
            let pairs = lines[top].iter().zip(&lines[bottom]);
            to.extend(pairs.map(|(top, bottom)| (top * (1.0 - down) + bottom * down) as f32));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Iterator for Masks {
        type Item = Vec<f32>;

        fn next(&mut self) -> Option<Vec<f32>> {
            let mut mask = vec![];
            self.append(&mut mask);
            Some(mask)
        }
    }

    #[test]
    fn masks_are_grids_enlarged_and_shifted() {
        // All cells kept, or as good as none.
        assert!(Masks::new(1, 3, 1.0, [7, 10]).take(5).all(|mask| mask == vec![1.0; 70]));
        let masks: Vec<Vec<f32>> = Masks::new(2, 4, 0.3, [16, 16]).take(4000).collect();
        assert!(masks.iter().flatten().all(|value| (0.0..=1.0).contains(value)));
        let mean = masks.iter().flatten().map(|value| f64::from(*value)).sum::<f64>() / (4000 * 256) as f64;
        assert!((mean - 0.3).abs() < 0.01, "a share of {mean} is kept");
        assert_eq!(masks[..3], Masks::new(2, 4, 0.3, [16, 16]).take(3).collect::<Vec<_>>()[..], "the seed decides");
        assert_ne!(masks[0], masks[1]);
    }

    #[test]
    fn one_cell_is_all_or_nothing() {
        let masks: Vec<Vec<f32>> = Masks::new(3, 1, 0.5, [5, 3]).take(200).collect();
        let full = masks.iter().filter(|mask| **mask == vec![1.0; 15]).count();
        assert_eq!(full + masks.iter().filter(|mask| **mask == vec![0.0; 15]).count(), 200);
        assert!((60..140).contains(&full), "{full} of 200");
    }
}
