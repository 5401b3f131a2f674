//! What is seen, in words.

use convscope_core::explain::{Blank, Extent};
use yew::prelude::*;

use super::methods::{CONVENTIONS, METHODS, called};
use super::pictures::title;
use super::{human, percent};
use crate::words::{Words, key, use_words};
use convscope_page::{Action, Question, Shown, State, Technique};

/// Properties of [`Caption`].
#[derive(Properties, PartialEq)]
pub struct CaptionProps {
    /// The class's name and probability.
    pub class: Option<(String, f32)>,
    /// The map.
    pub shown: Shown,
    /// The layer's shape.
    pub shape: Option<[usize; 3]>,
    /// Seconds that the whole explanation took.
    pub seconds: Option<f64>,
    /// Whether the network saw a part of the picture only.
    pub part: bool,
    /// How it was asked.
    pub question: Question,
    /// Whether the map is drawn with its sign.
    pub signed: bool,
    /// Hears what is chosen.
    pub dispatch: Callback<Action>,
}

/// The line below the picture.
#[component]
pub fn Caption(props: &CaptionProps) -> Html {
    let words = use_words();
    let map = &props.shown.map;
    let (name, probability) = props.class.clone().unwrap_or_default();
    let shape = props.shape.map(|[channels, height, width]| {
        let size = [("channels", channels.into()), ("height", height.into()), ("width", width.into())];
        words.with("caption-shape", size)
    });
    let sentence = match (map.image.is_some(), props.signed) {
        (true, _) => key("caption-pixels"),
        (false, true) => key("caption-signed"),
        (false, false) => key("caption-map"),
    };
    let values = [
        ("class", human(&name).into()),
        ("probability", percent(probability).into()),
        ("layer", map.layer.as_str().into()),
        ("shape", shape.unwrap_or_default().into()),
    ];
    let extent = Extent::of(&map.normalised).map(|extent| {
        let place = words.say(place(extent));
        words.with("caption-heat", [("place", place.into()), ("share", percent(extent.half).into())])
    });
    html! {
        <div class="caption" data-testid="caption">
            <p>{ words.rich(sentence, values) }</p>
            if let Some(extent) = extent {
                <p data-testid="extent">{ extent }</p>
            }
            if let Some(blank) = map.blank {
                <p class="blank" data-testid="blank">
                    { words.with("caption-blank", [("why", words.say(why(blank)).into())]) }{ " " }
                    if !props.signed && map.signed_normalised().is_some() {
                        <button type="button" class="link" onclick={props.dispatch.reform(|_| Action::ChooseSigned(true))}
                            data-testid="offer-signed">{ words.say("caption-offer-signed") }</button>
                    }
                </p>
            }
            <p class="how">{ how(&words, props) }</p>
        </div>
    }
}

/// Method, convention, time, and what the network did not see.
fn how(words: &Words, props: &CaptionProps) -> String {
    let method = called(words, &METHODS, &props.question.method);
    let convention = called(words, &CONVENTIONS, &props.question.convention);
    let asked = words.with("caption-how", [("method", method.into()), ("convention", convention.into())]);
    let seconds =
        props.seconds.map(|seconds| words.with("caption-seconds", [("seconds", format!("{seconds:.2}").into())]));
    let part = props.part.then(|| words.say("caption-part"));
    [Some(asked), seconds, part].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A sentence for those who do not see the picture: what it is, and where the heat lies.
pub fn summary(state: &State, words: &Words) -> String {
    let Some(photo) = &state.photo else { return words.say("seen-nothing") };
    let name = title(words, &photo.name);
    if let (Technique::Activations, Some((layer, channel, _))) = (state.technique, &state.answer.channel) {
        let values = [("name", name.into()), ("channel", (*channel).into()), ("layer", layer.as_str().into())];
        return words.with("seen-channel", values);
    }
    let shown = state.current().filter(|_| state.technique == Technique::Classes);
    let Some(shown) = shown else { return words.with("seen-picture", [("name", name.into())]) };
    let class = state.class(shown.class).map(|class| human(&class.name)).unwrap_or_default();
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
    }
}
