//! The commands of all methods, one tab each.

use convscope_page::{ExplanationAction, State};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::dispatch::Dispatch;
use crate::words::{Words, use_words};

/// A tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// The command.
    pub command: String,
    /// Title of the command.
    pub title: String,
    /// Whether the model can be asked for one of its methods.
    pub offered: bool,
}

/// Properties of [`Tabs`].
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// The chosen command.
    pub chosen: String,
    /// All of them.
    pub tabs: Vec<Tab>,
    /// Hears what is chosen.
    pub dispatch: Dispatch,
}

impl TabsProps {
    /// The properties for that state.
    pub fn of(state: &State, words: &Words, dispatch: Dispatch) -> Self {
        let title = |command: &str| {
            let first = state.model.methods.iter().find(|card| card.command == command);
            first.map_or_else(String::new, |card| words.command_title(command, card))
        };
        let tab = |(command, offered): (&str, bool)| Tab { command: command.into(), title: title(command), offered };
        let chosen = state.card().map_or_else(String::new, |card| card.command.to_string());
        Self { chosen, tabs: state.commands().into_iter().map(tab).collect(), dispatch }
    }
}

/// The tabs: click, or walk along them with the arrow keys, Home and End.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let words = use_words();
    let keys = {
        let offered = props.tabs.iter().filter(|tab| tab.offered).map(|tab| tab.command.clone());
        let (offered, chosen, dispatch) = (offered.collect::<Vec<_>>(), props.chosen.clone(), props.dispatch.clone());
        Callback::from(move |event: KeyboardEvent| {
            let at = offered.iter().position(|command| *command == chosen).unwrap_or(0);
            let count = offered.len().max(1);
            let to = match event.key().as_str() {
                "ArrowRight" => (at + 1) % count,
                "ArrowLeft" => (at + count - 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            if let Some(command) = offered.get(to) {
                focus(command);
                dispatch.emit(ExplanationAction::ChooseCommand(command.clone()));
            }
        })
    };
    let tab = |Tab { command, title, offered }: &Tab| {
        let here = *command == props.chosen;
        let chosen = command.clone();
        let choose = props.dispatch.reform(move |_: MouseEvent| ExplanationAction::ChooseCommand(chosen.clone()));
        html! {
            <button type="button" role="tab" class="tab" id={format!("tab-{command}")} data-testid={format!("tab-{command}")}
                aria-selected={here.to_string()} aria-controls="technique" tabindex={if here { "0" } else { "-1" }}
                disabled={!offered} title={(!offered).then(|| words.say("technique-missing"))}
                onclick={choose}>
                { title }
            </button>
        }
    };
    html! {
        <div class="tabs" role="tablist" aria-label={words.say("techniques")} onkeydown={keys}>{ for props.tabs.iter().map(tab) }</div>
    }
}

fn focus(command: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let element = document.and_then(|document| document.get_element_by_id(&format!("tab-{command}")));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
