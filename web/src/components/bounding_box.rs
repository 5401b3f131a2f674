//! The box around an object, over the image: drawn with the pointer, moved and resized with the arrow keys.

use convscope_core::explain::BoundingBox;
use convscope_page::BoxAction;
use yew::prelude::*;

use super::drag::{Drag, arrow, use_drag, use_framed};
use super::readout::Place;
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Share of the image's sides by which a press of a key moves an edge.
const STEP: f64 = 0.01;

/// Properties of [`Drawn`].
#[derive(Properties, PartialEq)]
pub(super) struct DrawnProps {
    /// The box.
    pub drawn: BoundingBox,
    /// Hears of another one.
    pub dispatch: Dispatch,
}

/// A layer over the whole image that the pointer draws on, with the box in it.
#[component]
pub(super) fn Drawn(props: &DrawnProps) -> Html {
    let words = use_words();
    let frame = use_node_ref();
    let done = {
        let (dispatch, frame) = (props.dispatch.clone(), frame.clone());
        Callback::from(move |[one, other]: [Place; 2]| {
            if let Some(frame) = frame.cast::<web_sys::HtmlElement>() {
                let _ = frame.focus();
            }
            if let Some(drawn) = BoundingBox::between(one, other) {
                dispatch.emit(BoxAction::Draw(drawn));
            }
        })
    };
    let Drag { area, drawing, down, moved, up, cancelled } = use_drag(false, done);
    let seen = drawing.unwrap_or(props.drawn);
    use_framed(&frame, Some(seen));
    let keys = {
        let (drawn, dispatch) = (props.drawn, props.dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some((right, down)) = arrow(&event) {
                let by = (STEP * right, STEP * down);
                dispatch.emit(BoxAction::Draw(if event.shift_key() { drawn.resized(by) } else { drawn.moved(by) }));
            }
        })
    };
    let percent = |share: f64| format!("{:.0}", 100.0 * share);
    let sides = [
        ("left", percent(seen.left).into()),
        ("top", percent(seen.top).into()),
        ("width", percent(seen.width).into()),
        ("height", percent(seen.height).into()),
    ];
    html! {
        <div class="box-area" ref={area} onpointerdown={down} onpointermove={moved} onpointerup={up} onpointercancel={cancelled} data-testid="box-area">
            <div class="box" ref={frame} tabindex="0" role="application" aria-label={words.with("box-drawn", sides)} aria-describedby="box-hint"
                onkeydown={keys} data-testid="box"></div>
        </div>
    }
}

/// How to draw it.
#[component]
pub(super) fn BoxHint() -> Html {
    let words = use_words();
    html! { <p class="hint" id="box-hint">{ words.say("box-hint") }</p> }
}
