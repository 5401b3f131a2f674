//! Expected gradients: Erion et al. 2021, <https://arxiv.org/abs/1906.10670>, equation 3.
//!
//! The mean of `(x - x') * df / dx (x' + a (x - x'))` over baselines `x'` drawn at random and `a` from 0 to 1. The paper draws baselines
//! from the training images; those are not at hand here, so they are noise, or other images that were given. The numbers add up to `f(x)` less the mean of `f(x')`, but
//! for the error of drawing.

use super::{BY_SUM, rounded};
use crate::card;
use crate::card::{Asks, Gives};
use crate::error::{Error, Result};
use crate::fault;
use crate::methods::Method;
use crate::methods::noise::Noise;
use crate::named;
use crate::param::{Param, Value};
use crate::run::Run;

const SAMPLES: Param = Param::int(
    "samples",
    "Draws",
    "How many baselines are drawn, each with a place on the way from it",
    1,
    10_000,
    200,
)
.quick(Value::Int(24));
const FROM: Param = Param::choice("baselines", "Baselines", "What the baselines are", Baselines::PAIRS, "shuffled");
const SEED: Param = Param::seed("seed", "Seed", "Where the draws come from");

/// Images that baselines are drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Baselines {
    /// The image's own pixels in a random order.
    Shuffled,
    /// Every number at random within what pixels can be.
    Uniform,
    /// One random colour.
    Colour,
    /// Other images that were given.
    Images,
}

named!(Baselines {
    Shuffled = "shuffled", "The image's own pixels in a random order";
    Uniform = "uniform", "Noise: every channel of every pixel at random";
    Colour = "colour", "One random colour each";
    Images = "images", "The other images that were given";
});

/// Expected gradients.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "expected_gradients",
        title: "Expected gradients",
        family: Gradient,
        paper: ("Erion et al. 2021", "https://arxiv.org/abs/1906.10670"),
        shows: "What each pixel adds to the difference between the class's score of the image and that of random baselines, on the mean: \
                integrated gradients without a baseline of your choice.",
        limits: "The paper draws baselines from the training images, which are not at hand: here they are noise, images the network never \
                 saw, or the few that were given, and few draws leave the map noisy.",
        asks: Asks::CLASS,
        gives: Gives::InputMap { signed: true },
        params: [SAMPLES, FROM, SEED, BY_SUM],
    },
    run: |run| Box::pin(expected_gradients(run)),
};

async fn expected_gradients(run: Run<'_>) -> Result<()> {
    let total = run.int(&SAMPLES);
    let input = run.input()?;
    let shape = input.dims();
    let values = run.read(input.clone()).await?;
    let range = run.model().manifest.preprocessing.range();
    let from: Baselines = run.choice(&FROM);
    let others = if from == Baselines::Images { others(&run).await? } else { vec![] };
    let draw = |&number: &usize| from.draw(run.seed(&SEED), number, (&values, &others), range);
    let draws = |numbers: &[usize]| {
        let (places, baselines): (Vec<f32>, Vec<Vec<f32>>) = numbers.iter().map(draw).unzip();
        let count = numbers.len();
        let baselines = run.tensor(baselines.concat(), [count, shape[1], shape[2], shape[3]]);
        (run.tensor(places, [count, 1, 1, 1]), baselines)
    };
    let on_the_way = |numbers: &[usize]| {
        let (places, baselines) = draws(numbers);
        Ok(baselines.clone() + (input.clone() - baselines) * places)
    };
    // Drawn again for the difference, which costs less than to hold all of it.
    let sums = run.sum_over_gradients(total, on_the_way, |numbers, gradients| {
        (gradients * (input.clone() - draws(numbers).1)).sum_dim(0)
    });
    let values = rounded(sums.await?.into_iter().map(|sum| sum / total as f64));
    run.emit(run.attribution(values, run.choice(&BY_SUM))?).await
}

/// The inputs of the other images that were given, `[3, H, W]` each.
async fn others(run: &Run<'_>) -> Result<Vec<Vec<f32>>> {
    let mut others = vec![];
    for other in run.observation()?.references() {
        others.push(run.read(other.clone()).await?);
    }
    if others.is_empty() {
        return Err(Error::Request(fault!(
            "no-other-images",
            "there are no other images to draw baselines from; give some, or choose other baselines"
        )));
    }
    Ok(others)
}

impl Baselines {
    /// The draw of that number: a place on the way, 0 to 1, and a baseline `[3, H, W]`; `image` is the input's numbers and `others` are
    /// those of other images, `low` and `high` bound each channel.
    pub(super) fn draw(
        self,
        seed: u64,
        number: usize,
        (image, others): (&[f32], &[Vec<f32>]),
        [low, high]: [[f32; 3]; 2],
    ) -> (f32, Vec<f32>) {
        let mut noise = Noise::of_channel(seed, number);
        let place = noise.uniform();
        let size = image.len() / 3;
        let baseline = match self {
            Self::Shuffled => {
                let order = shuffled(&mut noise, size);
                image.chunks_exact(size).flat_map(|channel| order.iter().map(|&pixel| channel[pixel])).collect()
            }
            Self::Uniform => {
                let within = |channel: usize| low[channel] + (high[channel] - low[channel]) * noise.uniform();
                (0..3 * size).map(|index| index / size).map(within).collect()
            }
            Self::Colour => {
                let colour: Vec<f32> =
                    (0..3).map(|channel| low[channel] + (high[channel] - low[channel]) * noise.uniform()).collect();
                (0..3 * size).map(|index| colour[index / size]).collect()
            }
            Self::Images => others[noise.below(others.len())].clone(),
        };
        (place, baseline)
    }
}

/// The numbers below `count` in a random order (Fisher and Yates, in Durstenfeld's form, 1964).
fn shuffled(noise: &mut Noise, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        order.swap(last, noise.below(last + 1));
    }
    order
}
