//! Controls of how the heat is drawn.

use convscope_core::named::Named;
use convscope_core::render::{Blend, Colormap};
use convscope_page::{ExplanationAction, State};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::Outline;
use crate::blink::alone;
use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// Properties of [`Controls`].
#[derive(Properties, PartialEq)]
pub struct ControlsProps {
    /// The colour map.
    pub colormap: Colormap,
    /// Opacity of the heat, 0 to 1.
    pub opacity: f32,
    /// Dependence of the opacity on the value.
    pub blend: Blend,
    /// Share of the maximum at which a contour line is drawn.
    pub contour: Option<f32>,
    /// Place of the divider of image and heat.
    pub split: Option<f32>,
    /// Whether one map alone is seen, which can have an outline.
    pub alone: bool,
    /// Whether the convention of what is seen has a blending of its own.
    pub fixed: bool,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

impl ControlsProps {
    /// The properties for that state.
    pub fn of(state: &State, dispatch: Dispatch) -> Self {
        let explanation = &state.explanation;
        let blend = state.blend();
        let fixed = blend != explanation.blend;
        let (contour, split) = (explanation.contour, explanation.split);
        let (colormap, opacity, alone) = (explanation.colormap, explanation.opacity, state.is_alone());
        Self { colormap, opacity, blend, contour, split, alone, fixed, dispatch }
    }
}

/// The image alone while it is held, opacity, what the opacity follows, and the colour map.
#[component]
pub fn Controls(props: &ControlsProps) -> Html {
    let words = use_words();
    let opacity = props.dispatch.reform(|event: InputEvent| {
        ExplanationAction::ChooseOpacity(
            event.target_unchecked_into::<HtmlInputElement>().value_as_number() as f32 / 100.0,
        )
    });
    let colormap = props.dispatch.reform(|event: Event| ExplanationAction::ChooseColormap(chosen(&event)));
    let blend = props.dispatch.reform(|event: Event| ExplanationAction::ChooseBlend(chosen(&event)));
    let held = Callback::from(|event: KeyboardEvent| alone(matches!(event.key().as_str(), " " | "Enter")));
    let percent = (100.0 * props.opacity).round();
    html! {
        <div class="controls">
            <button type="button" class="button" title={words.say("blink-title")} data-testid="blink"
                onpointerdown={|_| alone(true)} onpointerup={|_| alone(false)} onpointerleave={|_| alone(false)} onpointercancel={|_| alone(false)}
                onkeydown={held} onkeyup={|_| alone(false)} onblur={|_| alone(false)}>{ words.say("blink") }</button>
            <label class="field slider">
                <span>{ words.say("opacity") }</span>
                <input type="range" min="0" max="100" step="1" value={percent.to_string()} oninput={opacity}
                    data-testid="opacity" />
                <output>{ format!("{percent}%") }</output>
            </label>
            <label class="field" title={props.fixed.then(|| words.say("blend-fixed"))}>
                <span>{ words.say("blend") }</span>
                <select data-testid="blend" onchange={blend} disabled={props.fixed}>
                    { for Blend::ALL.iter().map(|blend| html! {
                        <option value={blend.name()} selected={*blend == props.blend}>{ words.say(blend_title(*blend)) }</option>
                    }) }
                </select>
            </label>
            <label class="field">
                <span>{ words.say("colours") }</span>
                <select data-testid="colormap" onchange={colormap}>
                    { for Colormap::ALL.iter().map(|colormap| html! {
                        <option value={colormap.name()} selected={*colormap == props.colormap}>{ words.say(title(*colormap)) }</option>
                    }) }
                </select>
            </label>
            <Outline contour={props.contour} split={props.split} alone={props.alone} dispatch={props.dispatch.clone()} />
        </div>
    }
}

/// Choice that a selection tells of.
fn chosen<T: Named + Default>(event: &Event) -> T {
    T::named(&event.target_unchecked_into::<HtmlSelectElement>().value()).unwrap_or_default()
}

const fn title(colormap: Colormap) -> &'static str {
    match colormap {
        Colormap::Inferno => key("colormap-inferno"),
        Colormap::Viridis => key("colormap-viridis"),
        Colormap::Cividis => key("colormap-cividis"),
        Colormap::Turbo => key("colormap-turbo"),
        Colormap::Jet => key("colormap-jet"),
    }
}

const fn blend_title(blend: Blend) -> &'static str {
    match blend {
        Blend::ByValue => key("blend-by-value"),
        Blend::Plain => key("blend-plain"),
    }
}
