//! What makes filters fire.

use std::rc::Rc;

use convscope_core::explain::filters::Convention;
use convscope_core::protocol::{Panel, Ready};
use convscope_core::render::Colours;
use convscope_page::{ExplanationAction, Question, Shared};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::choice::Choices;
use super::panels::Panels;
use super::remaining::use_remaining;
use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// Properties of [`Patterns`].
#[derive(Properties, PartialEq)]
pub struct PatternsProps {
    /// How it is asked.
    pub question: Rc<Question>,
    /// The layer that the pictures are of.
    pub layer: String,
    /// What has come.
    pub panels: Vec<Shared<Panel>>,
    /// Steps taken and steps in all.
    pub progress: Option<(usize, usize)>,
    /// Whether it is going on.
    pub running: bool,
    /// Seconds that it took.
    pub seconds: Option<f64>,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// The question, how far it is, and the growing pictures.
#[component]
pub fn Patterns(props: &PatternsProps) -> Html {
    let words = use_words();
    let Question { filters, size, steps, seed, climbing, colours, .. } = Question::clone(&props.question);
    let left = use_remaining(props.progress.filter(|_| props.running).map(|(done, total)| (done as f64, total as f64)));
    let ask = |change: fn(&mut Question, String)| {
        let question = props.question.clone();
        props.dispatch.reform(move |value: String| question.with(|question| change(question, value)))
    };
    let text = |change| ask(change).reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value());
    let number = |label: &'static str, id: &'static str, value: String, [least, most]: [&'static str; 2], change| {
        html! {
            <label class="field number">
                <span>{ words.say(label) }</span>
                <input type="number" min={least} max={most} {value} onchange={text(change)} data-testid={id} />
            </label>
        }
    };
    let colour = if colours == Colours::True { "true" } else { "as_stored" };
    html! {
        <section class="answer" aria-labelledby="patterns-title">
            <h2 id="patterns-title">{ words.say("patterns-title") }</h2>
            <div class="controls">
                <label class="field">
                    <span>{ words.say("filters") }</span>
                    <input type="text" value={filters} onchange={text(|question, value| question.filters = value)} data-testid="filters"
                        title={words.say("filters-title")} autocomplete="off" spellcheck="false" />
                </label>
                { number(key("steps"), "steps", steps.to_string(), ["1", "512"], |question, value| question.steps = value.parse().unwrap_or(question.steps)) }
                { number(key("pixels"), "size", size.to_string(), ["8", "256"], |question, value| question.size = value.parse().unwrap_or(question.size)) }
                { number(key("seed"), "seed", seed.to_string(), ["0", "999999"], |question, value| question.seed = value.parse().unwrap_or(question.seed)) }
                <Choices label={key("way")} id="climbing" options={vec![("lucid", key("way-lucid")), ("keras_notebook", key("way-keras-notebook"))]}
                    value={climbing.name().to_owned()} onchange={ask(|question, value| {
                        question.climbing = if value == "lucid" { Convention::Lucid } else { Convention::KerasNotebook };
                        question.steps = question.climbing.steps().min(32);
                        question.colours = question.climbing.colours();
                    })} />
                <Choices label={key("colours")} id="colours" options={vec![("true", key("colours-true")), ("as_stored", key("colours-as-stored"))]}
                    value={colour.to_owned()} onchange={ask(|question, value| {
                        question.colours = if value == "true" { Colours::True } else { Colours::AsStored };
                    })} />
                if props.running {
                    <button type="button" class="button" onclick={props.dispatch.reform(|_| ExplanationAction::Stop)} data-testid="stop">{ words.say("stop") }</button>
                } else {
                    <button type="button" class="button primary" onclick={props.dispatch.reform(|_| ExplanationAction::Climb)} data-testid="climb">{ words.say("draw") }</button>
                }
            </div>
            if let Some((done, total)) = props.progress {
                <label class="progress">
                    <progress max={total.to_string()} value={done.to_string()} />
                    <span data-testid="progress">{ words.with("patterns-progress", [("done", done.into()), ("total", total.into())]) }
                        if let Some(left) = left {
                            { " " }{ words.with("time-left", [("seconds", format!("{left:.0}").into())]) }
                        }</span>
                </label>
            }
            <Panels panels={props.panels.clone()} classes={None::<Shared<Ready>>} />
            if !props.panels.is_empty() {
                <p class="hint">
                    { words.rich("patterns-words", [("layer", props.layer.as_str().into())]) }
                    if let Some(seconds) = props.seconds {
                        { " " }{ words.with("patterns-seconds", [("seconds", format!("{seconds:.1}").into())]) }
                    }
                </p>
            }
        </section>
    }
}
