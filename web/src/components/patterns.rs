//! What makes filters fire.

use std::rc::Rc;

use convscope::explain::filters::Convention;
use convscope::protocol::Panel;
use convscope::render::Colours;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::choice::Choices;
use super::panels::Panels;
use crate::state::{Action, Question};

/// Properties of [`Patterns`].
#[derive(Properties, PartialEq)]
pub struct PatternsProps {
    /// How it is asked.
    pub question: Question,
    /// The layer that the pictures are of.
    pub layer: String,
    /// What has come.
    pub panels: Vec<Rc<Panel>>,
    /// Steps taken and steps in all.
    pub progress: Option<(usize, usize)>,
    /// Whether it is going on.
    pub running: bool,
    /// Seconds that it took.
    pub seconds: Option<f64>,
    /// Hears what is chosen.
    pub dispatch: Callback<Action>,
}

/// The question, how far it is, and the growing pictures.
#[component]
pub fn Patterns(props: &PatternsProps) -> Html {
    let Question { filters, size, steps, seed, climbing, colours, .. } = props.question.clone();
    let ask = |change: fn(&mut Question, String)| {
        let question = props.question.clone();
        props.dispatch.reform(move |value: String| question.with(|question| change(question, value)))
    };
    let text = |change| ask(change).reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value());
    let number = |label: &'static str, id: &'static str, value: String, [least, most]: [&'static str; 2], change| {
        html! {
            <label class="field number">
                <span>{ label }</span>
                <input type="number" min={least} max={most} {value} onchange={text(change)} data-testid={id} />
            </label>
        }
    };
    let colour = if colours == Colours::True { "true" } else { "as_stored" };
    html! {
        <section class="answer" aria-labelledby="patterns-title">
            <h2 id="patterns-title">{ "Patterns that make filters fire" }</h2>
            <div class="controls">
                <label class="field">
                    <span>{ "Filters" }</span>
                    <input type="text" value={filters} onchange={text(|question, value| question.filters = value)} data-testid="filters"
                        title="numbers such as 0..15 or 3,7, or top9 for the best of all" autocomplete="off" spellcheck="false" />
                </label>
                { number("Steps", "steps", steps.to_string(), ["1", "512"], |question, value| question.steps = value.parse().unwrap_or(question.steps)) }
                { number("Pixels", "size", size.to_string(), ["8", "256"], |question, value| question.size = value.parse().unwrap_or(question.size)) }
                { number("Seed", "seed", seed.to_string(), ["0", "999999"], |question, value| question.seed = value.parse().unwrap_or(question.seed)) }
                <Choices label="Way" id="climbing" options={vec![("lucid", "lucid"), ("keras_notebook", "Notebook")]}
                    value={climbing.name().to_owned()} onchange={ask(|question, value| {
                        question.climbing = if value == "lucid" { Convention::Lucid } else { Convention::KerasNotebook };
                        question.steps = question.climbing.steps().min(32);
                        question.colours = question.climbing.colours();
                    })} />
                <Choices label="Colours" id="colours" options={vec![("true", "True"), ("as_stored", "First channel as red")]}
                    value={colour.to_owned()} onchange={ask(|question, value| {
                        question.colours = if value == "true" { Colours::True } else { Colours::AsStored };
                    })} />
                if props.running {
                    <button type="button" class="button" onclick={props.dispatch.reform(|_| Action::Stop)} data-testid="stop">{ "Stop" }</button>
                } else {
                    <button type="button" class="button primary" onclick={props.dispatch.reform(|_| Action::Climb)} data-testid="climb">{ "Draw" }</button>
                }
            </div>
            if let Some((done, total)) = props.progress {
                <label class="progress">
                    <progress max={total.to_string()} value={done.to_string()} />
                    <span data-testid="progress">{ format!("{done} of {total} steps of all filters") }</span>
                </label>
            }
            <Panels panels={props.panels.clone()} labels={None::<Rc<[String]>>} />
            if !props.panels.is_empty() {
                <p class="hint">
                    { "Layer " }<code>{ &props.layer }</code>{ ". Below each pattern: how strongly the filter fires at the start and now" }
                    if let Some(seconds) = props.seconds {
                        { format!("; {seconds:.1} s") }
                    }
                    { "." }
                </p>
            }
        </section>
    }
}
