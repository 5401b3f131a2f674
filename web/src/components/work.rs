//! The image, what it means, and the layers: the chosen method at work, in the parts that the workspace arranges.

use convscope_core::card::{Card, Gives};
use convscope_core::explain::{BoundingBox, Fusion};
use convscope_core::measurement::Measurement;
use convscope_core::protocol::Tap;
use convscope_page::{DrillAction, FidelityAction, GridAction, Layered, Shared, State, gives_maps};
use yew::prelude::*;

use super::about::About;
use super::bounding_box::BoxHint;
use super::caption::{how, sentence};
use super::mark::MarkProps;
use super::readout::{Place, Reading, Readout};
use super::{
    Asides, Caption, Chart, Compare, Controls, ControlsProps, Conventions, ConventionsProps, Drill, DrillProps,
    Fidelity, FidelityProps, Form, FormProps, Grid, GridProps, Item, Keep, KeepProps, Layers, Panels, PanelsProps,
    Picker, PickerProps, Run, RunProps, Save, SaveProps, Scale, ScaleProps, Sheet, SheetProps, Stage, Status, Survey,
    SurveyProps, Trust, TrustProps, summary,
};
use crate::dispatch::Dispatch;
use crate::words::{Words, use_words};

/// The middle of the page: the stage, beside what is no map, with the tools that draw, compare and save. No component: it would hold a
/// copy of all that the page knows, to compare the next state with.
pub fn center(state: &State, words: &Words, dispatch: &Dispatch) -> Html {
    let asides =
        html! { <Asides due={state.is_aside_due()} survey_due={state.is_survey_due()} dispatch={dispatch.clone()} /> };
    if let Some(survey) = SurveyProps::of(state, words, dispatch.clone()) {
        return html! {
            <section class="center surveys" aria-label={words.say("survey-title")}>
                <Survey ..survey />
                { asides }
                <Status engine={state.worker.engine} busy={state.worker.busy()} silence={state.worker.silence()} dispatch={dispatch.clone()} />
            </section>
        };
    }
    let card = state.card();
    let of_image = card.is_none_or(|card| card.asks.image);
    let drilled = state.drilled();
    let mark = MarkProps::of(state, drilled.as_ref(), dispatch.clone());
    let drill = drilled.map(|drilled| html! { <Drill ..DrillProps::of(state, drilled, words, dispatch.clone()) /> });
    let fidelity = FidelityProps::of(state, dispatch.clone()).map(|props| html! { <Fidelity ..props /> });
    let answer =
        conventions(state, true, dispatch).or(fidelity).or(drill).or_else(|| answer(state, card?, words, dispatch));
    let split = (of_image && answer.is_some()).then_some("split");
    let drawn = card.is_some_and(|card| card.gives == Gives::Sheet || gives_maps(card));
    let explanation = &state.explanation;
    let signed = state.draws_sign();
    let seen = explanation.current().filter(|_| state.is_alone()).zip(sentence(state, words));
    let how = seen.is_some().then(|| how(state, words));
    html! {
        <section class={classes!("center", split)} aria-label={words.say("stage")}>
            <div class="tools">
                if drawn || !explanation.results.maps.is_empty() {
                    <Controls ..ControlsProps::of(state, dispatch.clone()) />
                }
                <Keep ..KeepProps::of(state, dispatch.clone()) />
                <Save ..SaveProps::of(state, dispatch.clone()) />
            </div>
            if of_image {
                <div class="seen">{ stage(state, words, mark, dispatch) }</div>
            }
            { asides }
            <Status engine={state.worker.engine} busy={state.worker.busy()} silence={state.worker.silence()} dispatch={dispatch.clone()} />
            // A place of its own, also where it is empty: children that come and go would have the stage made anew.
            if let Some(answer) = answer {
                <div class="answers" tabindex="0" role="group" aria-label={words.say("answers")}>{ answer }</div>
            }
            <div class="under">
                if let Some((shown, sentence)) = seen {
                    <Caption {sentence} map={shown.map.clone()} {signed} signs={state.shows_signs()} blank={state.blank()}
                        unlikely={state.is_unlikely()} dispatch={dispatch.clone()} />
                }
                <div class="foot">
                    if drawn {
                        <Scale ..ScaleProps::of(state) />
                    }
                    if let Some(how) = how {
                        <p class="how">{ how }</p>
                    }
                </div>
            </div>
        </section>
    }
}

/// The right of the page: the choice of a method, its form, what is to be known of it, and how far its map can be trusted.
pub fn method(state: &State, words: &Words, dispatch: &Dispatch) -> Html {
    let trust = TrustProps::of(state, |one| metric_title(state, words, &one.metric), dispatch.clone());
    let trust = trust.filter(|_| state.kept().is_none());
    let card = state.card();
    let open = card.map(|card| format!("tab-{}", card.family.name()));
    html! {
        <>
            <section class="technique" aria-label={words.say("technique")}>
                <Picker ..PickerProps::of(state, dispatch.clone()) />
                <div id="technique" role="tabpanel" aria-labelledby={open}>
                    if let Some(card) = card {
                        <Form ..FormProps::of(state, card, dispatch.clone()) />
                        <Run ..RunProps::of(state, dispatch.clone()) />
                        { for conventions(state, false, dispatch) }
                        <About card={card.clone()} />
                    }
                </div>
            </section>
            if let Some(trust) = trust {
                <Trust ..trust />
            }
        </>
    }
}

/// The map in all conventions of its method, beside the stage while that is open, and otherwise what opens it.
fn conventions(state: &State, open: bool, dispatch: &Dispatch) -> Option<Html> {
    let here = state.conventions().is_some_and(|(conventions, _)| conventions.open == open);
    let conventions = ConventionsProps::of(state, dispatch.clone()).filter(|_| here)?;
    Some(html! { <Conventions ..conventions /> })
}

/// The layers, below all of it.
pub fn network(state: &State, dispatch: &Dispatch) -> Html {
    layers(state, state.card().is_some_and(|card| gives_maps(card)), dispatch)
}

/// What a method gives beside the image, if it is no map.
fn answer(state: &State, card: &Shared<Card>, words: &Words, dispatch: &Dispatch) -> Option<Html> {
    let results = &state.explanation.results;
    match card.gives {
        Gives::Sheet => Some(html! { <Sheet ..SheetProps::of(state, dispatch.clone()) /> }),
        Gives::Panels => Some(html! { <Panels ..PanelsProps::of(state, card) /> }),
        _ if state.charted().is_empty() || state.kept().is_some() => None,
        _ => {
            let stale = results.request.as_ref().is_some_and(|request| state.is_outdated(request));
            let chart = |one: &Shared<Measurement>| {
                html! { <Chart measurement={one.clone()} title={metric_title(state, words, &one.metric)} {stale} /> }
            };
            Some(state.charted().iter().map(chart).collect())
        }
    }
}

/// The image, with what lies over it, beside the explanation that was kept, if there is one.
fn stage(state: &State, words: &Words, mark: Option<MarkProps>, dispatch: &Dispatch) -> Html {
    let explanation = &state.explanation;
    if let Some(gridded) = state.gridded() {
        return html! { <Grid ..GridProps::of(state, gridded, words, dispatch.clone()) /> };
    }
    if let Some(kept) = state.kept() {
        return html! {
            <Compare kept={kept.clone()} now={state.view()} shared={state.comparison.shared_scale} colormap={explanation.colormap}
                opacity={explanation.opacity} blend={explanation.blend} dispatch={dispatch.clone()} />
        };
    }
    let preview = state.previewed();
    let looks_into = mark.as_ref().map(|_| state.drill.place.is_some());
    html! {
        <Staged layered={state.staged()} {looks_into} grid={state.can_grid()} fidelity={state.has_fidelity().then_some(state.fidelity.open)} stale={state.is_stale(preview.or(explanation.current()))}
            passing={preview.map(|shown| words.with("preview", [("layer", words.layer_title(&shown.map.layer).into())]))} summary={summary(state, words)}
            drawn={state.bounding_box()} {mark} dispatch={dispatch.clone()} />
    }
}

/// A metric's name for people.
pub(super) fn metric_title(state: &State, words: &Words, metric: &str) -> String {
    let card = state.model.methods.iter().find(|card| card.id == metric);
    card.map_or_else(|| metric.to_owned(), |card| words.method_title(card))
}

/// Properties of [`Staged`].
#[derive(Properties, PartialEq)]
struct StagedProps {
    layered: Layered,
    stale: bool,
    /// What is looked at in passing, in words.
    passing: Option<String>,
    summary: String,
    drawn: Option<BoundingBox>,
    mark: Option<MarkProps>,
    /// Whether a place is looked into, where that can be.
    looks_into: Option<bool>,
    /// Whether maps can be laid out in a grid.
    grid: bool,
    /// Whether the model is seen beside its other packings, where that can be.
    fidelity: Option<bool>,
    dispatch: Dispatch,
}

/// The image, and the numbers under the cursor.
#[component]
fn Staged(props: &StagedProps) -> Html {
    let words = use_words();
    let place = use_state(|| None::<Place>);
    let point = {
        let place = place.clone();
        Callback::from(move |at| place.set(at))
    };
    let StagedProps { layered, stale, passing, summary, drawn, mark, looks_into, grid, fidelity, dispatch } = props;
    html! {
        <div class="staged">
            <Stage layered={layered.clone()} {stale} drawn={*drawn} mark={mark.clone()} place={*place} {point} summary={summary.clone()} dispatch={dispatch.clone()} />
            <div class="stage-tools">
                if let Some(open) = *looks_into {
                    <button type="button" class="button toggle" aria-pressed={open.to_string()} title={words.say("drill-open-title")} data-testid="drill-open"
                        onclick={dispatch.reform(move |_: MouseEvent| if open { DrillAction::Close } else { DrillAction::Open })}>{ words.say("drill-open") }</button>
                }
                if *grid {
                    <button type="button" class="button" title={words.say("grid-title")} data-testid="grid-open"
                        onclick={dispatch.reform(|_: MouseEvent| GridAction::Open(true))}>{ words.say("grid-open") }</button>
                }
                if let Some(open) = *fidelity {
                    <button type="button" class="button toggle" aria-pressed={open.to_string()} title={words.say("fidelity-open-title")} data-testid="fidelity-open"
                        onclick={dispatch.reform(move |_: MouseEvent| FidelityAction::Open(!open))}>{ words.say("fidelity-open") }</button>
                }
            </div>
            if let Some(passing) = passing {
                <p class="hint passing" data-testid="preview">{ passing }</p>
            } else if drawn.is_some() {
                <BoxHint />
            }
            if let Some(reading) = Reading::of(None, layered) {
                <Readout place={*place} readings={vec![reading]} />
            }
        </div>
    }
}

fn layers(state: &State, mapped: bool, dispatch: &Dispatch) -> Html {
    let explanation = &state.explanation;
    let item = |tap: &Tap| {
        let shown = explanation.results.map(&tap.name).filter(|_| mapped);
        let drawn = shown.map(|shown| state.thumbnail(&shown.map));
        let last = shown.and_then(|shown| state.last_beside(shown)).cloned();
        let map = shown.map(|shown| shown.map.clone());
        Item { tap: tap.clone(), drawn, stale: state.is_stale(shown), map, last }
    };
    // All layers made one stand behind them.
    let fused = |fusion: &Fusion| item(&Tap { name: fusion.name().into(), shape: [0; 3], pool: false });
    let items: Vec<Item> = state.layers().into_iter().map(item).chain(state.fused_layers().iter().map(fused)).collect();
    html! {
        if !items.is_empty() {
            <Layers {mapped} {items} edges={state.drawn_edges()} chosen={explanation.layer.clone()} dispatch={dispatch.clone()} />
        }
    }
}
