//! Menu of what a person takes away: files, and a link.

use convscope_page::{ExportAction, NoticeAction, Saving, State, Text};
use gloo_timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::address;
use crate::dispatch::Dispatch;
use crate::words::use_words;

/// Milliseconds for which the button says that it has copied.
const SAID: u32 = 2_000;

/// Properties of [`Save`].
#[derive(Properties, PartialEq)]
pub struct SaveProps {
    /// Flags that say what can be saved now, in the order of the buttons.
    pub offered: [bool; 4],
    /// Whether an image is saved with a line that says what it is.
    pub caption: bool,
    /// Whether the image is part of a bundle.
    pub with_image: bool,
    /// Whether there is a link to what is seen.
    pub linked: bool,
    /// Hears what is to be saved.
    pub dispatch: Dispatch,
}

impl SaveProps {
    /// The properties for that state.
    pub fn of(state: &State, dispatch: Dispatch) -> Self {
        let offered = [Saving::Image, Saving::Results, Saving::Array, Saving::Manifest].map(|one| state.can_save(one));
        let (caption, with_image) = (state.export.caption, state.export.with_image);
        Self { offered, caption, with_image, linked: state.link().is_some(), dispatch }
    }
}

/// The menu: a summary that opens and closes by itself, and buttons in it.
#[component]
pub fn Save(props: &SaveProps) -> Html {
    let words = use_words();
    let copied = use_state(|| false);
    let with_caption = props.dispatch.reform(|event: Event| {
        ExportAction::ChooseCaption(event.target_unchecked_into::<HtmlInputElement>().checked())
    });
    let with_image = props
        .dispatch
        .reform(|event: Event| ExportAction::ChooseImage(event.target_unchecked_into::<HtmlInputElement>().checked()));
    let copy = {
        let (copied, dispatch) = (copied.clone(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            let (copied, dispatch) = (copied.clone(), dispatch.clone());
            wasm_bindgen_futures::spawn_local(async move {
                if address::copy().await.is_err() {
                    return dispatch.emit(NoticeAction::Failed(Text::key("copy-failed")));
                }
                copied.set(true);
                Timeout::new(SAID, move || copied.set(false)).forget();
            });
        })
    };
    let [image, results, array, manifest] = props.offered;
    let button = |title: String, id: &'static str, offered: bool, saving: Saving| {
        let save = props.dispatch.reform(move |_: MouseEvent| ExportAction::Save(saving));
        html! {
            <button type="button" class="button" disabled={!offered} onclick={save} data-testid={id}>{ title }</button>
        }
    };
    html! {
        <details class="menu save" name="menu" data-testid="save">
            <summary class="button">{ words.say("save") }</summary>
            <div class="menu-body save-menu">
                { button(words.say("save-image"), "save-image", image, Saving::Image) }
                <label class="check">
                    <input type="checkbox" checked={props.caption} onchange={with_caption} data-testid="save-caption" />
                    <span>{ words.say("save-caption") }</span>
                </label>
                { button(words.say("save-results"), "save-layers", results, Saving::Results) }
                <label class="check" title={words.say("save-with-image-title")}>
                    <input type="checkbox" checked={props.with_image} onchange={with_image} data-testid="save-with-image" />
                    <span>{ words.say("save-with-image") }</span>
                </label>
                { button(words.say("save-array"), "save-array", array, Saving::Array) }
                { button(words.say("save-manifest"), "save-manifest", manifest, Saving::Manifest) }
                <button type="button" class="button" disabled={!props.linked} onclick={copy} data-testid="copy-link">
                    { if *copied { words.say("copied") } else { words.say("copy-link") } }
                </button>
            </div>
        </details>
    }
}
