//! What in the picture made channels fire.

use std::rc::Rc;

use convscope::explain::Mode;
use convscope::nn::ReluRule;
use convscope::protocol::Panel;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::choice::Choices;
use super::methods::CONVENTIONS;
use super::panels::Panels;
use crate::state::{Action, Question};

/// What rectifiers pass, with what that makes of the walk.
const RULES: [(ReluRule, &str, &str); 3] = [
    (ReluRule::Deconvnet, "deconvnet", "Deconvnet"),
    (ReluRule::GuidedBackprop, "guided_backprop", "Guided backpropagation"),
    (ReluRule::Gradient, "gradient", "Gradient"),
];

/// Properties of [`Descent`].
#[derive(Properties, PartialEq)]
pub struct DescentProps {
    /// How it is asked.
    pub question: Question,
    /// What has come.
    pub panels: Vec<Rc<Panel>>,
    /// The classes' names, where the layer is the class outputs.
    pub labels: Option<Rc<[String]>>,
    /// Seconds that it took.
    pub seconds: Option<f64>,
    /// Hears what is chosen.
    pub dispatch: Callback<Action>,
}

/// The question and the pictures.
#[component]
pub fn Descent(props: &DescentProps) -> Html {
    let ask = |change: fn(&mut Question, String)| {
        let question = props.question.clone();
        props.dispatch.reform(move |value: String| question.with(|question| change(question, value)))
    };
    let channels = ask(|question, value| question.channels = value)
        .reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value());
    let rule = RULES.iter().find(|(rule, ..)| *rule == props.question.rule).map_or("", |(_, name, _)| name);
    let mode = if props.question.mode == Mode::Max { "max" } else { "all" };
    html! {
        <section class="answer" aria-labelledby="descent-title">
            <h2 id="descent-title">{ "Channels taken down to the pixels" }</h2>
            <div class="controls">
                <label class="field">
                    <span>{ "Channels" }</span>
                    <input type="text" value={props.question.channels.clone()} onchange={channels} data-testid="channels"
                        title="top4 for the four strongest, or numbers such as 433,298 or 0..7" autocomplete="off" spellcheck="false" />
                </label>
                <Choices label="Rule" id="rule" options={RULES.iter().map(|(_, name, title)| (*name, *title)).collect::<Vec<_>>()}
                    value={rule.to_owned()} onchange={ask(|question, value| {
                        question.rule = RULES.iter().find(|(_, name, _)| *name == value).map_or_else(ReluRule::default, |(rule, ..)| *rule);
                    })} />
                <Choices label="What goes down" id="mode" options={vec![("all", "The whole map"), ("max", "Its maximum alone")]}
                    value={mode.to_owned()} onchange={ask(|question, value| {
                        question.mode = if value == "max" { Mode::Max } else { Mode::All };
                    })} />
                <Choices label="Convention" id="convention" options={CONVENTIONS.to_vec()} value={props.question.convention.clone()}
                    onchange={ask(|question, value| question.convention = value)} />
            </div>
            <Panels panels={props.panels.clone()} labels={props.labels.clone()} />
            if let Some(seconds) = props.seconds {
                <p class="hint">{ format!("In {seconds:.2} s, all in one batch.") }</p>
            }
        </section>
    }
}
