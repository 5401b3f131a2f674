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
    /// Whether there is little room, so that only what it shows is said until more is asked for.
    pub brief: bool,
}

/// Sentence that says what the method shows, and, in a fold, what to look for, what it does not prove, and the paper.
#[component]
pub fn About(props: &AboutProps) -> Html {
    let words = use_words();
    let AboutProps { card, brief } = props;
    html! {
        <details class="about" data-testid="about" open={!brief}>
            <summary>{ words.method_shows(card) }</summary>
            <p><strong>{ words.say("look-for") }</strong>{ words.gap() }{ words.say(look(card)) }</p>
            <p><strong>{ words.say("not-proved") }</strong>{ words.gap() }{ words.method_limits(card) }</p>
            <p><strong>{ words.say("paper") }</strong>{ words.gap() }<a href={card.paper.url.to_string()} target="_blank" rel="noopener noreferrer">{ card.paper.cite.to_string() }</a></p>
        </details>
    }
}
