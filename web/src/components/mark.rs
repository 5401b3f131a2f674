//! The place that is looked into, over the image: chosen with the pointer, moved from cell to cell with the arrow keys.

use convscope_core::explain::BoundingBox;
use convscope_page::{DrillAction, Drilled, State, point};
use yew::prelude::*;

use super::drag::{Drag, arrow, use_drag, use_framed};
use super::readout::Place;
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Properties of [`Mark`].
#[derive(Clone, Properties, PartialEq)]
pub struct MarkProps {
    /// The place, and the cells that it is, once one is looked into.
    #[prop_or_default]
    pub place: Option<MarkedPlace>,
    /// Hears of another one.
    pub dispatch: Dispatch,
}

/// A place, and the cells of a layer that it is.
#[derive(Clone, Copy, PartialEq)]
pub struct MarkedPlace {
    place: BoundingBox,
    /// The cells together.
    outline: BoundingBox,
    /// Sides of a cell, as shares of the image's.
    cell: (f64, f64),
    /// The first cell's column and row, and how many columns and rows there are.
    first: (usize, usize),
    size: [usize; 2],
    count: usize,
}

impl MarkProps {
    /// The properties for that state; none where no place can be looked into.
    pub fn of(state: &State, drilled: Option<&Drilled>, dispatch: Dispatch) -> Option<Self> {
        state.can_drill().then(|| Self { place: drilled.and_then(|drilled| marked(state, drilled)), dispatch })
    }
}

/// The cells of a place as a part of the image.
fn marked(state: &State, drilled: &Drilled) -> Option<MarkedPlace> {
    let (region, (width, height)) = (state.image.region(), state.image.size());
    let [columns, rows] = drilled.size;
    let first = *drilled.cells.first()?;
    let last = *drilled.cells.last()?;
    let cell = (
        f64::from(region.width) / f64::from(width) / columns as f64,
        f64::from(region.height) / f64::from(height) / rows as f64,
    );
    let outline = BoundingBox {
        left: f64::from(region.x) / f64::from(width) + first.0 as f64 * cell.0,
        top: f64::from(region.y) / f64::from(height) + first.1 as f64 * cell.1,
        width: (last.0 + 1 - first.0) as f64 * cell.0,
        height: (last.1 + 1 - first.1) as f64 * cell.1,
    };
    let count = drilled.cells.len();
    Some(MarkedPlace { place: drilled.place, outline, cell, first, size: drilled.size, count })
}

/// The place moved by cells, or with its far corner moved.
fn changed(marked: &MarkedPlace, (right, down): (f64, f64), resizes: bool) -> BoundingBox {
    let MarkedPlace { outline, cell, .. } = marked;
    let by = (right * cell.0, down * cell.1);
    if resizes {
        return outline.resized(by);
    }
    if marked.count > 1 {
        return outline.moved(by);
    }
    point((outline.left + outline.width / 2.0 + by.0, outline.top + outline.height / 2.0 + by.1))
}

/// A layer over the whole image that the pointer chooses a place on, with the place in it.
#[component]
pub fn Mark(props: &MarkProps) -> Html {
    let words = use_words();
    let looked = props.dispatch.reform(|[one, other]: [Place; 2]| {
        DrillAction::Look(BoundingBox::between(one, other).unwrap_or_else(|| point(one)))
    });
    let Drag { area, drawing, down, moved, up, cancelled } = use_drag(true, looked);
    let frame = use_node_ref();
    use_framed(&frame, drawing.or(props.place.map(|marked| marked.outline)));
    let keys = {
        let (marked, dispatch) = (props.place, props.dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let (Some(by), Some(marked)) = (arrow(&event), &marked) {
                dispatch.emit(DrillAction::Move(changed(marked, by, event.shift_key())));
            }
        })
    };
    let label = props.place.map(|marked| said(&words, &marked));
    html! {
        <div class="box-area mark-area" ref={area} onpointerdown={down} onpointermove={moved} onpointerup={up} onpointercancel={cancelled} data-testid="mark-area">
            if let Some(label) = label {
                <div class="box" ref={frame} tabindex="0" role="application" aria-label={label} onkeydown={keys} data-testid="mark"></div>
            } else {
                <div class="box" ref={frame} hidden={drawing.is_none()}></div>
            }
        </div>
    }
}

/// The place in words.
fn said(words: &crate::words::Words, marked: &MarkedPlace) -> String {
    let [columns, rows] = marked.size;
    let values = [
        ("column", (marked.first.0 + 1).into()),
        ("row", (marked.first.1 + 1).into()),
        ("columns", columns.into()),
        ("rows", rows.into()),
        ("count", marked.count.into()),
    ];
    words.with("drill-mark", values)
}
