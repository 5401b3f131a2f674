//! Help that says what the keys do, and how to go about it.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::words::{key, use_words};

/// The keys, with what they do.
const KEYS: [(&str, &str); 9] = [
    ("?", key("help-help")),
    ("1 2 3 …", key("help-techniques")),
    ("← →", key("help-layers")),
    ("/", key("help-search")),
    ("O", key("help-open")),
    ("K", key("help-keep")),
    ("B", key("help-alone")),
    ("I", key("help-about")),
    ("Esc", key("help-close")),
];

/// The dialog's id; [`open`] finds it by that.
const ID: &str = "help";

/// Opens the dialog.
pub fn open() {
    let document = web_sys::window().and_then(|window| window.document());
    let dialog = document.and_then(|document| document.get_element_by_id(ID));
    if let Some(dialog) = dialog.and_then(|dialog| wasm_bindgen::JsCast::dyn_into::<HtmlDialogElement>(dialog).ok()) {
        // It throws where it is open already.
        let _ = dialog.show_modal();
    }
}

/// A dialog that lies over the page until it is closed, by its button or by Escape, which browsers do themselves.
#[component]
pub fn Help() -> Html {
    let words = use_words();
    html! {
        <dialog id={ID} class="help card" aria-labelledby="help-title" data-testid="help">
            <h2 id="help-title">{ words.say("help-title") }</h2>
            <ol class="steps">
                { for [key("help-step-image"), key("help-step-class"), key("help-step-layer"), key("help-step-compare")]
                    .iter().map(|step| html! { <li>{ words.say(step) }</li> }) }
            </ol>
            <h3>{ words.say("help-keys") }</h3>
            <dl class="keys-list">
                { for KEYS.iter().map(|(name, does)| html! { <div><dt><kbd>{ *name }</kbd></dt><dd>{ words.say(does) }</dd></div> }) }
            </dl>
            <form method="dialog"><button class="button primary" data-testid="help-close">{ words.say("close") }</button></form>
        </dialog>
    }
}
