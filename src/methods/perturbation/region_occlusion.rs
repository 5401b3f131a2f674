//! Region occlusion: Zeiler and Fergus 2013, <https://arxiv.org/abs/1311.2901>, section 4.2, with regions that follow the image in the
//! place of a square that moves: superpixels (Achanta et al. 2012), or the cells of a grid.
//!
//! Every pixel lies in one region, and gets what the score loses when that region alone is covered.

use super::superpixels::{Slic, superpixels};
use crate::card;
use crate::card::{Asks, Gives, SCORE_CONVENTIONS};
use crate::error::Result;
use crate::explain::Regions;
use crate::methods::Method;
use crate::methods::baseline::{BASELINE, Cover};
use crate::param::Param;
use crate::run::Run;

const REGIONS: Param =
    Param::choice("regions", "Regions", "What is covered at once", Regions::PAIRS, Regions::Superpixels.name());
const COUNT: Param =
    Param::int("count", "Superpixels", "About how many superpixels the image is cut into", 1, 4096, 64);
/// 1 to 40 in CIELAB, say the authors, who take 10, as scikit-image does.
const COMPACTNESS: Param = Param::float(
    "compactness",
    "Compactness",
    "How much nearness counts beside likeness of colour: more makes superpixels squarer",
    0.01,
    1000.0,
    10.0,
);
const ROWS: Param = Param::int("rows", "Rows", "Rows of the grid", 1, 256, 7);
const COLUMNS: Param = Param::int("columns", "Columns", "Columns of the grid", 1, 256, 7);
const SEED: Param = Param::seed("seed", "Seed", "Where the noise of covered pixels comes from");

/// Region occlusion.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "region_occlusion",
        title: "Region occlusion",
        family: Perturbation,
        paper: ("Zeiler and Fergus 2013, Achanta et al. 2012", "https://arxiv.org/abs/1311.2901"),
        shows: "How much the class's score falls when one region of the image is covered: a superpixel, which follows the image's \
                edges, or a cell of a grid.",
        limits: "Regions are found by colour and not by what they mean; one that shares its evidence with another may cost nothing \
                 alone, and what covers it leaves its outline visible.",
        asks: Asks::CLASS,
        gives: Gives::InputMap { signed: true },
        params: [REGIONS, COUNT, COMPACTNESS, ROWS, COLUMNS, BASELINE, SEED],
        conventions: SCORE_CONVENTIONS,
    },
    run: |run| Box::pin(region_occlusion(run)),
};

async fn region_occlusion(run: Run<'_>) -> Result<()> {
    let [_, _, height, width] = run.input()?.dims();
    let labels = match run.choice(&REGIONS) {
        Regions::Superpixels => {
            let view = run.model().manifest.preprocessing.view(run.observation()?.image());
            superpixels(&view, Slic { count: run.int(&COUNT), compactness: run.float(&COMPACTNESS) })
        }
        Regions::Grid => grid([height, width], [run.int(&ROWS), run.int(&COLUMNS)]),
    };
    let cover = Cover::new(&run, run.choice(&BASELINE), run.seed(&SEED))?;
    let whole = run.scores(run.input()?).await?[0];
    let regions: Vec<usize> = (0..labels.iter().max().map_or(0, |last| last + 1)).collect();
    let scores = async |batch: &[usize]| {
        let covered = |&region: &usize| labels.iter().map(move |label| if *label == region { 0.0 } else { 1.0 });
        cover.scores(&run, batch.iter().flat_map(covered).collect()).await
    };
    let scores = run.batches(regions.len()).map(&regions, scores).await?;
    run.emit(run.input_map(labels.iter().map(|&region| whole - scores[region]).collect())?).await
}

/// The cell of each pixel, row by row, in a grid of `rows` and `columns` that are as alike as whole pixels allow; where there are
/// more of them than pixels, each pixel is one.
fn grid([height, width]: [usize; 2], [rows, columns]: [usize; 2]) -> Vec<usize> {
    let [rows, columns] = [rows.min(height), columns.min(width)];
    let cell = |y: usize, x: usize| y * rows / height * columns + x * columns / width;
    (0..height).flat_map(|y| (0..width).map(move |x| cell(y, x))).collect()
}

#[cfg(test)]
mod tests {
    use super::grid;

    #[test]
    fn cells_are_as_alike_as_whole_pixels_allow() {
        assert_eq!(grid([3, 5], [2, 2]), [[0, 0, 0, 1, 1], [0, 0, 0, 1, 1], [2, 2, 2, 3, 3]].concat());
        assert_eq!(grid([2, 2], [1, 1]), [0; 4]);
        assert_eq!(grid([2, 3], [9, 9]), [0, 1, 2, 3, 4, 5]);
        let labels = grid([224, 224], [7, 9]);
        for cell in 0..63 {
            let size = labels.iter().filter(|label| **label == cell).count();
            assert!([32 * 24, 32 * 25].contains(&size), "{size}");
        }
    }
}
