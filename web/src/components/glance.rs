//! The numbers of a layer's map at one glance, as bars, and in words.

use convscope_core::explain::Glance;
use yew::prelude::*;

use super::percent;
use crate::words::{Words, use_words};

/// Properties of [`Bars`].
#[derive(Properties, PartialEq)]
pub(super) struct BarsProps {
    /// The numbers, if there are any.
    pub glance: Option<Glance>,
    /// Whether a box has been drawn, so that there is a bar for it.
    pub inside: bool,
}

/// A bar each for the likeness to the last layer's map, the spread, and the part in the box.
#[component]
pub(super) fn Bars(props: &BarsProps) -> Html {
    let bar = |kind: &'static str, value: Option<f64>, row: usize| {
        let top = (4 * row).to_string();
        let (length, against) = (100.0 * value.unwrap_or_default().abs(), value.is_some_and(|value| value < 0.0));
        html! {
            <>
                <rect class="rest" y={top.clone()} width="100" height="3" />
                <rect class={classes!("part", kind, against.then_some("against"))} y={top} width={length.to_string()} height="3" />
            </>
        }
    };
    let Some(Glance { correlation, entropy, inside }) = props.glance else {
        return html! { <svg class="glance" aria-hidden="true" /> };
    };
    html! {
        <svg class="glance" viewBox="0 0 100 11" preserveAspectRatio="none" aria-hidden="true">
            { bar("like", correlation, 0) }
            { bar("spread", entropy, 1) }
            if props.inside {
                { bar("inside", inside, 2) }
            }
        </svg>
    }
}

/// The numbers in a sentence.
pub(super) fn told(words: &Words, glance: &Glance) -> String {
    let number = |value: Option<f64>| value.map_or_else(|| "–".into(), |value| format!("{value:.2}"));
    let values = [("correlation", number(glance.correlation).into()), ("entropy", number(glance.entropy).into())];
    let told = words.with("glance-words", values);
    match glance.inside {
        Some(inside) => words.join(&[told, words.with("glance-inside", [("share", percent(inside as f32).into())])]),
        None => told,
    }
}

/// Properties of [`Legend`].
#[derive(Properties, PartialEq)]
pub(super) struct LegendProps {
    /// Whether a box has been drawn.
    pub inside: bool,
}

/// What the bars are.
#[component]
pub(super) fn Legend(props: &LegendProps) -> Html {
    let words = use_words();
    html! {
        <p class="glance-legend" title={words.say("glance-legend-title")} data-testid="glance-legend">
            <span class="like">{ words.say("glance-like") }</span>
            <span class="spread">{ words.say("glance-spread") }</span>
            if props.inside {
                <span class="inside">{ words.say("glance-in-box") }</span>
            }
        </p>
    }
}
