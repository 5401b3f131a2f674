//! What is seen, in words.

use convscope_core::explain::{Blank, Extent, Map};
use convscope_page::{Compared, ExplanationAction, Shared, State, Technique};
use yew::prelude::*;

use super::compare::describe;
use super::methods::{convention_title, method_title};
use super::pictures::title;
use super::{human, percent};
use crate::dispatch::Dispatch;
use crate::words::{Words, key, marked, plain, use_words};

/// Properties of [`Caption`].
#[derive(Properties, PartialEq)]
pub struct CaptionProps {
    /// What the map shows: [`sentence`].
    pub sentence: String,
    /// Method, convention and time: [`how`].
    pub how: String,
    /// The map.
    pub map: Shared<Map>,
    /// Whether it is drawn with its sign.
    pub signed: bool,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// The line below the image.
#[component]
pub fn Caption(props: &CaptionProps) -> Html {
    let words = use_words();
    let map = &props.map;
    let extent = Extent::of(&map.normalised).map(|extent| {
        let place = words.say(place(extent));
        words.with("caption-heat", [("place", place.into()), ("share", percent(extent.half).into())])
    });
    html! {
        <div class="caption" data-testid="caption">
            <p>{ marked(&props.sentence) }</p>
            if let Some(extent) = extent {
                <p data-testid="extent">{ extent }</p>
            }
            if let Some(blank) = map.blank {
                <p class="blank" data-testid="blank">
                    { words.with("caption-blank", [("why", words.say(why(blank)).into())]) }{ " " }
                    if !props.signed && map.signed_normalised().is_some() {
                        <button type="button" class="link" onclick={props.dispatch.reform(|_| ExplanationAction::ChooseSigned(true))}
                            data-testid="offer-signed">{ words.say("caption-offer-signed") }</button>
                    }
                </p>
            }
            <p class="how">{ &props.how }</p>
        </div>
    }
}

/// What the map that is seen shows, with marks for what is bold and what is code; nothing where no map is seen.
pub(super) fn sentence(state: &State, words: &Words) -> Option<String> {
    let explanation = &state.explanation;
    let shown = explanation.current().filter(|_| explanation.technique == Technique::Classes)?;
    let class = state.image.class(shown.class);
    let shape = state.layers().into_iter().find(|tap| tap.name == shown.map.layer).map(|tap| {
        let [channels, height, width] = tap.shape;
        let size = [("channels", channels.into()), ("height", height.into()), ("width", width.into())];
        words.with("caption-shape", size)
    });
    let sentence = match (shown.map.image.is_some(), explanation.draws_sign()) {
        (true, _) => key("caption-pixels"),
        (false, true) => key("caption-signed"),
        (false, false) => key("caption-map"),
    };
    let values = [
        ("class", class.map(|class| human(&class.name)).unwrap_or_default().into()),
        ("probability", percent(class.map_or(0.0, |class| class.probability)).into()),
        ("layer", shown.map.layer.as_str().into()),
        ("shape", shape.unwrap_or_default().into()),
    ];
    Some(words.with(sentence, values))
}

/// Method, convention, time, and what the network did not see.
pub(super) fn how(state: &State, words: &Words) -> String {
    let explanation = &state.explanation;
    let method = method_title(words, &explanation.question.method);
    let convention = convention_title(words, &explanation.question.convention);
    let asked = words.with("caption-how", [("method", method.into()), ("convention", convention.into())]);
    let seconds = explanation.seconds;
    let seconds = seconds.map(|seconds| words.with("caption-seconds", [("seconds", format!("{seconds:.2}").into())]));
    let part = state.image.is_cut().then(|| words.say("caption-part"));
    [Some(asked), seconds, part].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The lines below a saved picture: what is seen, as the page says it, and what it was made with.
pub fn lines(state: &State, words: &Words) -> Vec<String> {
    let seen = match state.compared() {
        Some(Compared { kept, now, .. }) => {
            let views = [Some(kept), now].into_iter().flatten();
            views.map(|view| describe(words, &view)).collect()
        }
        None if state.explanation.technique == Technique::Filters => vec![],
        None => vec![sentence(state, words).map_or_else(|| summary(state, words), |sentence| plain(&sentence))],
    };
    let made_with = state.model.ready.as_ref().map(|ready| {
        let hash: String = ready.hash.chars().take(12).collect();
        format!("{} ({hash}), {}, Convscope {}", ready.name, ready.device, env!("CARGO_PKG_VERSION"))
    });
    seen.into_iter().chain(made_with).collect()
}

/// A sentence for those who do not see the picture: what it is, and where the heat lies.
pub fn summary(state: &State, words: &Words) -> String {
    let Some(photo) = &state.image.photo else { return words.say("seen-nothing") };
    let name = title(words, &photo.name);
    if let (Technique::Activations, Some((layer, channel, _))) =
        (state.explanation.technique, &state.explanation.answer.channel)
    {
        let values = [("name", name.into()), ("channel", (*channel).into()), ("layer", layer.as_str().into())];
        return words.with("seen-channel", values);
    }
    let shown = state.explanation.current().filter(|_| state.explanation.technique == Technique::Classes);
    let Some(shown) = shown else { return words.with("seen-picture", [("name", name.into())]) };
    let class = state.image.class(shown.class).map(|class| human(&class.name)).unwrap_or_default();
    match Extent::of(&shown.map.normalised) {
        Some(extent) => {
            let place = words.say(place(extent));
            words.with("seen-heat", [("name", name.into()), ("class", class.into()), ("place", place.into())])
        }
        None => words.with("seen-blank", [("name", name.into()), ("class", class.into())]),
    }
}

/// The key of what a part of the picture is called.
fn place(Extent { row, column, .. }: Extent) -> &'static str {
    const PLACES: [[&str; 3]; 3] = [
        [key("place-top-left"), key("place-top-centre"), key("place-top-right")],
        [key("place-middle-left"), key("place-middle-centre"), key("place-middle-right")],
        [key("place-bottom-left"), key("place-bottom-centre"), key("place-bottom-right")],
    ];
    PLACES[row][column]
}

/// The key of why a map is blank.
fn why(blank: Blank) -> &'static str {
    match blank {
        Blank::NotFinite => key("blank-not-finite"),
        Blank::NoGradient => key("blank-no-gradient"),
        Blank::SaturatedSoftmax => key("blank-saturated-softmax"),
        Blank::DeadLayer => key("blank-dead-layer"),
        Blank::AllNegative => key("blank-all-negative"),
        Blank::NoEffect => key("blank-no-effect"),
    }
}
