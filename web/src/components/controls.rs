//! Controls of how the heat is drawn.

use convscope_core::image::Plane;
use convscope_core::render::Colormap;
use convscope_page::{ExplanationAction, Paint};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::canvas;
use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// Properties of [`Controls`].
#[derive(Properties, PartialEq)]
pub struct ControlsProps {
    /// The colour map.
    pub colormap: Colormap,
    /// Opacity of the heat, 0 to 1.
    pub opacity: f32,
    /// Whether the colours tell for from against.
    pub signed: bool,
    /// The keys of what the ends of the scale mean.
    pub ends: (&'static str, &'static str),
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// Opacity, colour map, and what the colours mean.
#[component]
pub fn Controls(props: &ControlsProps) -> Html {
    let words = use_words();
    let scale = use_node_ref();
    {
        let scale = scale.clone();
        use_effect_with((props.colormap, props.signed), move |(colormap, signed)| {
            let (paint, least) = if *signed { (Paint::Signed, -1.0) } else { (Paint::Heat(*colormap), 0.0) };
            let ramp = (0..256).map(|step| least + (1.0 - least) * step as f32 / 255.0).collect();
            canvas::on(&scale, |canvas| canvas::draw_plane(canvas, &Plane::new(256, 1, ramp), paint));
        });
    }
    let opacity = props.dispatch.reform(|event: InputEvent| {
        ExplanationAction::ChooseOpacity(
            event.target_unchecked_into::<HtmlInputElement>().value_as_number() as f32 / 100.0,
        )
    });
    let colormap = props.dispatch.reform(|event: Event| {
        let name = event.target_unchecked_into::<HtmlSelectElement>().value();
        let found = Colormap::ALL.iter().copied().find(|colormap| colormap.name() == name);
        ExplanationAction::ChooseColormap(found.unwrap_or_default())
    });
    let percent = (100.0 * props.opacity).round();
    html! {
        <div class="controls">
            <label class="field slider">
                <span>{ words.say("opacity") }</span>
                <input type="range" min="0" max="100" step="1" value={percent.to_string()} oninput={opacity}
                    data-testid="opacity" />
                <output>{ format!("{percent}%") }</output>
            </label>
            <label class="field">
                <span>{ words.say("colours") }</span>
                <select data-testid="colormap" onchange={colormap}>
                    { for Colormap::ALL.iter().map(|colormap| html! {
                        <option value={colormap.name()} selected={*colormap == props.colormap}>{ words.say(title(*colormap)) }</option>
                    }) }
                </select>
            </label>
            <div class="scale">
                <span>{ words.say(props.ends.0) }</span><canvas ref={scale} aria-hidden="true" /><span>{ words.say(props.ends.1) }</span>
            </div>
        </div>
    }
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
