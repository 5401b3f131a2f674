//! Completeness: Sundararajan, Taly and Yan 2017, <https://arxiv.org/abs/1703.01365>, section 3.
//!
//! Numbers that share out a score add up to it: of integrated gradients, to the difference from the score of the baseline; of LRP (Bach et
//! al. 2015, equation 2), to the score itself. The residual is `|sum - score| / |score|`. Score and baseline are those that the method of the
//! map was asked with; the baseline of a method that has none is an input of zeros.

use super::source::Source;
use super::{Measured, Metric, OWN_WAY, SEED};
use crate::card;
use crate::card::{Asks, Card, Gives};
use crate::error::{Error, Result};
use crate::explain::Reduction;
use crate::fault;
use crate::measurement::{Better, Reading};
use crate::methods::baseline::{BASELINE, Blur, image};
use crate::methods::gradient::BY_SUM;
use crate::named;
use crate::param::Param;
use crate::run::Run;

const OF: Param = Param::choice(
    "shared",
    "Shared out",
    "What the map's numbers should add up to",
    Shared::PAIRS,
    Shared::Difference.name(),
);

/// What numbers should add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shared {
    /// The score less that of the baseline.
    Difference,
    /// The score.
    Whole,
}

named!(Shared {
    Difference = "difference", "The score less that of the method's baseline, as integrated gradients share out";
    Whole = "whole", "The score itself, as LRP shares out";
});

/// Completeness.
pub(in crate::methods) static METHOD: Metric = Metric {
    card: card! {
        id: "completeness",
        title: "Completeness residual",
        family: Metric,
        paper: ("Sundararajan et al. 2017", "https://arxiv.org/abs/1703.01365"),
        shows: "How far the numbers of a map with signs are from adding up to the score that they should share out: 0 where they do.",
        limits: "Numbers can add up and still lie in the wrong places; and maps that are not meant to share out a score need not add up.",
        asks: Asks::MAP,
        gives: Gives::Number,
        params: [OF],
        conventions: OWN_WAY,
    },
    better: Better::Lower,
    baselines: false,
    evidence: None,
    read: |one| Box::pin(residual(one)),
};

async fn residual(one: &Measured<'_>) -> Result<Reading> {
    let Source::Map(map) = one.source else { return Ok(Reading::default()) };
    let (shared, card) = (one.run.choice(&OF), one.run.measured_card()?);
    let asked = one.run.measured_checked()?;
    let run = one.run.with(&asked);
    adds_up(card, &run)?;
    let whole = f64::from(run.score_of_image()?);
    let nothing = match shared {
        Shared::Whole => 0.0,
        Shared::Difference => {
            let baseline = image(&run, run.choice(&BASELINE), &Blur::RISE, run.seed(&SEED))?;
            f64::from(run.scores(baseline).await?[0])
        }
    };
    let (sum, shared) = (map.signed.values.iter().map(|&value| f64::from(value)).sum::<f64>(), whole - nothing);
    Ok(((sum - shared).abs() / shared.abs()).into())
}

/// That the numbers of a method's maps keep their signs, as the run asks for them.
fn adds_up(card: &Card, run: &Run<'_>) -> Result<()> {
    if !card.gives.signed() {
        return Err(Error::Nothing(fault!(
            "adds-up-to-nothing",
            "the maps of {method} have no sign, so their numbers share out no score; measure those of a method that have one",
            method = card.id
        )));
    }
    let reduction = run.choice::<Reduction>(&BY_SUM);
    if reduction == Reduction::Signed {
        return Ok(());
    }
    Err(Error::Nothing(fault!(
        "reduced-without-sign",
        "the maps of {method} were made of three channels by {reduction}, so their numbers share out no score; ask for {signed}",
        method = card.id,
        reduction = reduction.name(),
        signed = Reduction::Signed.name()
    )))
}
