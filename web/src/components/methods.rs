//! Which explanation of a class, and how.

use std::rc::Rc;

use convscope_page::{ComparisonAction, ExplanationAction, Question};
use yew::prelude::*;

use super::about::About;
use super::choice::Choices;
use crate::dispatch::Dispatch;
use crate::words::{Words, key, use_words};

/// A method of explaining a class.
pub(crate) struct Method {
    /// Its id, as the engine calls it.
    pub id: &'static str,
    /// The key of its name.
    pub title: &'static str,
    /// What a person should know about it.
    pub about: About,
}

/// All of them.
pub(crate) const METHODS: [Method; 5] = [
    Method {
        id: "grad_cam",
        title: key("method-grad-cam"),
        about: About {
            shows: key("method-grad-cam-shows"),
            look: LOOK,
            limits: key("method-grad-cam-limits"),
            paper: "Selvaraju et al. 2016",
            link: "https://arxiv.org/abs/1610.02391",
        },
    },
    Method {
        id: "guided_grad_cam",
        title: key("method-guided-grad-cam"),
        about: About {
            shows: key("method-guided-grad-cam-shows"),
            look: LOOK,
            limits: key("method-guided-grad-cam-limits"),
            paper: "Selvaraju et al. 2016",
            link: "https://arxiv.org/abs/1610.02391",
        },
    },
    Method {
        id: "gradient",
        title: key("method-gradient"),
        about: About {
            shows: key("method-gradient-shows"),
            look: LOOK,
            limits: key("method-gradient-limits"),
            paper: "Simonyan et al. 2013",
            link: "https://arxiv.org/abs/1312.6034",
        },
    },
    Method {
        id: "guided_backprop",
        title: key("method-guided-backprop"),
        about: About {
            shows: key("method-guided-backprop-shows"),
            look: LOOK,
            limits: key("method-guided-backprop-limits"),
            paper: "Springenberg et al. 2014",
            link: "https://arxiv.org/abs/1412.6806",
        },
    },
    Method {
        id: "deconvnet",
        title: key("method-deconvnet"),
        about: About {
            shows: key("method-deconvnet-shows"),
            look: LOOK,
            limits: key("method-deconvnet-limits"),
            paper: "Zeiler and Fergus 2013",
            link: "https://arxiv.org/abs/1311.2901",
        },
    },
];

/// The key of what to look for in a map of any method.
const LOOK: &str = key("technique-classes-look");

/// The method of that id.
pub(crate) fn method(id: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.id == id)
}

/// What a method is called.
pub(crate) fn method_title(words: &Words, id: &str) -> String {
    method(id).map(|method| words.say(method.title)).unwrap_or_default()
}

/// The conventions, with the keys of what they are called.
pub(crate) const CONVENTIONS: [(&str, &str); 2] =
    [("paper", key("convention-paper")), ("keras_notebook", key("convention-keras-notebook"))];

/// What a convention is called.
pub(crate) fn convention_title(words: &Words, name: &str) -> String {
    CONVENTIONS.iter().find(|(other, _)| *other == name).map(|(_, key)| words.say(key)).unwrap_or_default()
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
            <Choices label={key("method")} id="method" options={METHODS.map(|method| (method.id, method.title)).to_vec()} value={props.question.method.clone()}
                onchange={ask(|question, value| question.method = value)} />
            <Choices label={key("convention")} id="convention" options={CONVENTIONS.to_vec()} value={props.question.convention.clone()}
                onchange={ask(|question, value| question.convention = value)} />
            if props.question.is_signed() {
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
