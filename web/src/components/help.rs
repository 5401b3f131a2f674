//! Help that says what the keys do, and how to go about it.

use web_sys::{HtmlDialogElement, HtmlInputElement};
use yew::prelude::*;

use crate::shortcuts::{Shortcut, Shortcuts};
use crate::words::{key, use_words};

/// Keys that stay as they are, with what they do.
const KEYS: [(&str, &str); 3] =
    [("1 2 3 …", key("help-techniques")), ("← →", key("help-layers")), ("Esc", key("help-close"))];

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
    let shortcuts = use_state(Shortcuts::kept);
    let choose = {
        let shortcuts = shortcuts.clone();
        move |chosen: Shortcuts| {
            chosen.keep();
            shortcuts.set(chosen);
        }
    };
    let switch = {
        let (choose, shortcuts) = (choose.clone(), shortcuts.clone());
        Callback::from(move |event: Event| {
            let on = event.target_unchecked_into::<HtmlInputElement>().checked();
            let mut chosen = (*shortcuts).clone();
            chosen.on = on;
            choose(chosen);
        })
    };
    let usual = {
        let choose = choose.clone();
        Callback::from(move |_: MouseEvent| choose(Shortcuts::default()))
    };
    let shortcut = |(place, (_, _, does)): (usize, &(Shortcut, char, &'static str))| {
        let (choose, shortcuts) = (choose.clone(), shortcuts.clone());
        let value = shortcuts.key(place).map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        let typed = {
            let shortcuts = shortcuts.clone();
            Callback::from(move |event: InputEvent| {
                // The letter typed last, whatever was there.
                let letter = event.target_unchecked_into::<HtmlInputElement>().value().chars().last();
                choose((*shortcuts).clone().with(place, letter));
            })
        };
        html! {
            <div>
                <dt><input type="text" class="key" {value} oninput={typed} disabled={!shortcuts.on} autocomplete="off" spellcheck="false"
                    aria-label={words.with("help-key-of", [("does", words.say(does).into())])} data-testid={format!("key-{place}")} /></dt>
                <dd>{ words.say(does) }</dd>
            </div>
        }
    };
    html! {
        <dialog id={ID} class="help card" aria-labelledby="help-title" data-testid="help">
            <h2 id="help-title">{ words.say("help-title") }</h2>
            <ol class="steps">
                { for [key("help-step-image"), key("help-step-class"), key("help-step-layer"), key("help-step-compare")]
                    .iter().map(|step| html! { <li>{ words.say(step) }</li> }) }
            </ol>
            <h3>{ words.say("help-keys") }</h3>
            <label class="check">
                <input type="checkbox" checked={shortcuts.on} onchange={switch} data-testid="keys-on" />
                <span>{ words.say("help-keys-on") }</span>
            </label>
            <dl class="keys-list">
                { for Shortcut::ALL.iter().enumerate().map(shortcut) }
                { for KEYS.iter().map(|(name, does)| html! { <div><dt><kbd>{ *name }</kbd></dt><dd>{ words.say(does) }</dd></div> }) }
            </dl>
            <form method="dialog">
                <button type="button" class="button" onclick={usual} data-testid="keys-usual">{ words.say("help-keys-usual") }</button>
                <button class="button primary" data-testid="help-close">{ words.say("close") }</button>
            </form>
        </dialog>
    }
}
