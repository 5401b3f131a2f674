//! A box over the image that the pointer draws and the arrow keys move.

use convscope_core::explain::BoundingBox;
use web_sys::Element;
use yew::prelude::*;

use super::readout::Place;
use super::stage::place_in;
use crate::canvas;

/// What the pointer does over an area, which is an element's whole.
pub(super) struct Drag {
    /// The element.
    pub(super) area: NodeRef,
    /// The box from where the pointer went down to where it is, while it draws one.
    pub(super) drawing: Option<BoundingBox>,
    pub(super) down: Callback<PointerEvent>,
    pub(super) moved: Callback<PointerEvent>,
    pub(super) up: Callback<PointerEvent>,
    pub(super) cancelled: Callback<PointerEvent>,
}

/// Follows the pointer from where it goes down; `done` hears both corners. Where `scrolls`, a finger that moves scrolls the page
/// instead.
#[hook]
pub(super) fn use_drag(scrolls: bool, done: Callback<[Place; 2]>) -> Drag {
    let corners = use_state(|| None::<[Place; 2]>);
    let area = use_node_ref();
    let drawing = corners.and_then(|[one, other]| BoundingBox::between(one, other));
    let down = {
        let (corners, area) = (corners.clone(), area.clone());
        Callback::from(move |event: PointerEvent| {
            let (Some(area), true) = (area.cast::<Element>(), event.button() == 0) else { return };
            let at = place_in(&area, &event);
            if !scrolls {
                event.prevent_default();
            }
            // The pointer may leave the image while it draws.
            if !scrolls || event.pointer_type() != "touch" {
                let _ = area.set_pointer_capture(event.pointer_id());
            }
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
        let corners = corners.clone();
        Callback::from(move |_: PointerEvent| {
            if let Some(drawn) = *corners {
                done.emit(drawn);
            }
            corners.set(None);
        })
    };
    let cancelled = Callback::from(move |_: PointerEvent| corners.set(None));
    Drag { area, drawing, down, moved, up, cancelled }
}

/// Has an element lie where a box is, in shares of what it lies in.
#[hook]
pub(super) fn use_framed(frame: &NodeRef, outline: Option<BoundingBox>) {
    let frame = frame.clone();
    use_effect_with(outline, move |outline| {
        let Some(BoundingBox { left, top, width, height }) = *outline else { return };
        let percent = |share: f64| format!("{}%", 100.0 * share);
        let sides = [("left", left), ("top", top), ("width", width), ("height", height)];
        canvas::style(&frame, &sides.map(|(side, share)| (side, percent(share))));
    });
}

/// Steps to the right and down that an arrow key means; the event goes no further.
pub(super) fn arrow(event: &KeyboardEvent) -> Option<(f64, f64)> {
    let by = match event.key().as_str() {
        "ArrowLeft" => (-1.0, 0.0),
        "ArrowRight" => (1.0, 0.0),
        "ArrowUp" => (0.0, -1.0),
        "ArrowDown" => (0.0, 1.0),
        _ => return None,
    };
    event.prevent_default();
    event.stop_propagation();
    Some(by)
}
