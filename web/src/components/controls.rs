//! How the heat is drawn.

use convscope::picture::Plane;
use convscope::render::Colormap;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::canvas;
use crate::state::Action;

/// Properties of [`Controls`].
#[derive(Properties, PartialEq)]
pub struct ControlsProps {
    /// The colour map.
    pub colormap: Colormap,
    /// How opaque the heat is.
    pub opacity: f32,
    /// Hears what is chosen.
    pub dispatch: Callback<Action>,
}

/// Opacity, colour map, and what the colours mean.
#[component]
pub fn Controls(props: &ControlsProps) -> Html {
    let scale = use_node_ref();
    {
        let scale = scale.clone();
        use_effect_with(props.colormap, move |colormap| {
            let ramp = Plane::new(256, 1, (0..256).map(|step| step as f32 / 255.0).collect());
            canvas::draw_plane(&scale, &ramp, *colormap);
        });
    }
    let opacity = props.dispatch.reform(|event: InputEvent| {
        Action::ChooseOpacity(event.target_unchecked_into::<HtmlInputElement>().value_as_number() as f32 / 100.0)
    });
    let colormap = props.dispatch.reform(|event: Event| {
        let name = event.target_unchecked_into::<HtmlSelectElement>().value();
        let found = Colormap::ALL.into_iter().find(|colormap| colormap.name() == name);
        Action::ChooseColormap(found.unwrap_or_default())
    });
    let percent = (100.0 * props.opacity).round();
    html! {
        <div class="controls">
            <label class="field slider">
                <span>{ "Heat" }</span>
                <input type="range" min="0" max="100" step="1" value={percent.to_string()} oninput={opacity}
                    data-testid="opacity" />
                <output>{ format!("{percent}%") }</output>
            </label>
            <label class="field">
                <span>{ "Colours" }</span>
                <select data-testid="colormap" onchange={colormap}>
                    { for Colormap::ALL.iter().map(|colormap| html! {
                        <option value={colormap.name()} selected={*colormap == props.colormap}>{ colormap.name() }</option>
                    }) }
                </select>
            </label>
            <div class="scale">
                <span>{ "less" }</span><canvas ref={scale} aria-hidden="true" /><span>{ "more evidence" }</span>
            </div>
        </div>
    }
}
