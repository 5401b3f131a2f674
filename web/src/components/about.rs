//! Sentences about a method.

use convscope_core::card::{Card, Family, Gives};
use convscope_page::Shared;
use yew::prelude::*;

use crate::words::{key, use_words};

/// The key of what to look for in what a method gives.
fn look(card: &Card) -> &'static str {
    match card.gives {
        Gives::LayerMap { .. } | Gives::InputMap { .. } | Gives::InputImage => key("look-map"),
        Gives::Sheet => key("look-sheet"),
        Gives::Panels if card.family == Family::Channel => key("look-channels"),
        Gives::Panels => key("look-patterns"),
        Gives::Curve => key("look-curve"),
        Gives::Number => key("look-number"),
    }
}

/// Properties of [`About`].
#[derive(Properties, PartialEq)]
pub struct AboutProps {
    /// The method.
    pub card: Shared<Card>,
}

/// The fold's id; [`toggle`] finds it by that.
const ID: &str = "about";

/// Opens the fold, or closes it.
pub fn toggle() {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(fold) = document.and_then(|document| document.get_element_by_id(ID)) {
        let _ = fold.toggle_attribute("open");
    }
}

/// A fold with what the method shows, what to look for, what it does not prove, and the paper.
#[component]
pub fn About(props: &AboutProps) -> Html {
    let words = use_words();
    let AboutProps { card } = props;
    html! {
        <details class="about" id={ID} data-testid="about">
            <summary title={words.say("about-title")}>{ words.say("about") }</summary>
            <p>{ words.method_shows(card) }</p>
            <p><strong>{ words.say("look-for") }</strong>{ words.gap() }{ words.say(look(card)) }</p>
            <p><strong>{ words.say("not-proved") }</strong>{ words.gap() }{ words.method_limits(card) }</p>
            <p><strong>{ words.say("paper") }</strong>{ words.gap() }<a href={card.paper.url.to_string()} target="_blank" rel="noopener noreferrer">{ card.paper.cite.to_string() }</a></p>
        </details>
    }
}
