//! Caption that says what is seen, in words.

use convscope_core::card::Gives;
use convscope_core::explain::{AttributionMap, Blank, Diagnosis};
use convscope_core::request::{Layers, Request};
use convscope_page::{Compared, ExplanationAction, FeatureMap, Shared, State};
use yew::prelude::*;

use super::certainty;
use super::compare::describe;
use super::extent::lies;
use super::grid_words;
use super::images::title;
use crate::dispatch::Dispatch;
use crate::words::{Words, key, marked, plain, use_words};

/// Properties of [`Caption`].
#[derive(Properties, PartialEq)]
pub struct CaptionProps {
    /// Sentence that says what the map shows: [`sentence`].
    pub sentence: String,
    /// The map.
    pub map: Shared<AttributionMap>,
    /// Whether it is drawn with its sign.
    pub signed: bool,
    /// Whether what is seen of it is for and against the class.
    pub signs: bool,
    /// Whether it is of a class that the network hardly sees.
    pub unlikely: bool,
    /// Reason why nothing is seen of it.
    pub blank: Option<Blank>,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// The line below the image.
#[component]
pub fn Caption(props: &CaptionProps) -> Html {
    let words = use_words();
    let map = &props.map;
    let extent = lies(&words, map, props.signs);
    html! {
        <div class="caption" data-testid="caption">
            <p>
                { marked(&props.sentence) }
                if let Some(extent) = extent {
                    { words.gap() }<span data-testid="extent">{ extent }</span>
                }
            </p>
            if props.unlikely {
                <p class="blank" data-testid="unlikely">{ words.say("caption-unlikely") }</p>
            }
            { for map.diagnoses.iter().filter(|one| !matches!(one, Diagnosis::Blank(_))).map(|&one| html! {
                <details class="blank" data-testid={format!("diagnosis-{}", one.name())}>
                    <summary>{ words.say(finding(one)) }</summary>
                    { words.say(advice(one)) }
                </details>
            }) }
            if let Some(blank) = props.blank {
                <p class="blank" data-testid="blank">
                    { words.with("caption-blank", [("why", words.say(finding(Diagnosis::Blank(blank))).into())]) }{ words.gap() }
                    { words.say(advice(Diagnosis::Blank(blank))) }{ words.gap() }
                    if !props.signed && map.signed_normalised().is_some() {
                        <button type="button" class="link" onclick={props.dispatch.reform(|_| ExplanationAction::ChooseSigned(true))}
                            data-testid="offer-signed">{ words.say("caption-offer-signed") }</button>
                    }
                </p>
            }
        </div>
    }
}

/// Sentence that says what the map that is seen shows, with marks for what is bold and what is code; nothing where no map is seen.
pub(super) fn sentence(state: &State, words: &Words) -> Option<String> {
    let (shown, card) = (state.explanation.current()?, state.card()?);
    let at_layer = [("layer", words.layer_title(&shown.map.layer).into())];
    let Some(explained) = state.explained(&shown.request) else {
        let method = [("method", words.method_title(card).into())];
        let sentence = words.with("caption-any", method.into_iter().chain(at_layer));
        let sum = state.comes_to(&shown.map.layer);
        let sum = sum.map(|sum| words.with("caption-sum", [("sum", format!("{sum:.3}").into())]));
        let other = state.image.before.as_ref().filter(|_| card.asks.another);
        let other = other.map(|other| words.with("caption-another", [("name", title(words, &other.name).into())]));
        return Some(words.join(&std::iter::once(sentence).chain(other).chain(sum).collect::<Vec<_>>()));
    };
    let about = [
        ("class", explained.name(|name| words.class(name)).into()),
        ("probability", certainty(words, &explained).into()),
    ];
    let in_pixels = matches!(card.gives, Gives::InputMap { .. } | Gives::InputImage);
    let sentence = match (in_pixels, state.draws_sign()) {
        (true, true) => key("caption-pixels-signed"),
        (true, false) => key("caption-pixels"),
        (false, true) => key("caption-signed"),
        (false, false) => key("caption-map"),
    };
    Some(words.with(sentence, about.into_iter().chain(at_layer)))
}

/// Method, convention, time, and what the network did not see.
pub(super) fn how(state: &State, words: &Words) -> String {
    let results = &state.explanation.results;
    let made = results.request.as_deref().map(|request: &Request| {
        let method = state.card().map(|card| words.method_title(card)).unwrap_or_default();
        let convention = words.convention_title(&request.convention);
        words.with("caption-how", [("method", method.into()), ("convention", convention.into())])
    });
    let all = results.request.as_ref().is_some_and(|request| request.layers == Layers::All);
    let sentence = if all { key("caption-seconds") } else { key("seconds") };
    let seconds = results.seconds;
    let seconds = seconds.map(|seconds| words.with(sentence, [("seconds", format!("{seconds:.2}").into())]));
    let part = state.image.is_cut().then(|| words.say("caption-part"));
    [made, seconds, part].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The lines below a saved image: what is seen, as the page says it, and what it was made with.
pub fn lines(state: &State, words: &Words) -> Vec<String> {
    let grid = grid_words::lines(state, words);
    let seen = match (grid, state.compared()) {
        (Some(lines), _) => lines,
        (None, Some(Compared { kept, now, .. })) => {
            let views = [Some(kept), now].into_iter().flatten();
            views.map(|view| describe(words, &view)).collect()
        }
        _ if state.card().is_some_and(|card| !card.asks.image) => vec![],
        _ => vec![sentence(state, words).map_or_else(|| summary(state, words), |sentence| plain(&sentence))],
    };
    let made_with = state.model.ready.as_ref().map(|ready| {
        let hash: String = ready.hash.chars().take(12).collect();
        format!("{} ({hash}), {}, Convscope {}", ready.name, ready.device, env!("CARGO_PKG_VERSION"))
    });
    seen.into_iter().chain(made_with).collect()
}

/// A sentence for those who do not see the image: what it is, and where the heat lies.
pub fn summary(state: &State, words: &Words) -> String {
    let Some(photo) = &state.image.photo else { return words.say("seen-nothing") };
    let name = title(words, &photo.name);
    if let Some(FeatureMap { layer, channel, .. }) = &state.explanation.results.channel {
        let values = [("name", name.into()), ("channel", (*channel).into()), ("layer", layer.as_str().into())];
        return words.with("seen-channel", values);
    }
    let Some(shown) = state.explanation.current() else { return words.with("seen-image", [("name", name.into())]) };
    let class = match (state.explained(&shown.request), state.card()) {
        (Some(explained), _) => explained.name(|name| words.class(name)),
        (None, Some(card)) => words.method_title(card),
        (None, None) => String::new(),
    };
    match lies(words, &shown.map, state.shows_signs()) {
        Some(lies) => words.with("seen-heat", [("name", name.into()), ("class", class.into()), ("lies", lies.into())]),
        None => words.with("seen-blank", [("name", name.into()), ("class", class.into())]),
    }
}

/// The key of what is to be known about a map.
fn finding(one: Diagnosis) -> &'static str {
    match one {
        Diagnosis::Blank(Blank::NotFinite) => key("blank-not-finite"),
        Diagnosis::Blank(Blank::NoGradient) => key("blank-no-gradient"),
        Diagnosis::Blank(Blank::SaturatedSoftmax) => key("blank-saturated-softmax"),
        Diagnosis::Blank(Blank::DeadLayer) => key("blank-dead-layer"),
        Diagnosis::Blank(Blank::AllNegative) => key("blank-all-negative"),
        Diagnosis::Blank(Blank::NoEffect) => key("blank-no-effect"),
        Diagnosis::Blank(Blank::NothingInCommon) => key("blank-nothing-in-common"),
        Diagnosis::Blank(Blank::Cancelled) => key("blank-cancelled"),
        Diagnosis::Uniform => key("diagnosis-uniform"),
        Diagnosis::OnePlace => key("diagnosis-one-place"),
        Diagnosis::Saturated => key("diagnosis-saturated"),
        Diagnosis::SameForClasses => key("diagnosis-same-for-classes"),
        Diagnosis::Coincide => key("diagnosis-coincide"),
    }
}

/// The key of what to try.
fn advice(one: Diagnosis) -> &'static str {
    match one {
        Diagnosis::Blank(Blank::NotFinite) => key("advice-not-finite"),
        Diagnosis::Blank(Blank::NoGradient) => key("advice-no-gradient"),
        Diagnosis::Blank(Blank::SaturatedSoftmax) | Diagnosis::Saturated => key("advice-saturated"),
        Diagnosis::Blank(Blank::DeadLayer) => key("advice-dead-layer"),
        Diagnosis::Blank(Blank::AllNegative) => key("advice-all-negative"),
        Diagnosis::Blank(Blank::NoEffect) => key("advice-no-effect"),
        Diagnosis::Blank(Blank::NothingInCommon) => key("advice-nothing-in-common"),
        Diagnosis::Blank(Blank::Cancelled) => key("advice-cancelled"),
        Diagnosis::Uniform => key("advice-uniform"),
        Diagnosis::OnePlace => key("advice-one-place"),
        Diagnosis::SameForClasses => key("advice-same-for-classes"),
        Diagnosis::Coincide => key("advice-coincide"),
    }
}
