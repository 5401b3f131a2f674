//! Card of the model in use: what it is, where it comes from, and what it runs on.

use convscope_core::protocol::Ready;
use convscope_page::Shared;
use yew::prelude::*;

use crate::words::use_words;

/// Properties of [`ModelCard`].
#[derive(Properties, PartialEq)]
pub struct ModelCardProps {
    /// The model in use.
    pub ready: Option<Shared<Ready>>,
}

/// A menu that opens on the card.
#[component]
pub fn ModelCard(props: &ModelCardProps) -> Html {
    let words = use_words();
    html! {
        if let Some(ready) = &props.ready {
            <details class="menu" name="menu" data-testid="model-card">
                <summary class="button about-model" aria-label={words.say("model-card")} title={words.say("model-card")}>{ "i" }</summary>
                <div class="menu-body">
                    <h2 data-testid="model-name">{ &ready.name }</h2>
                    <p>
                        { words.with("model-about", [
                            ("description", ready.description.as_str().into()),
                            ("licence", ready.licence.as_str().into()),
                            ("source", ready.source.as_str().into()),
                        ]) }
                    </p>
                    if let Some(domain) = &ready.domain {
                        <p data-testid="model-purpose">{ &domain.purpose }</p>
                    }
                    <p>{ words.say("hash") }{ " " }<code data-testid="model-hash">{ &ready.hash }</code></p>
                </div>
            </details>
        }
    }
}
