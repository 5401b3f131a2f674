//! Class visualisation: what raises a class's logit most, from noise. Simonyan, Vedaldi and Zisserman 2013,
//! <https://arxiv.org/abs/1312.6034>, section 2: `arg max_I S_c(I) - lambda |I|^2`, of the logit and not of the probability, which
//! could be raised by lowering the other classes.
//!
//! The image is made as lucid makes one (Olah et al. 2017, <https://distill.pub/2017/feature-visualization>), at the size that the
//! network takes.

use super::objective::{Place, Unit};
use super::optimization::{Goal, Studio};
use super::panels::Panels;
use super::penalties::{DIVERSITY, IMAGES, L2, TOTAL_VARIATION, regularizers};
use crate::card;
use crate::card::{Asks, Gives, Variant};
use crate::error::{Error, Result};
use crate::explain::{Score, Synthesis};
use crate::fault;
use crate::methods::Method;
use crate::param::{Param, Value};
use crate::render::Colours;
use crate::run::Run;

const STEPS: Param =
    Param::int("steps", "Steps", "How often each image is moved", 1, 1_000_000, 128).quick(Value::Int(32));
const SEED: Param = Param::seed("seed", "Seed", "Where the noise that the images start from comes from");

/// Class visualisation.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "class_visualization",
        title: "Class visualization",
        family: Synthesis,
        paper: ("Simonyan et al. 2013", "https://arxiv.org/abs/1312.6034"),
        shows: "An image made to raise the class's logit most, starting from noise: what the network holds to be the class, whatever \
                the photograph.",
        limits: "It shows what is enough for the class in an image that no camera would take; photographs reach the class by less, and \
                 by other things.",
        asks: Asks::CLASS,
        gives: Gives::Panels,
        params: [STEPS, SEED, IMAGES, TOTAL_VARIATION, L2, DIVERSITY],
        conventions: &[Variant::new("lucid", "as lucid has it: spectra, uncorrelated colours, moved images, Adam")],
    },
    run: |run| Box::pin(class_visualization(run)),
};

async fn class_visualization(run: Run<'_>) -> Result<()> {
    let class = run.class()?;
    // That there is such a class.
    run.observation()?.prediction(class)?;
    let [.., height, width] = run.input()?.dims();
    if height != width {
        return Err(Error::Request(fault!(
            "class-image-square",
            "the model {model} takes images of {width} x {height} pixels, and images of classes are made square; choose another model",
            model = run.model().manifest.id,
            width,
            height
        )));
    }
    let goal = Goal {
        layer: run.model().score_node(Score::Logit)?,
        size: width,
        steps: run.int(&STEPS),
        seed: run.seed(&SEED),
        preset: Synthesis::LUCID,
        place: Place::Everywhere,
        images: run.int(&IMAGES),
        diversity: run.float(&DIVERSITY) as f32,
        regularizers: regularizers(&run),
    };
    let studio = Studio::new(run.model(), goal)?;
    Panels::new(run, &studio, Colours::True, None).make(vec![Unit::channel(class)]).await
}
