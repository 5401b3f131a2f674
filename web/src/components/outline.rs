//! Menu of what shows the map without hiding the image: a contour line, and a divider between image and heat.

use convscope_page::ExplanationAction;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Level of a contour line where none was chosen, as a share of the maximum.
const LEVEL: f32 = 0.5;
/// Place of the divider where none was chosen, as a share of the image's width.
const MIDDLE: f32 = 0.5;

/// Properties of [`Outline`].
#[derive(Properties, PartialEq)]
pub struct OutlineProps {
    /// Share of the maximum at which the line is drawn.
    pub contour: Option<f32>,
    /// Place of the divider, as a share of the image's width.
    pub split: Option<f32>,
    /// Whether one map alone is seen: several have neither.
    pub alone: bool,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// The menu.
#[component]
pub fn Outline(props: &OutlineProps) -> Html {
    let words = use_words();
    let line = props.dispatch.reform(|event: Event| ExplanationAction::ChooseContour(checked(&event).then_some(LEVEL)));
    let level = props.dispatch.reform(|event: InputEvent| {
        let percent = event.target_unchecked_into::<HtmlInputElement>().value_as_number() as f32;
        ExplanationAction::ChooseContour(Some(if percent.is_nan() { LEVEL } else { percent / 100.0 }))
    });
    let divide =
        props.dispatch.reform(|event: Event| ExplanationAction::ChooseSplit(checked(&event).then_some(MIDDLE)));
    let percent = (100.0 * props.contour.unwrap_or(LEVEL)).round();
    if !props.alone {
        return html! {
            <button type="button" class="button" disabled=true title={words.say("outline-none")} data-testid="outline">{ words.say("outline") }</button>
        };
    }
    html! {
        <details class="menu outline" name="menu" data-testid="outline">
            <summary class="button" title={words.say("outline-title")}>{ words.say("outline") }</summary>
            <div class="menu-body">
                <label class="check">
                    <input type="checkbox" checked={props.contour.is_some()} onchange={line} data-testid="contour" />
                    <span>{ words.say("contour") }</span>
                </label>
                <label class="field slider">
                    <span>{ words.say("contour-level") }</span>
                    <input type="range" min="5" max="95" step="5" value={percent.to_string()} oninput={level} disabled={props.contour.is_none()}
                        data-testid="contour-level" />
                    <output>{ format!("{percent}%") }</output>
                </label>
                <label class="check">
                    <input type="checkbox" checked={props.split.is_some()} onchange={divide} data-testid="split" />
                    <span>{ words.say("split") }</span>
                </label>
            </div>
        </details>
    }
}

fn checked(event: &Event) -> bool {
    event.target_unchecked_into::<HtmlInputElement>().checked()
}

/// Properties of [`Divider`].
#[derive(Properties, PartialEq)]
pub struct DividerProps {
    /// Its place, as a share of the image's width.
    pub place: f32,
    /// Hears where it is moved.
    pub dispatch: Dispatch,
}

/// The divider: a slider as large as the image, whose thumb is the line, so that browsers see to pointers, keys and screen readers.
#[component]
pub fn Divider(props: &DividerProps) -> Html {
    let words = use_words();
    let moved = props.dispatch.reform(|event: InputEvent| {
        let percent = event.target_unchecked_into::<HtmlInputElement>().value_as_number() as f32;
        ExplanationAction::ChooseSplit(Some(percent / 100.0))
    });
    let percent = (100.0 * props.place).round();
    html! {
        <input type="range" class="divider" min="0" max="100" step="1" value={percent.to_string()} oninput={moved}
            aria-label={words.say("split-divider")} data-testid="divider" />
    }
}
