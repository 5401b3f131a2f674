//! Edge of a pane, by which it is made wider or narrower, and the layers higher or lower: with a pointer, or with the arrow keys.

use convscope_page::Pane;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::canvas::style;
use crate::panes::{WIDEST, keep_width, kept_width, usual_width};

/// Hundredths of the window by which a key moves the edge.
const STEP: f64 = 1.0;

/// Properties of [`Splitter`].
#[derive(Properties, PartialEq)]
pub struct SplitterProps {
    /// The pane.
    pub pane: Pane,
    /// Name of the edge.
    pub label: String,
    /// Element of which the style sheet reads the width, as `--PANE-width`, or the height of the layers, as `--below-height`.
    pub workspace: NodeRef,
}

/// The edge. A double click gives the pane its usual width back.
#[component]
pub fn Splitter(props: &SplitterProps) -> Html {
    let pane = props.pane;
    let width = use_state(|| kept_width(pane));
    {
        let workspace = props.workspace.clone();
        use_effect_with(*width, move |width| {
            let (side, unit) = if pane == Pane::Below { ("height", "vh") } else { ("width", "vw") };
            style(&workspace, &[(format!("--{}-{side}", pane.name()).as_str(), format!("{width}{unit}"))]);
        });
    }
    let change = {
        let width = width.clone();
        move |to: f64| width.set(keep_width(pane, to))
    };
    let grasp = Callback::from(|event: PointerEvent| {
        if let Some(edge) = event.target_dyn_into::<Element>() {
            let _ = edge.set_pointer_capture(event.pointer_id());
        }
    });
    let drag = {
        let change = change.clone();
        Callback::from(move |event: PointerEvent| {
            let held =
                event.target_dyn_into::<Element>().is_some_and(|edge| edge.has_pointer_capture(event.pointer_id()));
            let Some(window) = web_sys::window().filter(|_| held) else { return };
            let (side, place) = match pane {
                Pane::Below => (window.inner_height(), event.client_y()),
                Pane::Left | Pane::Right => (window.inner_width(), event.client_x()),
            };
            if let Some(side) = side.ok().and_then(|side| side.as_f64()) {
                let share = 100.0 * f64::from(place) / side;
                change(if pane == Pane::Left { share } else { 100.0 - share });
            }
        })
    };
    let keys = {
        let (change, width) = (change.clone(), *width);
        Callback::from(move |event: KeyboardEvent| {
            let outwards = if pane == Pane::Right { -STEP } else { STEP };
            let by = match event.key().as_str() {
                "ArrowRight" if pane != Pane::Below => outwards,
                "ArrowLeft" if pane != Pane::Below => -outwards,
                "ArrowUp" if pane == Pane::Below => STEP,
                "ArrowDown" if pane == Pane::Below => -STEP,
                _ => return,
            };
            event.prevent_default();
            change(width + by);
        })
    };
    html! {
        <div class={classes!("splitter", pane.name())} role="separator" aria-orientation={if pane == Pane::Below { "horizontal" } else { "vertical" }} tabindex="0" aria-label={props.label.clone()}
            aria-valuenow={format!("{:.0}", *width)} aria-valuemin="0" aria-valuemax={WIDEST.to_string()} data-testid={format!("split-{}", pane.name())}
            onpointerdown={grasp} onpointermove={drag} onkeydown={keys} ondblclick={move |_| change(usual_width(pane))}></div>
    }
}
