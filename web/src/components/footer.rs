//! What the results rest on.

use std::rc::Rc;

use convscope::protocol::Ready;
use yew::prelude::*;

/// Properties of [`Footer`].
#[derive(Properties, PartialEq)]
pub struct FooterProps {
    /// The model in use.
    pub ready: Option<Rc<Ready>>,
}

/// What Grad-CAM is and is not, and where the model comes from.
#[component]
pub fn Footer(props: &FooterProps) -> Html {
    html! {
        <footer class="footer">
            <section>
                <h2>{ "How to read it" }</h2>
                <p>
                    { "Grad-CAM weighs a layer's feature maps by how much the class's score would grow with them: bright places \
                       speak for the class. It shows what the score depends on at that layer's resolution; it does not prove \
                       that the network understands what is there. " }
                    <cite>{ "Selvaraju et al. 2016, arXiv 1610.02391" }</cite>
                </p>
            </section>
            if let Some(ready) = &props.ready {
                <section>
                    <h2>{ &ready.name }</h2>
                    <p>
                        { &ready.description }
                        { " Licence: " }{ &ready.licence }{ ". Source: " }{ &ready.source }{ "." }
                    </p>
                </section>
            }
        </footer>
    }
}
