//! What the results rest on.

use convscope_core::protocol::Ready;
use convscope_page::Shared;
use yew::prelude::*;

use crate::words::use_words;

/// Properties of [`Footer`].
#[derive(Properties, PartialEq)]
pub struct FooterProps {
    /// The model in use.
    pub ready: Option<Shared<Ready>>,
}

/// Where Grad-CAM comes from.
const CITE: &str = "Selvaraju et al. 2016, arXiv 1610.02391";

/// What Grad-CAM is and is not, and where the model comes from.
#[component]
pub fn Footer(props: &FooterProps) -> Html {
    let words = use_words();
    html! {
        <footer class="footer">
            <section>
                <h2>{ words.say("footer-title") }</h2>
                <p>
                    { words.say("footer-words") }{ " " }
                    <cite>{ CITE }</cite>
                </p>
            </section>
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
