//! The layers, from the image to the classes, each with its map.

use std::rc::Rc;

use convscope_core::explain::{AttributionMap, Fusion, Glance};
use convscope_core::named::Named;
use convscope_core::protocol::Tap;
use convscope_core::render::Blend;
use convscope_page::{ExplanationAction, Overlay, Shared};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::glance::{Bars, Legend, told};
use crate::canvas;
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// A layer in the strip.
#[derive(Clone, PartialEq)]
pub struct Item {
    /// The layer.
    pub tap: Tap,
    /// Map of the layer, if it has come, and what is seen of it, if there is anything to see.
    pub drawn: Option<Option<Overlay>>,
    /// Whether the map is about what was asked last.
    pub stale: bool,
    /// The map.
    pub map: Option<Shared<AttributionMap>>,
    /// The last layer's map, which it is compared with.
    pub last: Option<Shared<AttributionMap>>,
}

/// Properties of [`Layers`].
#[derive(Properties, PartialEq)]
pub struct LayersProps {
    /// Whether the layers have maps, or will have.
    pub mapped: bool,
    /// The layers, in the network's order.
    pub items: Vec<Item>,
    /// The chosen one's name.
    pub chosen: Option<String>,
    /// Edges of the box that has been drawn.
    pub edges: Option<[f64; 4]>,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// The strip: click, or walk along it with the arrow keys, Home and End.
#[component]
pub fn Layers(props: &LayersProps) -> Html {
    let words = use_words();
    let names: Rc<[String]> = props.items.iter().map(|item| item.tap.name.clone()).collect();
    let keys = {
        let (names, chosen, dispatch) = (names.clone(), props.chosen.clone(), props.dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            let at = names.iter().position(|name| Some(name) == chosen.as_ref()).unwrap_or(0);
            let last = names.len().saturating_sub(1);
            let to = match event.key().as_str() {
                "ArrowRight" | "ArrowDown" => (at + 1).min(last),
                "ArrowLeft" | "ArrowUp" => at.saturating_sub(1),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            if let Some(name) = names.get(to) {
                focus(name);
                dispatch.emit(ExplanationAction::ChooseLayer(name.clone()));
            }
        })
    };
    // The chosen layer is brought into sight, without moving the page.
    let strip = use_node_ref();
    {
        let strip = strip.clone();
        use_effect_with((props.chosen.clone(), names), move |(chosen, _)| {
            let element = chosen.as_deref().and_then(element);
            if let (Some(strip), Some(element)) = (strip.cast::<HtmlElement>(), element) {
                strip.set_scroll_left(element.offset_left() - (strip.client_width() - element.offset_width()) / 2);
            }
        });
    }
    let tallest = props.items.iter().map(|item| item.tap.shape[1]).max().unwrap_or(1);
    html! {
        <section class="layers" aria-labelledby="layers-title">
            <div class="layers-head">
                <h2 id="layers-title">{ words.say("layers") }</h2>
                <p class="hint">{ words.say("layers-hint") }<span class="keys">{ words.say("layers-keys") }</span></p>
                if props.items.iter().any(|item| item.map.is_some()) {
                    <Legend inside={props.edges.is_some()} />
                }
            </div>
            <div class="strip" role="radiogroup" aria-labelledby="layers-title" onkeydown={keys} ref={strip}>
                { for props.items.iter().map(|item| html! {
                    <Layer key={item.tap.name.clone()} item={item.clone()} mapped={props.mapped} {tallest} edges={props.edges}
                        chosen={props.chosen.as_ref() == Some(&item.tap.name)} dispatch={props.dispatch.clone()} />
                }) }
            </div>
        </section>
    }
}

/// A name that may be broken after its slashes and underscores.
fn breakable(name: &str) -> impl Iterator<Item = Html> + '_ {
    name.split_inclusive(['/', '_']).map(|part| html! { <>{ part }<wbr /></> })
}

fn element(layer: &str) -> Option<HtmlElement> {
    web_sys::window()?.document()?.get_element_by_id(&format!("layer {layer}"))?.dyn_into().ok()
}

fn focus(layer: &str) {
    if let Some(element) = element(layer) {
        let _ = element.focus();
    }
}

/// Properties of [`Layer`].
#[derive(Properties, PartialEq)]
struct LayerProps {
    item: Item,
    mapped: bool,
    /// The largest height of the network's feature maps.
    tallest: usize,
    edges: Option<[f64; 4]>,
    chosen: bool,
    dispatch: Dispatch,
}

/// One layer: its map at its own size, its name and shape.
#[component]
fn Layer(props: &LayerProps) -> Html {
    let words = use_words();
    let Item { tap, drawn, stale, map, last } = &props.item;
    let glance = use_memo((map.clone(), last.clone(), props.edges), |(map, last, edges)| {
        Glance::of(map.as_deref()?, last.as_deref(), *edges)
    });
    let overlay = drawn.as_ref().and_then(Option::as_ref);
    let heat = use_node_ref();
    {
        let heat = heat.clone();
        use_effect_with(overlay.cloned(), move |overlay| {
            if let Some(Overlay { numbers, paint }) = overlay {
                canvas::on(&heat, |canvas| canvas::draw_plane(canvas, &numbers.plane(), *paint, Blend::Plain));
            }
        });
    }
    let name = tap.name.clone();
    let choose = props.dispatch.reform(move |_| ExplanationAction::ChooseLayer(name.clone()));
    let blank = drawn.is_some() && overlay.is_none();
    let [channels, height, width] = tap.shape;
    let fused = Fusion::named(&tap.name);
    let title = match fused {
        Some(Fusion::Maximum) => words.say("fused-title"),
        Some(Fusion::Mean) => words.say("fused-mean-title"),
        Some(Fusion::Product) => words.say("fused-product-title"),
        None => words.with(
            "layer-title",
            [
                ("layer", tap.name.as_str().into()),
                ("channels", channels.into()),
                ("height", height.into()),
                ("width", width.into()),
            ],
        ),
    };
    let title = match &*glance {
        Some(glance) => words.join(&[title, told(&words, glance)]),
        None => title,
    };
    let look = |layer: Option<String>| {
        let dispatch = props.dispatch.clone();
        move || dispatch.emit(ExplanationAction::Preview(layer.clone()))
    };
    let (enter, leave) = (look(Some(tap.name.clone())), look(None));
    let (focus, blur) = (enter.clone(), leave.clone());
    html! {
        <button type="button" onmouseenter={move |_| enter()} onmouseleave={move |_| leave()} onfocus={move |_| focus()} onblur={move |_| blur()}
            class={classes!("layer", stale.then_some("stale"), blank.then_some("is-blank"))} role="radio"
            id={format!("layer {}", tap.name)} aria-checked={props.chosen.to_string()}
            tabindex={if props.chosen { "0" } else { "-1" }} onclick={choose}
            {title} data-testid={format!("layer-{}", tap.name)}>
            if props.mapped {
                <span class="thumb">
                    <canvas ref={heat} hidden={overlay.is_none()} aria-hidden="true" />
                    if blank {
                        <span class="blank-mark">{ words.say("blank") }</span>
                    }
                </span>
                <Bars glance={*glance} inside={props.edges.is_some()} />
            }
            if fused.is_none() {
                <Volume shape={tap.shape} tallest={props.tallest} pool={tap.pool} />
            }
            <span class="layer-name">{ for breakable(&words.layer_title(&tap.name)) }</span>
            if fused.is_none() {
                <span class="layer-shape">{ format!("{height} × {width}") }</span>
            }
        </button>
    }
}

/// Properties of [`Volume`].
#[derive(Properties, PartialEq)]
struct VolumeProps {
    shape: [usize; 3],
    tallest: usize,
    pool: bool,
}

/// The layer's part of the network's shape: a block whose face grows with the feature maps and whose depth with their number.
#[component]
fn Volume(props: &VolumeProps) -> Html {
    let [channels, height, _] = props.shape;
    // Roots and logarithms, so that 1 x 1 and 224 x 224, 3 and 4096 channels can be told apart on one line.
    let face = 4.0 + 20.0 * (height as f64 / props.tallest.max(1) as f64).sqrt();
    let depth = 1.5 + 2.2 * (channels.max(1) as f64).log2();
    let (x, y, slant) = ((72.0 - face * 0.5 - depth) / 2.0, 36.0 - face, face * 0.25);
    let front = format!("{x},{y} {},{} {},{} {x},36", x + face * 0.5, y - slant, x + face * 0.5, 36.0 - slant);
    let top = format!(
        "{},{} {},{} {},{} {},{}",
        x + face * 0.5,
        y - slant,
        x + face * 0.5 + depth,
        y - slant,
        x + depth,
        y,
        x,
        y
    );
    let side = format!("{x},{y} {},{y} {},36 {x},36", x + depth, x + depth);
    html! {
        <svg class={classes!("volume", props.pool.then_some("pool"))} viewBox="0 0 72 38" aria-hidden="true">
            <polygon class="volume-front" points={front} /><polygon class="volume-top" points={top} /><polygon class="volume-side" points={side} />
        </svg>
    }
}
