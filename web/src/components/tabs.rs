//! The techniques, one tab each, and what is to be known about the chosen one.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::state::{Action, Technique};

/// What a person should know about a technique.
struct About {
    tab: &'static str,
    what: &'static str,
    look: &'static str,
    paper: &'static str,
    link: &'static str,
}

const fn about(technique: Technique) -> About {
    match technique {
        Technique::Classes => About {
            tab: "Grad-CAM",
            what: "Weighs each feature map of a layer by how much the class's score would grow with it, and adds them up.",
            look: "Look for heat on the object itself; heat beside it means that the network leans on the surroundings. It does not prove that the class would change without that part.",
            paper: "Selvaraju et al. 2016",
            link: "https://arxiv.org/abs/1610.02391",
        },
        Technique::Activations => About {
            tab: "Activations",
            what: "Each tile is a feature map: what one filter of the layer made of the picture.",
            look: "Early layers keep edges and colours, late ones a few abstract signs. A strong tile says that something was found, not that the class was decided by it.",
            paper: "Yosinski et al. 2015",
            link: "https://arxiv.org/abs/1506.06579",
        },
        Technique::Filters => About {
            tab: "Filters",
            what: "Starts from noise and changes it, step by step, into what makes a filter fire most; no picture is needed.",
            look: "Look for textures and parts that come back. A pattern shows one of many things that the filter likes, and nothing about your picture.",
            paper: "Olah et al. 2017",
            link: "https://distill.pub/2017/feature-visualization",
        },
        Technique::Deconvnet => About {
            tab: "Deconvnet",
            what: "Sends single feature maps back down to the pixels, through the places where each pool found its maximum.",
            look: "Look for the part of the picture that a channel answers to. Its fine detail comes from the picture and the pools, so it looks convincing even where the network has learnt little.",
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
    /// Hears what is chosen.
    pub dispatch: Callback<Action>,
}

/// The tabs: click, or walk along them with the arrow keys, Home and End.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
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
            dispatch.emit(Action::ChooseTechnique(offered[to]));
        })
    };
    let tab = |&(technique, name): &(Technique, &'static str)| {
        let (here, offered) = (technique == props.chosen, props.offered.contains(&technique));
        let choose = props.dispatch.reform(move |_| Action::ChooseTechnique(technique));
        html! {
            <button type="button" role="tab" class="tab" id={format!("tab-{name}")} data-testid={format!("tab-{name}")}
                aria-selected={here.to_string()} aria-controls="technique" tabindex={if here { "0" } else { "-1" }}
                disabled={!offered} title={(!offered).then_some("This model has no classifier, so there is no class to explain")}
                onclick={choose}>
                { about(technique).tab }
            </button>
        }
    };
    let About { what, look, paper, link, .. } = about(props.chosen);
    html! {
        <>
            <div class="tabs" role="tablist" aria-label="Techniques" onkeydown={keys}>{ for Technique::ALL.iter().map(tab) }</div>
            <details class="about" data-testid="about" open=true>
                <summary>{ what }</summary>
                <p>{ look }{ " " }<a href={link} target="_blank" rel="noopener noreferrer">{ paper }</a>{ "." }</p>
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
