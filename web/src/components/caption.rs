//! What is seen, in words.

use yew::prelude::*;

use super::methods::METHODS;
use super::{human, percent};
use crate::state::{Action, Question, Shown, State, Technique};

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
    let map = &props.shown.map;
    let class = props.class.as_ref().map(|(name, probability)| {
        html! { <><strong>{ human(name) }</strong>{ format!(" ({})", percent(*probability)) }</> }
    });
    let method = METHODS.iter().find(|(id, _)| *id == props.question.method).map_or("", |(_, title)| title);
    let shape = props.shape.map(|[channels, height, width]| format!(", {channels} channels of {height} × {width}"));
    html! {
        <div class="caption" data-testid="caption">
            <p>
                { if props.signed { "What speaks for (red) and against (blue) " } else { "What speaks for " } }
                { for class }
                if map.image.is_some() {
                    { " in the pixels." }
                } else {
                    { " in layer " }<code>{ &map.layer }</code>{ for shape }{ "." }
                }
            </p>
            if let Some(blank) = map.blank {
                <p class="blank" data-testid="blank">
                    { format!("This map is blank: {blank}. ") }
                    if !props.signed && map.signed_normalised().is_some() {
                        <button type="button" class="link" onclick={props.dispatch.reform(|_| Action::ChooseSigned(true))}
                            data-testid="offer-signed">{ "Show it with its sign" }</button>
                    }
                </p>
            }
            <p class="how">
                { format!("{method}, convention {}", props.question.convention) }
                if let Some(seconds) = props.seconds {
                    { format!(" · all layers in {seconds:.2} s") }
                }
                if props.part {
                    { " · the network sees the middle of the picture only" }
                }
            </p>
        </div>
    }
}

/// A sentence for those who do not see the picture: what it is, and where the heat lies.
pub fn summary(state: &State) -> String {
    let Some(photo) = &state.photo else { return "No picture yet".into() };
    if let (Technique::Activations, Some((layer, channel, _))) = (state.technique, &state.answer.channel) {
        return format!("The picture {} with feature map {channel} of layer {layer} laid over it", photo.name);
    }
    let shown = state.current().filter(|_| state.technique == Technique::Classes);
    let Some(shown) = shown else { return format!("The picture {}", photo.name) };
    let class = state.class(shown.class).map(|class| human(&class.name)).unwrap_or_default();
    let place = centre(&shown.map.normalised.values, shown.map.normalised.width)
        .map_or_else(|| "; the map is blank".to_owned(), |place| format!(", mostly {place}"));
    format!("The picture {} with the evidence for {class} laid over it{place}", photo.name)
}

/// Where the weight of a map lies, by thirds.
fn centre(values: &[f32], width: usize) -> Option<String> {
    let total: f32 = values.iter().sum();
    if total <= 0.0 || width == 0 {
        return None;
    }
    let height = values.len() / width;
    let mean = |place: fn(usize, usize) -> usize| {
        values.iter().enumerate().map(|(index, value)| value * (place(index, width) as f32 + 0.5)).sum::<f32>() / total
    };
    let third = |at: f32, length: usize, names: [&'static str; 3]| names[((3.0 * at / length as f32) as usize).min(2)];
    let row = third(mean(|index, width| index / width), height, ["at the top", "in the middle", "at the bottom"]);
    let column = third(mean(|index, width| index % width), width, ["left", "centre", "right"]);
    Some(format!("{row}, {column}"))
}
