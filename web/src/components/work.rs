//! The image, what it means, and the layers: the chosen technique at work.

use convscope_core::protocol::Ready;
use convscope_page::{Busy, Layered, Shared, State, Technique};
use yew::prelude::*;

use super::caption::{how, sentence};
use super::readout::{Place, Reading, Readout};
use super::{
    Caption, Compare, Controls, Descent, Item, Layers, Methods, Patterns, Save, SaveProps, Sheet, Stage, Tabs, summary,
};
use crate::canvas::narrow;
use crate::dispatch::Dispatch;
use crate::words::{Words, key};

/// The main part of the page. No component: it would hold a copy of all that the page knows, to compare the next state with.
pub fn work(state: &State, words: &Words, dispatch: &Dispatch) -> Html {
    let technique = state.explanation.technique;
    let offered = Technique::ALL.map(|(technique, _)| technique).into_iter().filter(|&other| state.offers(other));
    html! {
        <div class="work">
            <section class="card view" aria-label={words.say("technique")}>
                <Tabs brief={narrow()} chosen={technique} method={state.explanation.question.method.clone()} offered={offered.collect::<Vec<_>>()} dispatch={dispatch.clone()} />
                <div class={classes!("technique", technique.name())} id="technique" role="tabpanel" aria-labelledby={format!("tab-{}", technique.name())}>
                    if technique != Technique::Filters {
                        { stage(state, words, dispatch) }
                    }
                    { answer(state, words, dispatch) }
                    <Save ..SaveProps::of(state, dispatch.clone()) />
                </div>
            </section>
        </div>
    }
}

/// The image, with what lies over it, beside the explanation that was kept, if there is one.
fn stage(state: &State, words: &Words, dispatch: &Dispatch) -> Html {
    let explanation = &state.explanation;
    if let Some(kept) = state.comparison.kept.clone().filter(|_| explanation.technique == Technique::Classes) {
        return html! {
            <Compare {kept} now={state.view()} shared={state.comparison.shared_scale} colormap={explanation.colormap}
                opacity={explanation.opacity} dispatch={dispatch.clone()} />
        };
    }
    html! {
        <Staged layered={state.layered()} stale={explanation.is_stale(explanation.current())} summary={summary(state, words)}
            dispatch={dispatch.clone()} />
    }
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

/// What belongs to the chosen technique alone, and the layers.
fn answer(state: &State, words: &Words, dispatch: &Dispatch) -> Html {
    let explanation = &state.explanation;
    let (answer, question) = (&explanation.answer, &explanation.question);
    match explanation.technique {
        Technique::Classes => classes(state, words, dispatch),
        Technique::Activations => html! {
            <>
                { controls(state, (key("scale-weaker"), key("scale-stronger")), dispatch) }
                { layers(state, dispatch) }
                <Sheet activation={answer.activation.clone()} sheet={answer.sheet.clone()} question={question.clone()}
                    channel={explanation.channel()} dispatch={dispatch.clone()} />
            </>
        },
        Technique::Filters => html! {
            <>
                { layers(state, dispatch) }
                <Patterns question={question.clone()} layer={answer.layer.clone()} panels={answer.panels.clone()} progress={answer.progress}
                    running={state.worker.busy() == Busy::Explaining} seconds={explanation.seconds} dispatch={dispatch.clone()} />
            </>
        },
        Technique::Deconvnet => {
            let starts = |ready: &&Shared<Ready>| ready.outputs.as_ref().is_some_and(|tap| tap.name == answer.layer);
            let classes = state.model.ready.as_ref().filter(starts).cloned();
            html! {
                <>
                    { layers(state, dispatch) }
                    <Descent question={question.clone()} panels={answer.panels.clone()} {classes} seconds={explanation.seconds}
                        dispatch={dispatch.clone()} />
                </>
            }
        }
    }
}

fn classes(state: &State, words: &Words, dispatch: &Dispatch) -> Html {
    let explanation = &state.explanation;
    let signed = explanation.draws_sign();
    let ends = if signed { (key("scale-against"), key("scale-for")) } else { (key("scale-less"), key("scale-more")) };
    let kept = state.comparison.kept.is_some();
    let seen = explanation.current().filter(|_| !kept).zip(sentence(state, words));
    html! {
        <>
            if let Some((shown, sentence)) = seen {
                <Caption {sentence} how={how(state, words)} map={shown.map.clone()} {signed} dispatch={dispatch.clone()} />
            }
            <Methods question={explanation.question.clone()} {kept} signed={explanation.signed} dispatch={dispatch.clone()} />
            { controls(state, ends, dispatch) }
            { layers(state, dispatch) }
        </>
    }
}

fn controls(state: &State, ends: (&'static str, &'static str), dispatch: &Dispatch) -> Html {
    let explanation = &state.explanation;
    html! {
        <Controls colormap={explanation.colormap} opacity={explanation.opacity} signed={explanation.draws_sign()} {ends}
            dispatch={dispatch.clone()} />
    }
}

fn layers(state: &State, dispatch: &Dispatch) -> Html {
    let explanation = &state.explanation;
    let mapped = explanation.technique == Technique::Classes;
    let items: Vec<Item> = state
        .layers()
        .into_iter()
        .map(|tap| {
            let shown = explanation.map(&tap.name).filter(|_| mapped);
            Item { tap: tap.clone(), map: shown.map(|shown| shown.map.clone()), stale: explanation.is_stale(shown) }
        })
        .collect();
    html! {
        if !items.is_empty() {
            <Layers {mapped} {items} chosen={explanation.layer.clone()} colormap={explanation.colormap} dispatch={dispatch.clone()} />
        }
    }
}
