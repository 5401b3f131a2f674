//! Which explanation of a class, and how.

use yew::prelude::*;

use super::choice::Choices;
use crate::state::{Action, Question};

/// The methods, as the engine calls them, with what they are called here.
pub(crate) const METHODS: [(&str, &str); 5] = [
    ("grad_cam", "Grad-CAM"),
    ("guided_grad_cam", "Guided Grad-CAM"),
    ("gradient", "Gradient"),
    ("guided_backprop", "Guided backpropagation"),
    ("deconvnet", "Deconvnet"),
];

/// The conventions, likewise.
pub(crate) const CONVENTIONS: [(&str, &str); 2] =
    [("paper", "As in the paper"), ("keras_notebook", "As in the notebook")];

/// Properties of [`Methods`].
#[derive(Properties, PartialEq)]
pub struct MethodsProps {
    /// How it is asked.
    pub question: Question,
    /// Whether maps are drawn with their sign.
    pub signed: bool,
    /// Hears what is chosen.
    pub dispatch: Callback<Action>,
}

/// Method, convention, and the sign.
#[component]
pub fn Methods(props: &MethodsProps) -> Html {
    let ask = |change: fn(&mut Question, String)| {
        let question = props.question.clone();
        props.dispatch.reform(move |value: String| question.with(|question| change(question, value)))
    };
    let signed = props.signed;
    let sign = props.dispatch.reform(move |_: MouseEvent| Action::ChooseSigned(!signed));
    html! {
        <div class="controls methods">
            <Choices label="Method" id="method" options={METHODS.to_vec()} value={props.question.method.clone()}
                onchange={ask(|question, value| question.method = value)} />
            <Choices label="Convention" id="convention" options={CONVENTIONS.to_vec()} value={props.question.convention.clone()}
                onchange={ask(|question, value| question.convention = value)} />
            if props.question.method == "grad_cam" {
                <button type="button" class="button toggle" aria-pressed={signed.to_string()} onclick={sign} data-testid="signed"
                    title="Red speaks for the class, blue against it">
                    { "With sign" }
                </button>
            }
        </div>
    }
}
