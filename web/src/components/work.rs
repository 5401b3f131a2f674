//! The image, what it means, and the layers: the chosen method at work.

use convscope_core::card::{Card, Gives};
use convscope_core::explain::Fusion;
use convscope_core::protocol::Tap;
use convscope_page::{Layered, Shared, State, gives_maps};
use yew::prelude::*;

use super::caption::{how, sentence};
use super::readout::{Place, Reading, Readout};
use super::{
    About, Caption, Chart, Compare, Controls, Form, FormProps, Item, Layers, Panels, PanelsProps, Run, RunProps, Save,
    SaveProps, Sheet, SheetProps, Stage, Tabs, TabsProps, Trust, TrustProps, summary,
};
use crate::canvas::narrow;
use crate::dispatch::Dispatch;
use crate::words::{Words, key};

/// The main part of the page. No component: it would hold a copy of all that the page knows, to compare the next state with.
pub fn work(state: &State, words: &Words, dispatch: &Dispatch) -> Html {
    let card = state.card();
    let (command, gives) = card.map_or(("", ""), |card| (card.command.as_ref(), card.gives.name()));
    html! {
        <div class="work">
            <section class="card view" aria-label={words.say("technique")}>
                <Tabs ..TabsProps::of(state, words, dispatch.clone()) />
                if let Some(card) = card {
                    <About card={card.clone()} brief={narrow()} />
                }
                <div class={classes!("technique", format!("gives-{gives}"))} id="technique" role="tabpanel" aria-labelledby={format!("tab-{command}")}>
                    if card.is_none_or(|card| card.asks.image) {
                        { stage(state, words, dispatch) }
                    }
                    if let Some(card) = card {
                        { method(state, card, words, dispatch) }
                    }
                    <Save ..SaveProps::of(state, dispatch.clone()) />
                </div>
            </section>
        </div>
    }
}

/// The image, with what lies over it, beside the explanation that was kept, if there is one, and beside what
/// metrics say.
fn stage(state: &State, words: &Words, dispatch: &Dispatch) -> Html {
    let explanation = &state.explanation;
    if let Some(kept) = state.kept() {
        return html! {
            <Compare kept={kept.clone()} now={state.view()} shared={state.comparison.shared_scale} colormap={explanation.colormap}
                opacity={explanation.opacity} dispatch={dispatch.clone()} />
        };
    }
    let staged = html! {
        <Staged layered={state.layered()} stale={state.is_stale(explanation.current())} summary={summary(state, words)}
            dispatch={dispatch.clone()} />
    };
    let results = &explanation.results;
    if results.measurements.is_empty() {
        return staged;
    }
    let stale = results.request.as_ref().is_some_and(|request| state.is_outdated(request));
    html! {
        <div class="beside">
            { staged }
            <div>{ for results.measurements.iter().map(|one| html! {
                <Chart measurement={one.clone()} title={metric_title(state, words, &one.metric)} {stale} />
            }) }</div>
        </div>
    }
}

/// A metric's name for people.
fn metric_title(state: &State, words: &Words, metric: &str) -> String {
    let card = state.model.methods.iter().find(|card| card.id == metric);
    card.map_or_else(|| metric.to_owned(), |card| words.method_title(card))
}

/// Properties of [`Staged`].
#[derive(Properties, PartialEq)]
struct StagedProps {
    layered: Layered,
    stale: bool,
    summary: String,
    dispatch: Dispatch,
}

/// The image, and the numbers under the cursor.
#[component]
fn Staged(props: &StagedProps) -> Html {
    let place = use_state(|| None::<Place>);
    let point = {
        let place = place.clone();
        Callback::from(move |at| place.set(at))
    };
    let StagedProps { layered, stale, summary, dispatch } = props;
    html! {
        <div class="staged">
            <Stage layered={layered.clone()} {stale} place={*place} {point} summary={summary.clone()} dispatch={dispatch.clone()} />
            if let Some(reading) = Reading::of(None, layered) {
                <Readout place={*place} readings={vec![reading]} />
            }
        </div>
    }
}

/// Parts of the page that the chosen method asks for and gives.
fn method(state: &State, card: &Shared<Card>, words: &Words, dispatch: &Dispatch) -> Html {
    let explanation = &state.explanation;
    let results = &explanation.results;
    let signed = state.draws_sign();
    let ends = match (card.gives, signed) {
        (Gives::Sheet, _) => (key("scale-weaker"), key("scale-stronger")),
        (_, true) => (key("scale-against"), key("scale-for")),
        (_, false) => (key("scale-less"), key("scale-more")),
    };
    let seen = explanation.current().filter(|_| state.kept().is_none()).zip(sentence(state, words));
    html! {
        <>
            if let Some((shown, sentence)) = seen {
                <Caption {sentence} how={how(state, words)} map={shown.map.clone()} {signed}
                    signs={state.shows_signs()} blank={state.blank()} unlikely={state.is_unlikely()} dispatch={dispatch.clone()} />
            }
            <Form ..FormProps::of(state, card, dispatch.clone()) />
            <Run ..RunProps::of(state, dispatch.clone()) />
            if card.gives == Gives::Sheet || gives_maps(card) || !results.maps.is_empty() {
                <Controls colormap={explanation.colormap} opacity={explanation.opacity} {signed} {ends} dispatch={dispatch.clone()} />
            }
            { layers(state, gives_maps(card), dispatch) }
            if let Some(trust) = TrustProps::of(state, |one| metric_title(state, words, &one.metric), dispatch.clone()).filter(|_| state.kept().is_none()) {
                <Trust ..trust />
            }
            if card.gives == Gives::Sheet {
                <Sheet ..SheetProps::of(state, dispatch.clone()) />
            }
            if card.gives == Gives::Panels {
                <Panels ..PanelsProps::of(state, card) />
            }
        </>
    }
}

fn layers(state: &State, mapped: bool, dispatch: &Dispatch) -> Html {
    let explanation = &state.explanation;
    let item = |tap: &Tap| {
        let shown = explanation.results.map(&tap.name).filter(|_| mapped);
        let drawn = shown.map(|shown| state.thumbnail(&shown.map));
        Item { tap: tap.clone(), drawn, stale: state.is_stale(shown) }
    };
    // All layers made one stand behind them.
    let fused = |fusion: &Fusion| item(&Tap { name: fusion.name().into(), shape: [0; 3], pool: false });
    let items: Vec<Item> = state.layers().into_iter().map(item).chain(state.fused_layers().iter().map(fused)).collect();
    html! {
        if !items.is_empty() {
            <Layers {mapped} {items} chosen={explanation.layer.clone()} dispatch={dispatch.clone()} />
        }
    }
}
