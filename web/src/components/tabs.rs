//! The techniques, one tab each, and what is to be known about the chosen one.

use convscope_page::{ExplanationAction, Technique};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::about::{About, Explained};
use super::methods::method;
use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// The key of what a technique is called.
const fn title(technique: Technique) -> &'static str {
    match technique {
        Technique::Classes => key("technique-classes"),
        Technique::Activations => key("technique-activations"),
        Technique::Filters => key("technique-filters"),
        Technique::Deconvnet => key("technique-deconvnet"),
    }
}

/// What is to be known about a technique: among the classes, about the chosen method.
fn about(technique: Technique, chosen: &str) -> Option<About> {
    Some(match technique {
        Technique::Classes => method(chosen)?.about,
        Technique::Activations => About {
            shows: key("technique-activations-what"),
            look: key("technique-activations-look"),
            limits: key("technique-activations-limit"),
            paper: "Yosinski et al. 2015",
            link: "https://arxiv.org/abs/1506.06579",
        },
        Technique::Filters => About {
            shows: key("technique-filters-what"),
            look: key("technique-filters-look"),
            limits: key("technique-filters-limit"),
            paper: "Olah et al. 2017",
            link: "https://distill.pub/2017/feature-visualization",
        },
        Technique::Deconvnet => About {
            shows: key("technique-deconvnet-what"),
            look: key("technique-deconvnet-look"),
            limits: key("technique-deconvnet-limit"),
            paper: "Zeiler and Fergus 2013",
            link: "https://arxiv.org/abs/1311.2901",
        },
    })
}

/// Properties of [`Tabs`].
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// The chosen one.
    pub chosen: Technique,
    /// The id of the method that explains classes.
    pub method: String,
    /// Those that the model can be asked.
    pub offered: Vec<Technique>,
    /// Whether there is little room, so that only what the technique does is said until more is asked for.
    pub brief: bool,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

/// The tabs: click, or walk along them with the arrow keys, Home and End.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let words = use_words();
    let keys = {
        let (offered, chosen, dispatch) = (props.offered.clone(), props.chosen, props.dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            let at = offered.iter().position(|&technique| technique == chosen).unwrap_or(0);
            let count = offered.len();
            let to = match event.key().as_str() {
                "ArrowRight" => (at + 1) % count,
                "ArrowLeft" => (at + count - 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            focus(offered[to]);
            dispatch.emit(ExplanationAction::ChooseTechnique(offered[to]));
        })
    };
    let tab = |&(technique, name): &(Technique, &'static str)| {
        let (here, offered) = (technique == props.chosen, props.offered.contains(&technique));
        let choose = props.dispatch.reform(move |_| ExplanationAction::ChooseTechnique(technique));
        html! {
            <button type="button" role="tab" class="tab" id={format!("tab-{name}")} data-testid={format!("tab-{name}")}
                aria-selected={here.to_string()} aria-controls="technique" tabindex={if here { "0" } else { "-1" }}
                disabled={!offered} title={(!offered).then(|| words.say("technique-missing"))}
                onclick={choose}>
                { words.say(title(technique)) }
            </button>
        }
    };
    html! {
        <>
            <div class="tabs" role="tablist" aria-label={words.say("techniques")} onkeydown={keys}>{ for Technique::ALL.iter().map(tab) }</div>
            if let Some(about) = about(props.chosen, &props.method) {
                <Explained {about} brief={props.brief} />
            }
        </>
    }
}

fn focus(technique: Technique) {
    let document = web_sys::window().and_then(|window| window.document());
    let element = document.and_then(|document| document.get_element_by_id(&format!("tab-{}", technique.name())));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
