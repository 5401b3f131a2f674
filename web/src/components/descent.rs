//! What in the picture made channels fire.

use std::rc::Rc;

use convscope_core::explain::Mode;
use convscope_core::nn::ReluRule;
use convscope_core::protocol::{Panel, Ready};
use convscope_page::{Question, Shared};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::choice::Choices;
use super::methods::CONVENTIONS;
use super::panels::Panels;
use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// What rectifiers pass, with what that makes of the walk.
const RULES: [(ReluRule, &str, &str); 3] = [
    (ReluRule::Deconvnet, "deconvnet", key("method-deconvnet")),
    (ReluRule::GuidedBackprop, "guided_backprop", key("method-guided-backprop")),
    (ReluRule::Gradient, "gradient", key("method-gradient")),
];

/// Properties of [`Descent`].
#[derive(Properties, PartialEq)]
pub struct DescentProps {
    /// How it is asked.
    pub question: Rc<Question>,
    /// What has come.
    pub panels: Vec<Shared<Panel>>,
    /// The model that names the classes, where the layer is the class outputs.
    pub classes: Option<Shared<Ready>>,
    /// Seconds that it took.
    pub seconds: Option<f64>,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// The question and the pictures.
#[component]
pub fn Descent(props: &DescentProps) -> Html {
    let words = use_words();
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
            <h2 id="descent-title">{ words.say("descent-title") }</h2>
            <div class="controls">
                <label class="field">
                    <span>{ words.say("channels") }</span>
                    <input type="text" value={props.question.channels.clone()} onchange={channels} data-testid="channels"
                        title={words.say("channels-title")} autocomplete="off" spellcheck="false" />
                </label>
                <Choices label={key("rule")} id="rule" options={RULES.iter().map(|(_, name, title)| (*name, *title)).collect::<Vec<_>>()}
                    value={rule.to_owned()} onchange={ask(|question, value| {
                        question.rule = RULES.iter().find(|(_, name, _)| *name == value).map_or_else(ReluRule::default, |(rule, ..)| *rule);
                    })} />
                <Choices label={key("mode")} id="mode" options={vec![("all", key("mode-all")), ("max", key("mode-max"))]}
                    value={mode.to_owned()} onchange={ask(|question, value| {
                        question.mode = if value == "max" { Mode::Max } else { Mode::All };
                    })} />
                <Choices label={key("convention")} id="convention" options={CONVENTIONS.to_vec()} value={props.question.convention.clone()}
                    onchange={ask(|question, value| question.convention = value)} />
            </div>
            <Panels panels={props.panels.clone()} classes={props.classes.clone()} />
            if let Some(seconds) = props.seconds {
                <p class="hint">{ words.with("descent-seconds", [("seconds", format!("{seconds:.2}").into())]) }</p>
            }
        </section>
    }
}
