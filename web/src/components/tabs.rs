//! The techniques, one tab each, and what is to be known about the chosen one.

use convscope_page::{ExplanationAction, Technique};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::words::{key, use_words};

/// The keys of what a person should know about a technique, and its paper.
struct About {
    tab: &'static str,
    what: &'static str,
    look: &'static str,
    limit: &'static str,
    paper: &'static str,
    link: &'static str,
}

const fn about(technique: Technique) -> About {
    match technique {
        Technique::Classes => About {
            tab: key("technique-classes"),
            what: key("technique-classes-what"),
            look: key("technique-classes-look"),
            limit: key("technique-classes-limit"),
            paper: "Selvaraju et al. 2016",
            link: "https://arxiv.org/abs/1610.02391",
        },
        Technique::Activations => About {
            tab: key("technique-activations"),
            what: key("technique-activations-what"),
            look: key("technique-activations-look"),
            limit: key("technique-activations-limit"),
            paper: "Yosinski et al. 2015",
            link: "https://arxiv.org/abs/1506.06579",
        },
        Technique::Filters => About {
            tab: key("technique-filters"),
            what: key("technique-filters-what"),
            look: key("technique-filters-look"),
            limit: key("technique-filters-limit"),
            paper: "Olah et al. 2017",
            link: "https://distill.pub/2017/feature-visualization",
        },
        Technique::Deconvnet => About {
            tab: key("technique-deconvnet"),
            what: key("technique-deconvnet-what"),
            look: key("technique-deconvnet-look"),
            limit: key("technique-deconvnet-limit"),
            paper: "Zeiler and Fergus 2013",
            link: "https://arxiv.org/abs/1311.2901",
        },
    }
}

/// Properties of [`Tabs`].
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// The chosen one.
    pub chosen: Technique,
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
                { words.say(about(technique).tab) }
            </button>
        }
    };
    let About { what, look, limit, paper, link, .. } = about(props.chosen);
    html! {
        <>
            <div class="tabs" role="tablist" aria-label={words.say("techniques")} onkeydown={keys}>{ for Technique::ALL.iter().map(tab) }</div>
            <details class="about" data-testid="about" open={!props.brief}>
                <summary>{ words.say(what) }</summary>
                <p><strong>{ words.say("look-for") }</strong>{ " " }{ words.say(look) }</p>
                <p><strong>{ words.say("not-proved") }</strong>{ " " }{ words.say(limit) }</p>
                <p><strong>{ words.say("paper") }</strong>{ " " }<a href={link} target="_blank" rel="noopener noreferrer">{ paper }</a></p>
            </details>
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
