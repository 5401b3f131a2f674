//! Filter patterns: what makes single channels of a layer fire most, from noise; or a single position of one, or a direction among
//! them.
//!
//! Two conventions differ in everything: the Keras notebook's and lucid's ([`Synthesis`](crate::explain::Synthesis)). To compare
//! them, compare the objectives of the images as they are drawn ([`Optimized::drawn`]), and after 40 steps or more: lucid starts
//! fainter, and is mostly behind after the notebook's 20.

use std::borrow::Cow;

use super::objective::{Place, Unit};
use super::optimization::{Goal, Studio};
use super::panels::Panels;
use super::penalties::{DIVERSITY, IMAGES, L2, TOTAL_VARIATION, regularizers};
use crate::card;
use crate::card::{Asks, Gives, Variant};
use crate::error::Result;
use crate::explain::{Channels, Objective, Weights, no_channel};
use crate::methods::Method;
use crate::methods::noise::Noise;
use crate::nn::NodeId;
use crate::param::{Param, Value};
use crate::render::Colours;
use crate::run::Run;

const FILTERS: Param = Param::channels(
    "filters",
    "Filters",
    "Filters by number, as in 0..63 or 3,7; first64; all; or of all those that fire most, as in top64",
    "first64",
)
.quick(Value::Text(Cow::Borrowed("first6")));
/// lucid's transform is made with matrices of `(2S)^2` numbers, which bounds the size.
const SIZE: Param = Param::int("size", "Pixels", "Side of the images in pixels", 8, 1024, 128).quick(Value::Int(64));
/// Steps by default: an eighth of lucid's 512, for the sake of machines without a GPU: by then the objective is about half of what
/// 512 steps reach (medians 0.45 to 0.50 in three layers of SqueezeNet).
const STEPS: Param =
    Param::int("steps", "Steps", "How often each image is moved", 1, 1_000_000, 64).quick(Value::Int(32));
const SEED: Param = Param::seed("seed", "Seed", "Where the noise that the images start from comes from");
const COLOURS: Param = Param::choice(
    "colours",
    "Colours",
    "Red as red, or the network's first channel as red",
    Colours::PAIRS,
    Colours::True.name(),
);
const OBJECTIVE: Param = Param::choice(
    "objective",
    "Objective",
    "What of the layer is excited",
    Objective::PAIRS,
    Objective::Channel.name(),
);
const X: Param = Param::float(
    "x",
    "Across",
    "Where a neuron lies from the left, as a share of the feature map's width",
    0.0,
    1.0,
    0.5,
);
const Y: Param = Param::float(
    "y",
    "Down",
    "Where a neuron lies from the top, as a share of the feature map's height",
    0.0,
    1.0,
    0.5,
);
const DIRECTION: Param = Param::weights(
    "direction",
    "Direction",
    "The channels of a direction with their weights, as in 3, -0.5*7; or random, of the seed",
    "random",
);

/// Filter patterns.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "filters",
        title: "Filter patterns",
        family: Synthesis,
        paper: ("Olah et al. 2017", "https://distill.pub/2017/feature-visualization"),
        shows: "Images made to excite single channels of a layer most, starting from noise: what each filter looks for.",
        limits: "The strongest stimulus is not the usual one: what a filter responds to in photographs can look quite different.",
        asks: Asks::NETWORK,
        gives: Gives::Panels,
        params: [
            FILTERS,
            SIZE,
            STEPS,
            SEED,
            COLOURS,
            OBJECTIVE,
            X,
            Y,
            DIRECTION,
            IMAGES,
            TOTAL_VARIATION,
            L2,
            DIVERSITY,
        ],
        conventions: &[
            Variant::new("lucid", "as lucid has it: spectra, uncorrelated colours, moved images, Adam"),
            Variant::with(
                "keras_notebook",
                "as in the notebook of convnet-interpretability-keras, with its quirks",
                &[
                    (Cow::Borrowed("steps"), Value::Int(20)),
                    (Cow::Borrowed("colours"), Value::Text(Cow::Borrowed(Colours::AsStored.name()))),
                ],
            ),
        ],
        command: "filters",
    },
    run: |run| Box::pin(filters(run)),
};

async fn filters(run: Run<'_>) -> Result<()> {
    let layer = run.layer()?;
    let wanted = run.channels(&FILTERS);
    let objective = run.choice::<Objective>(&OBJECTIVE);
    let units = match objective {
        Objective::Direction => vec![direction(&run, layer)?],
        _ => run.channels_of(layer, &wanted)?.into_iter().map(Unit::channel).collect(),
    };
    let goal = Goal {
        layer,
        size: run.int(&SIZE),
        steps: run.int(&STEPS),
        seed: run.seed(&SEED),
        preset: run.request().convention.synthesis,
        place: match objective {
            Objective::Neuron => Place::At([run.float(&Y), run.float(&X)]),
            _ => Place::Everywhere,
        },
        images: run.int(&IMAGES),
        diversity: run.float(&DIVERSITY) as f32,
        regularizers: regularizers(&run),
    };
    let studio = Studio::new(run.model(), goal)?;
    let best = match wanted {
        Channels::Top(count) if objective != Objective::Direction => Some(count),
        _ => None,
    };
    Panels::new(run, &studio, run.choice(&COLOURS), best).make(units).await
}

/// The direction that is asked for.
fn direction(run: &Run<'_>, layer: NodeId) -> Result<Unit> {
    let count = run.model().network.graph().shape(layer)[0];
    let weights = match run.request().values.weights(&DIRECTION) {
        Weights::Random => {
            // Of length 1, so that objectives of several seeds compare.
            let weights = Noise::of_direction(run.seed(&SEED)).normal(count);
            let length = weights.iter().map(|weight| weight * weight).sum::<f32>().sqrt();
            weights.into_iter().map(|weight| weight / length).enumerate().collect()
        }
        Weights::These(weights) => weights,
    };
    match weights.iter().find(|(channel, _)| *channel >= count) {
        Some(&(channel, _)) => Err(no_channel(run.name(layer), channel, count)),
        None => Ok(Unit { weights, channel: None }),
    }
}
