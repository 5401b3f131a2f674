//! Which explanation of a class, and how.

use std::rc::Rc;

use convscope_page::{ComparisonAction, ExplanationAction, Question};
use yew::prelude::*;

use super::choice::Choices;
use crate::dispatch::Dispatch;
use crate::words::{Words, key, use_words};

/// The methods, as the engine calls them, with the keys of what they are called here.
pub(crate) const METHODS: [(&str, &str); 5] = [
    ("grad_cam", key("method-grad-cam")),
    ("guided_grad_cam", key("method-guided-grad-cam")),
    ("gradient", key("method-gradient")),
    ("guided_backprop", key("method-guided-backprop")),
    ("deconvnet", key("method-deconvnet")),
];

/// The conventions, likewise.
pub(crate) const CONVENTIONS: [(&str, &str); 2] =
    [("paper", key("convention-paper")), ("keras_notebook", key("convention-keras-notebook"))];

/// What a method or a convention is called.
pub(crate) fn called(words: &Words, names: &[(&str, &'static str)], id: &str) -> String {
    names.iter().find(|(name, _)| *name == id).map(|(_, key)| words.say(key)).unwrap_or_default()
}

/// Properties of [`Methods`].
#[derive(Properties, PartialEq)]
pub struct MethodsProps {
    /// How it is asked.
    pub question: Rc<Question>,
    /// Whether an explanation is kept to compare with.
    pub kept: bool,
    /// Whether maps are drawn with their sign.
    pub signed: bool,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// Method, convention, and the sign.
#[component]
pub fn Methods(props: &MethodsProps) -> Html {
    let words = use_words();
    let ask = |change: fn(&mut Question, String)| {
        let question = props.question.clone();
        props.dispatch.reform(move |value: String| question.with(|question| change(question, value)))
    };
    let signed = props.signed;
    let sign = props.dispatch.reform(move |_: MouseEvent| ExplanationAction::ChooseSigned(!signed));
    html! {
        <div class="controls methods">
            <Choices label={key("method")} id="method" options={METHODS.to_vec()} value={props.question.method.clone()}
                onchange={ask(|question, value| question.method = value)} />
            <Choices label={key("convention")} id="convention" options={CONVENTIONS.to_vec()} value={props.question.convention.clone()}
                onchange={ask(|question, value| question.convention = value)} />
            if props.question.method == "grad_cam" {
                <button type="button" class="button toggle" aria-pressed={signed.to_string()} onclick={sign} data-testid="signed"
                    title={words.say("signed-title")}>
                    { words.say("signed") }
                </button>
            }
            <button type="button" class="button toggle" aria-pressed={props.kept.to_string()} data-testid="keep"
                onclick={props.dispatch.reform(|_| ComparisonAction::Keep)} title={words.say("keep-title")}>
                { if props.kept { words.say("keep-end") } else { words.say("keep") } }
            </button>
        </div>
    }
}
