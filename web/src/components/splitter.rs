//! Edge of a pane, by which it is made wider or narrower: with a pointer, or with the arrow keys.

use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::canvas::style;
use crate::panes::{Pane, WIDEST, keep_width, kept_width};

/// Hundredths of the window by which a key moves the edge.
const STEP: f64 = 1.0;

/// Properties of [`Splitter`].
#[derive(Properties, PartialEq)]
pub struct SplitterProps {
    /// The pane.
    pub pane: Pane,
    /// Name of the edge.
    pub label: String,
    /// Element of which the style sheet reads the width, as `--PANE-width`.
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
            style(&workspace, &[(format!("--{}-width", pane.name()).as_str(), format!("{width}vw"))]);
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
            let window = web_sys::window().and_then(|window| window.inner_width().ok()?.as_f64());
            if let (true, Some(window)) = (held, window) {
                let share = 100.0 * f64::from(event.client_x()) / window;
                change(if pane == Pane::Right { 100.0 - share } else { share });
            }
        })
    };
    let keys = {
        let (change, width) = (change.clone(), *width);
        Callback::from(move |event: KeyboardEvent| {
            let outwards = if pane == Pane::Right { -STEP } else { STEP };
            let by = match event.key().as_str() {
                "ArrowRight" => outwards,
                "ArrowLeft" => -outwards,
                _ => return,
            };
            event.prevent_default();
            change(width + by);
        })
    };
    html! {
        <div class={classes!("splitter", pane.name())} role="separator" aria-orientation="vertical" tabindex="0" aria-label={props.label.clone()}
            aria-valuenow={format!("{:.0}", *width)} aria-valuemin="0" aria-valuemax={WIDEST.to_string()} data-testid={format!("split-{}", pane.name())}
            onpointerdown={grasp} onpointermove={drag} onkeydown={keys} ondblclick={move |_| change(pane.usual_width())}></div>
    }
}
