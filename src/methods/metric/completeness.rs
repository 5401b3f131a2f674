//! Completeness: Sundararajan, Taly and Yan 2017, <https://arxiv.org/abs/1703.01365>, section 3.
//!
//! Numbers that share out a score add up to it: of integrated gradients, to the difference from the score of the baseline; of LRP (Bach et
//! al. 2015, equation 2), to the score itself. The residual is `|sum - score| / |score|`.

use std::borrow::Cow;

use super::source::Source;
use super::{LOGIT, Measured, Metric, OWN_WAY};
use crate::card;
use crate::card::{Asks, Gives, Text};
use crate::error::{Error, Result};
use crate::fault;
use crate::measurement::{Better, Reading};
use crate::param::Param;

const SHARED: &[(Text, Text)] = &[
    (
        Cow::Borrowed("difference"),
        Cow::Borrowed("The score less that of an input of zeros, as integrated gradients share out"),
    ),
    (Cow::Borrowed("whole"), Cow::Borrowed("The score itself, as LRP shares out")),
];
const OF: Param =
    Param::choice("shared", "Shared out", "What the map's numbers should add up to", SHARED, "difference");

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
        params: [OF, LOGIT],
        conventions: OWN_WAY,
    },
    better: Better::Lower,
    baselines: false,
    evidence: None,
    read: |one| Box::pin(residual(one)),
};

async fn residual(one: &Measured<'_>) -> Result<Reading> {
    let run = &one.run;
    let card = run.measured_card()?;
    let Source::Map { map, .. } = one.source else { return Ok(Reading::default()) };
    if !card.gives.signed() {
        return Err(Error::Nothing(fault!(
            "adds-up-to-nothing",
            "the maps of {method} have no sign, so their numbers share out no score; measure those of a method that have one",
            method = card.id
        )));
    }
    let whole = f64::from(one.whole().await?);
    let nothing = match run.request().values.choice(&OF).as_ref() {
        "whole" => 0.0,
        _ => f64::from(run.scores(run.input()?.zeros_like()).await?[0]),
    };
    let (sum, shared) = (map.signed.values.iter().map(|&value| f64::from(value)).sum::<f64>(), whole - nothing);
    Ok(((sum - shared).abs() / shared.abs()).into())
}
