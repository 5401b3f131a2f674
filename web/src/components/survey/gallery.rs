//! Images of a survey, which arrow keys walk.

use convscope_core::survey::Row;
use convscope_page::{Filter, Shared, SurveyImage, gallery};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::tile::Tile;
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Images that are seen at once.
const PAGE: usize = 60;

/// Properties of [`Gallery`].
#[derive(Properties, PartialEq)]
pub(super) struct GalleryProps {
    /// The rows.
    pub rows: Shared<Vec<Row>>,
    /// The rows' images.
    pub images: Shared<Vec<SurveyImage>>,
    /// Which are shown.
    pub filter: Filter,
    /// Hears which is chosen.
    pub dispatch: Dispatch,
}

/// One small image each, of as many as are asked for. One of them is reached by the tab key, the others by arrows from there.
#[component]
pub(super) fn Gallery(props: &GalleryProps) -> Html {
    let words = use_words();
    let list = use_node_ref();
    let here = use_state(|| 0_usize);
    let most = use_state(|| PAGE);
    let shown = use_memo((props.rows.clone(), props.filter.clone()), |(rows, filter)| gallery(rows, filter));
    let count = shown.len().min(*most);
    let current = (*here).min(count.saturating_sub(1));
    let left = shown.len() - count;
    let walk = {
        let (list, here) = (list.clone(), here.clone());
        Callback::from(move |event: KeyboardEvent| {
            let tiles = tiles(&list);
            let columns = columns(&tiles);
            let last = tiles.len().saturating_sub(1);
            let to = match &*event.key() {
                "ArrowRight" => current + 1,
                "ArrowLeft" => current.saturating_sub(1),
                "ArrowDown" => current + columns,
                "ArrowUp" if current >= columns => current - columns,
                "ArrowUp" => current,
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            // Arrows would scroll, too.
            event.prevent_default();
            let to = to.min(last);
            if let Some(tile) = tiles.get(to) {
                let _ = tile.focus();
                here.set(to);
            }
        })
    };
    let more = {
        let most = most.clone();
        Callback::from(move |_: MouseEvent| most.set(*most + PAGE))
    };
    let tile = |(index, &at): (usize, &usize)| {
        let focus = {
            let here = here.clone();
            Callback::from(move |()| here.set(index))
        };
        let image = &props.images[at];
        html! {
            <Tile key={image.photo.serial} row={props.rows[at].clone()} image={image.clone()} {index} reached={index == current} {focus} dispatch={props.dispatch.clone()} />
        }
    };
    html! {
        <>
            <p class="hint" role="status" data-testid="survey-shown">{ words.with("survey-shown", [("count", shown.len().into())]) }</p>
            <ul class="survey-gallery" ref={list} aria-label={words.say("survey-gallery")} onkeydown={walk} data-testid="survey-gallery">
                { for shown.iter().take(count).enumerate().map(tile) }
            </ul>
            if left > 0 {
                <button type="button" class="link" onclick={more} data-testid="survey-more">{ words.with("tray-more", [("count", left.into())]) }</button>
            }
        </>
    }
}

/// The tiles' buttons, as they lie on the page.
fn tiles(list: &NodeRef) -> Vec<HtmlElement> {
    let first = list.cast::<Element>().and_then(|list| list.first_element_child());
    let items = std::iter::successors(first, Element::next_element_sibling);
    items.filter_map(|item| item.first_element_child()?.dyn_into().ok()).collect()
}

/// Tiles in a row.
fn columns(tiles: &[HtmlElement]) -> usize {
    let Some(first) = tiles.first().map(HtmlElement::offset_top) else { return 1 };
    tiles.iter().take_while(|tile| tile.offset_top() == first).count().max(1)
}
