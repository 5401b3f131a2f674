//! Results as the report shows them, one figure each.

use convscope::artifact::{Measure, Panel, Share, Sheet};
use convscope::card::{Asks, Card};
use convscope::digits::digits;
use convscope::explain::{AttributionMap, Diagnosis};
use convscope::export::Made;
use convscope::render::diverging;
use maud::{Markup, html};

use super::Section;
use super::words::{covers, human};

/// Steps of the scale's colours; more than the eye tells apart between them.
const STEPS: usize = 32;

/// A map over its image, whose image is at `address`.
pub(super) fn map(map: &AttributionMap, address: &str, section: &Section, made: &Made<'_>) -> Markup {
    let words = covers(map, made.style.signed);
    let (width, height) = (map.normalised.width, map.normalised.height);
    let class = section.explained.as_ref().map(|explained| explained.name(human)).unwrap_or_default();
    html! {
        figure {
            h3 { @if map.image.is_some() { "In the pixels" } @else { code { (map.layer) } } }
            img src=(address) decoding="async" alt={ "What speaks for " (class) " in " (section.name) ", layer " (map.layer) ". " (words) };
            figcaption {
                (scale(map, made))
                @for one in &map.diagnoses { (finding(*one)) }
                p.muted {
                    (words) " Map of " (width) " × " (height)
                    @if map.raw_maximum.is_finite() { "; its maximum was " (digits(map.raw_maximum.into())) }
                    "."
                }
            }
        }
    }
}

/// Warning about a map, and what to try.
fn finding(one: Diagnosis) -> Markup {
    let what = match one {
        Diagnosis::Blank(blank) => format!("This map is blank: {blank}."),
        other => sentence(&other.to_string()),
    };
    html! { p.error { (what) " " (sentence(one.advice())) } }
}

/// A sentence with its capital letter and its full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// Scale that says what the colours mean.
fn scale(map: &AttributionMap, made: &Made<'_>) -> Markup {
    let (least, most, colour): (_, _, Box<dyn Fn(f32) -> [u8; 3]>) = match made.style {
        _ if map.image.is_some() => {
            return html! { p.muted { "Grey is 0; contrast set by the mean and the deviation. No scale: the colours are those of the input." } };
        }
        style if style.signed => ("−1, against the class", "1, for it", Box::new(|place| diverging(2.0 * place - 1.0))),
        style => {
            let (overlay, colormap) = (made.convention.overlay, style.colormap);
            if made.convention.rectifies {
                ("0, less evidence", "1, more", Box::new(move |place| overlay.colour(place, colormap)))
            } else {
                (
                    "−1, against the class",
                    "1, for it",
                    Box::new(move |place| overlay.colour(2.0 * place - 1.0, colormap)),
                )
            }
        }
    };
    let stop = |step| {
        let [r, g, b] = colour(step as f32 / STEPS as f32);
        format!(", #{r:02x}{g:02x}{b:02x}")
    };
    let stops: String = (0..=STEPS).map(stop).collect();
    html! {
        div.scale {
            span { (least) }
            div.ramp style={ "background: linear-gradient(to right" (stops) ")" } {}
            span { (most) }
        }
    }
}

/// A channel's image, or a class's.
pub(super) fn panel(panel: &Panel, address: &str, section: &Section, made: &Made<'_>) -> Markup {
    let Panel { layer, channel, .. } = panel;
    let of_class = !matches!(panel.measure, Measure::Share(_));
    let class = section.explained.as_ref().filter(|_| of_class).map(|explained| explained.name(human));
    let (channel, of) = match (class, channel) {
        (Some(class), _) => (class.clone(), class),
        (_, Some(channel)) => (channel.to_string(), format!("Channel {channel}")),
        _ => (String::new(), "Several channels".to_owned()),
    };
    let objective = objective(made.card);
    let words = match panel.measure {
        Measure::Sum(sum) => format!("The sum of its feature map is {}.", digits(sum)),
        Measure::Share(one) => share(&one),
        Measure::Objective(now) => format!("{objective} is {}.", digits(now.into())),
        Measure::Optimized(one) => {
            format!("{objective} went from {} to {}.", digits(one.first.into()), digits(one.last.into()))
        }
    };
    html! {
        figure {
            h3 { code { (layer) } " " (channel) }
            img src=(address) decoding="async" alt={ (of) " of the layer " (layer) " in " (section.name) ". " (words) };
            figcaption.muted { (words) }
        }
    }
}

/// Share of a channel in a score, in words.
pub(crate) fn share(one: &Share) -> String {
    let value = digits(one.value);
    match one.share {
        Some(share) => format!("{:.1} % of what speaks for it there: {value}.", 100.0 * share),
        None => format!("Its part of the score is {value}, and nothing speaks for it there."),
    }
}

/// What an image of a method is made to raise.
fn objective(card: &Card) -> &'static str {
    match card.asks {
        Asks { class: true, .. } => "The class's logit",
        Asks { image: true, .. } => "Half the mean square of what it was made for",
        _ => "The mean of what it was made for",
    }
}

/// All feature maps of a layer.
pub(super) fn sheet(sheet: &Sheet, address: &str, section: &Section) -> Markup {
    let one = &sheet.activation;
    let [channels, height, width] = one.shape;
    html! {
        figure {
            h3 { code { (one.layer) } }
            img src=(address) decoding="async" alt={ "All feature maps of the layer " (one.layer) " in " (section.name) };
            figcaption.muted {
                (channels) " feature maps of " (width) " × " (height) ". Mean " (digits(one.mean)) ", maximum "
                (digits(one.maximum.into())) ", " (format!("{:.1}", 100.0 * one.zeros)) " % zeros."
            }
        }
    }
}
