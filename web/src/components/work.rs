//! The picture, what it means, and the layers: the chosen technique at work.

use std::rc::Rc;

use convscope_core::picture::Plane;
use convscope_core::preprocess::Region;
use yew::prelude::*;

use super::readout::{Place, Reading, Readout};
use super::{
    Caption, Compare, Controls, Descent, Item, Layers, Methods, Patterns, Save, SaveProps, Sheet, Stage, Tabs, summary,
};
use crate::canvas::{Paint, narrow};
use crate::words::{Words, key, use_words};
use convscope_page::{Action, Busy, Shown, State, Technique};

/// Properties of [`Work`].
#[derive(Properties, PartialEq)]
pub struct WorkProps {
    /// Everything that the page knows.
    pub state: State,
    /// Hears what a person does.
    pub dispatch: Callback<Action>,
}

/// The main part of the page.
#[component]
pub fn Work(props: &WorkProps) -> Html {
    let (state, dispatch, words) = (&props.state, &props.dispatch, use_words());
    let place = use_state(|| None::<Place>);
    let point = {
        let place = place.clone();
        Callback::from(move |at| place.set(at))
    };
    let offered =
        Technique::ALL.map(|(technique, _)| technique).into_iter().filter(|&technique| state.offers(technique));
    html! {
        <div class="work">
            <section class="card view" aria-label={words.say("technique")}>
                <Tabs brief={narrow()} chosen={state.technique} offered={offered.collect::<Vec<_>>()} dispatch={dispatch.clone()} />
                <div class={classes!("technique", state.technique.name())} id="technique" role="tabpanel" aria-labelledby={format!("tab-{}", state.technique.name())}>
                    if state.technique != Technique::Filters {
                        { stage(state, &words, (*place, point), dispatch) }
                    }
                    { technique(state, dispatch) }
                    <Save ..SaveProps::of(state, dispatch.clone()) />
                </div>
            </section>
        </div>
    }
}

/// The picture, with what lies over it, beside the explanation that was kept, if there is one.
fn stage(
    state: &State,
    words: &Words,
    (place, point): (Option<Place>, Callback<Option<Place>>),
    dispatch: &Callback<Action>,
) -> Html {
    if let Some(kept) = state.kept.clone().filter(|_| state.technique == Technique::Classes) {
        return html! {
            <Compare {kept} now={state.view()} shared={state.shared_scale} colormap={state.colormap} opacity={state.opacity}
                dispatch={dispatch.clone()} />
        };
    }
    let size = size(state);
    let region = state.looked.as_ref().map_or_else(|| whole(size), |looked| looked.region);
    let overlay = overlay(state);
    let reading = overlay.as_ref().map(|(plane, _)| Reading { name: None, plane: plane.clone(), region, size });
    html! {
        <div class="staged">
            <Stage photo={state.photo.clone()} {size} {region} {overlay} stale={stale(state, state.current())} {place} {point}
                summary={summary(state, words)} opacity={state.opacity} dispatch={dispatch.clone()} />
            if let Some(reading) = reading {
                <Readout {place} readings={vec![reading]} />
            }
        </div>
    }
}

fn size(state: &State) -> (u32, u32) {
    state.looked.as_ref().map_or((3, 2), |looked| looked.size)
}

fn whole((width, height): (u32, u32)) -> Region {
    Region { x: 0.0, y: 0.0, width: width as f32, height: height as f32 }
}

fn stale(state: &State, shown: Option<&Shown>) -> bool {
    state.technique == Technique::Classes && shown.is_some_and(|shown| Some(shown.class) != state.class)
}

/// What is seen over the picture. A blank map would dye it in the colour of nothing.
fn overlay(state: &State) -> Option<(Rc<Plane>, Paint)> {
    match state.technique {
        Technique::Classes if signed(state) => {
            state.current()?.map.signed_normalised().map(|plane| (Rc::new(plane), Paint::Signed))
        }
        Technique::Classes => {
            let map = &state.current().filter(|shown| shown.map.blank.is_none())?.map;
            Some((Rc::new(map.normalised.clone()), Paint::Heat(state.colormap)))
        }
        Technique::Activations => {
            let (layer, _, plane) = state.answer.channel.as_ref()?;
            let paint = if plane.min() < 0.0 { Paint::Signed } else { Paint::Heat(state.colormap) };
            (Some(layer) == state.layer.as_ref()).then(|| (plane.clone(), paint))
        }
        Technique::Filters | Technique::Deconvnet => None,
    }
}

/// Only Grad-CAM's maps have a sign.
fn signed(state: &State) -> bool {
    state.signed && state.question.method == "grad_cam"
}

/// What belongs to the chosen technique alone, and the layers.
fn technique(state: &State, dispatch: &Callback<Action>) -> Html {
    let answer = &state.answer;
    match state.technique {
        Technique::Classes => classes(state, dispatch),
        Technique::Activations => html! {
            <>
                <Controls colormap={state.colormap} opacity={state.opacity} signed=false ends={(key("scale-weaker"), key("scale-stronger"))} dispatch={dispatch.clone()} />
                { layers(state, dispatch) }
                <Sheet activation={answer.activation.clone()} sheet={answer.sheet.clone()} question={state.question.clone()}
                    channel={answer.channel.as_ref().map(|(_, channel, _)| *channel)} dispatch={dispatch.clone()} />
            </>
        },
        Technique::Filters => html! {
            <>
                { layers(state, dispatch) }
                <Patterns question={state.question.clone()} layer={answer.layer.clone()} panels={answer.panels.clone()}
                    progress={answer.progress} running={state.busy() == Busy::Explaining} seconds={state.explained} dispatch={dispatch.clone()} />
            </>
        },
        Technique::Deconvnet => {
            let ready = state.ready.as_deref();
            let outputs = ready.and_then(|ready| ready.outputs.as_ref()).is_some_and(|tap| tap.name == answer.layer);
            let labels = ready.filter(|_| outputs).map(|ready| Rc::from(ready.labels.as_slice()));
            html! {
                <>
                    { layers(state, dispatch) }
                    <Descent question={state.question.clone()} panels={answer.panels.clone()} {labels} seconds={state.explained} dispatch={dispatch.clone()} />
                </>
            }
        }
    }
}

fn classes(state: &State, dispatch: &Callback<Action>) -> Html {
    let current = state.current();
    let shape = current
        .and_then(|shown| state.layers().into_iter().find(|tap| tap.name == shown.map.layer))
        .map(|tap| tap.shape);
    let class = current.and_then(|shown| state.class(shown.class));
    let part = state.looked.as_ref().is_some_and(|looked| looked.region != whole(looked.size));
    let ends =
        if signed(state) { (key("scale-against"), key("scale-for")) } else { (key("scale-less"), key("scale-more")) };
    html! {
        <>
            if let Some(shown) = current.filter(|_| state.kept.is_none()) {
                <Caption class={class.map(|class| (class.name.clone(), class.probability))} shown={shown.clone()} {shape}
                    seconds={state.explained} {part} question={state.question.clone()} signed={signed(state)} dispatch={dispatch.clone()} />
            }
            <Methods question={state.question.clone()} kept={state.kept.is_some()} signed={state.signed} dispatch={dispatch.clone()} />
            <Controls colormap={state.colormap} opacity={state.opacity} signed={signed(state)} {ends} dispatch={dispatch.clone()} />
            { layers(state, dispatch) }
        </>
    }
}

fn layers(state: &State, dispatch: &Callback<Action>) -> Html {
    let mapped = state.technique == Technique::Classes;
    let items: Vec<Item> = state
        .layers()
        .into_iter()
        .map(|tap| {
            let shown = state.map(&tap.name).filter(|_| mapped);
            Item { tap: tap.clone(), map: shown.map(|shown| shown.map.clone()), stale: stale(state, shown) }
        })
        .collect();
    html! {
        if !items.is_empty() {
            <Layers {mapped} {items} chosen={state.layer.clone()} colormap={state.colormap} dispatch={dispatch.clone()} />
        }
    }
}
