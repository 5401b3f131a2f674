//! Layer-wise relevance propagation: Bach et al. 2015, <https://doi.org/10.1371/journal.pone.0130140>; Montavon et al. 2019,
//! <https://doi.org/10.1007/978-3-030-28954-6_10>.

use crate::card;
use crate::card::{Asks, Gives, Variant};
use crate::error::Result;
use crate::methods::Method;
use crate::methods::gradient::BY_SUM;
use crate::nn::lrp::{Preset, Propagation};
use crate::param::Param;
use crate::run::Run;

const COMPOSITE: Param =
    Param::choice("composite", "Rules", "Which rule splits relevance at which layer", Preset::PAIRS, "epsilon_plus");
/// zennit's.
const EPSILON: Param = Param::float(
    "epsilon",
    "Epsilon",
    "Added to what relevance is divided by; more of it leaves less relevance, and less noise",
    1e-9,
    1.0,
    1e-6,
);
/// zennit's.
const GAMMA: Param =
    Param::float("gamma", "Gamma", "How much more counts what has an output's sign, of LRP-gamma", 0.0, 1000.0, 0.25);

/// Layer-wise relevance propagation.
pub(in crate::methods) static METHOD: Method = Method {
    card: card! {
        id: "lrp",
        title: "Layer-wise relevance propagation",
        family: Decomposition,
        paper: ("Bach et al. 2015", "https://doi.org/10.1371/journal.pone.0130140"),
        shows: "The class's score split among the pixels: each layer hands what it got to the layer below, by what each neuron there \
                added to it.",
        limits: "How a layer splits is a choice, and another composite gives another map; biases keep their share, and z-plus hardly \
                 tells classes apart (Sixt et al. 2020).",
        asks: Asks::CLASS,
        gives: Gives::InputMap { signed: true },
        params: [COMPOSITE, EPSILON, GAMMA, BY_SUM],
        conventions: CONVENTIONS,
    },
    run: |run| Box::pin(lrp(run)),
};

/// A probability is split as the logit is, but for its size.
const CONVENTIONS: &[Variant] = &[Variant::new("paper", "as in the paper: the class's logit is split")];

async fn lrp(run: Run<'_>) -> Result<()> {
    let model = run.model();
    let [low, high] = model.manifest.preprocessing.range();
    let (epsilon, gamma) = (run.float(&EPSILON) as f32, run.float(&GAMMA) as f32);
    let preset = run.choice::<Preset>(&COMPOSITE);
    let rules = Propagation::new(preset, model.network.graph(), epsilon, gamma, [&low, &high]);
    for relevance in run.arriving(rules, true, &[None])? {
        let values = run.read(relevance).await?;
        run.emit(run.attribution(values, run.choice(&BY_SUM))?).await?;
    }
    Ok(())
}
