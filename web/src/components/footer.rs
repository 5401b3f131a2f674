//! Footer with what the results rest on.

use convscope_core::card::Card;
use convscope_core::protocol::Ready;
use convscope_page::Shared;
use yew::prelude::*;

use crate::words::use_words;

/// Properties of [`Footer`].
#[derive(Properties, PartialEq)]
pub struct FooterProps {
    /// The model in use.
    pub ready: Option<Shared<Ready>>,
    /// The chosen method.
    pub card: Option<Shared<Card>>,
}

/// Footer that says what the chosen method is and is not, and where the model comes from.
#[component]
pub fn Footer(props: &FooterProps) -> Html {
    let words = use_words();
    html! {
        <footer class="footer">
            if let Some(card) = &props.card {
                <section>
                    <h2>{ words.with("footer-title", [("method", words.method_title(card).into())]) }</h2>
                    <p>
                        { words.method_shows(card) }{ " " }{ words.method_limits(card) }{ " " }
                        <cite>{ card.paper.short() }</cite>
                    </p>
                </section>
            }
            if let Some(ready) = &props.ready {
                <section>
                    <h2>{ &ready.name }</h2>
                    <p>
                        { words.with("footer-model", [
                            ("description", ready.description.as_str().into()),
                            ("licence", ready.licence.as_str().into()),
                            ("source", ready.source.as_str().into()),
                        ]) }
                    </p>
                </section>
            }
        </footer>
    }
}
