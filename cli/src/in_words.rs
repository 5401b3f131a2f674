//! Results in a line of words each.

use convscope::artifact::{Measure, Panel, Sheet};
use convscope::card::Card;
use convscope::digits::digits;
use convscope::explain::{Convention, Score};
use convscope::measurement::{Better, Measurement, Reading};

/// What a metric says of a map, beside what it says of the baselines.
pub(super) fn measurement(one: &Measurement) -> String {
    let value = |reading: &Reading| reading.value.map_or_else(|| "none".into(), digits);
    let baselines = one.baselines.iter().map(|(baseline, reading)| format!("; {} {}", baseline.name(), value(reading)));
    let (baselines, better) = (
        baselines.collect::<String>(),
        match one.better {
            Better::Neither => String::new(),
            better => format!(" ({} is better)", better.name()),
        },
    );
    let area = one.reading.curve.as_ref().filter(|_| one.is_area());
    let what = area.map_or_else(String::new, |curve| format!(" under the {} by {}", curve.y, curve.x));
    let word = if area.is_some() { "area" } else { "value" };
    format!("  {:<20} {} {word} {}{what}{better}{baselines}", one.layer, one.metric, value(&one.reading))
}

/// Channels of a sheet that a person is shown.
const SHOWN: usize = 4;

/// The feature maps of a layer.
pub(super) fn sheet(Sheet { activation: one, .. }: &Sheet) -> String {
    let top = one.channels.iter().take(SHOWN).map(|(channel, sum)| format!("{channel}: {}", digits(*sum)));
    format!(
        "  {:<20} {:?}  mean {}, maximum {}, {:.1} % zeros; largest sums {}",
        one.layer,
        one.shape,
        digits(one.mean),
        digits(one.maximum.into()),
        100.0 * one.zeros,
        top.collect::<Vec<_>>().join(", ")
    )
}

/// A channel's share in a score; nothing of another panel.
pub(super) fn share(panel: &Panel) -> Option<String> {
    let (Measure::Share(one), Some(channel)) = (panel.measure, panel.channel) else { return None };
    let share = one.share.map_or_else(|| "none".into(), |share| format!("{:.1} %", 100.0 * share));
    Some(format!("  {:<20} channel {channel:<5} {share:>8}  {}", panel.layer, digits(one.value)))
}

/// The method's convention that differentiates the logit, whose gradient does not vanish.
pub(super) fn of_logits(card: &Card) -> Option<&'static str> {
    let conventions = card.conventions.iter().filter_map(|variant| Convention::named(&variant.name).ok());
    conventions.filter(|convention| convention.score == Score::Logit).map(|convention| convention.name).next()
}
