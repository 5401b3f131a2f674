//! The box around an object, over the image: drawn with the pointer, moved and resized with the arrow keys.

use convscope_core::explain::BoundingBox;
use convscope_page::BoxAction;
use web_sys::Element;
use yew::prelude::*;

use super::readout::Place;
use super::stage::place_in;
use crate::canvas;
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
    // Where the pointer went down and where it is, while it draws.
    let corners = use_state(|| None::<[Place; 2]>);
    let (area, frame) = (use_node_ref(), use_node_ref());
    let drawing = corners.and_then(|[one, other]| BoundingBox::between(one, other));
    let seen = drawing.unwrap_or(props.drawn);
    {
        let frame = frame.clone();
        use_effect_with(seen, move |&BoundingBox { left, top, width, height }| {
            let percent = |share: f64| format!("{}%", 100.0 * share);
            let sides = [("left", left), ("top", top), ("width", width), ("height", height)];
            canvas::style(&frame, &sides.map(|(side, share)| (side, percent(share))));
        });
    }
    let down = {
        let (corners, area) = (corners.clone(), area.clone());
        Callback::from(move |event: PointerEvent| {
            let (Some(area), true) = (area.cast::<Element>(), event.button() == 0) else { return };
            event.prevent_default();
            // The pointer may leave the image while it draws.
            let _ = area.set_pointer_capture(event.pointer_id());
            let at = place_in(&area, &event);
            corners.set(Some([at, at]));
        })
    };
    let moved = {
        let (corners, area) = (corners.clone(), area.clone());
        Callback::from(move |event: PointerEvent| {
            if let (Some([start, _]), Some(area)) = (*corners, area.cast::<Element>()) {
                corners.set(Some([start, place_in(&area, &event)]));
            }
        })
    };
    let up = {
        let (corners, dispatch, frame) = (corners.clone(), props.dispatch.clone(), frame.clone());
        Callback::from(move |_: PointerEvent| {
            let drawn = corners.and_then(|[one, other]| BoundingBox::between(one, other));
            corners.set(None);
            if let Some(frame) = frame.cast::<web_sys::HtmlElement>() {
                let _ = frame.focus();
            }
            if let Some(drawn) = drawn {
                dispatch.emit(BoxAction::Draw(drawn));
            }
        })
    };
    let cancelled = {
        let corners = corners.clone();
        Callback::from(move |_: PointerEvent| corners.set(None))
    };
    let keys = {
        let (drawn, dispatch) = (props.drawn, props.dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowLeft" => (-STEP, 0.0),
                "ArrowRight" => (STEP, 0.0),
                "ArrowUp" => (0.0, -STEP),
                "ArrowDown" => (0.0, STEP),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            dispatch.emit(BoxAction::Draw(if event.shift_key() { drawn.resized(by) } else { drawn.moved(by) }));
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
