//! List of what the browser keeps for the page.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

use super::size;
use crate::offline::{forget, look};
use crate::words::use_words;
use convscope_page::{ModelEntry, Stored, StoredItem};

/// Properties of [`Storage`].
#[derive(Properties, PartialEq)]
pub struct StorageProps {
    /// The models, for their names.
    pub models: Rc<[ModelEntry]>,
}

/// A list of what is kept, with its size, each with a button that deletes it. It is looked up whenever the list is opened.
#[component]
pub fn Storage(props: &StorageProps) -> Html {
    let words = use_words();
    // None before it has been looked up; then none where nothing can be kept.
    let stored = use_state(|| None::<Option<Stored>>);
    let refresh = {
        let stored = stored.clone();
        move |first: Option<StoredItem>| {
            let stored = stored.clone();
            spawn_local(async move {
                if let Some(kept) = first {
                    forget(&kept).await;
                }
                stored.set(Some(look().await));
            });
        }
    };
    let toggle = {
        let refresh = refresh.clone();
        Callback::from(move |event: Event| {
            if event.target_unchecked_into::<Element>().has_attribute("open") {
                refresh(None);
            }
        })
    };
    let row = |(kept, bytes): &(StoredItem, u64)| {
        let (name, id) = match kept {
            StoredItem::Page => (words.say("stored-page"), "page".to_owned()),
            StoredItem::Images => (words.say("stored-images"), "images".to_owned()),
            StoredItem::Model(id) => {
                let known = props.models.iter().find(|model| model.id == *id);
                (known.map_or_else(|| id.clone(), |model| model.name.clone()), id.clone())
            }
        };
        let (refresh, kept) = (refresh.clone(), kept.clone());
        let delete = Callback::from(move |_: MouseEvent| refresh(Some(kept.clone())));
        html! {
            <li key={id.clone()} data-testid={format!("stored-{id}")}>
                <span>{ &name }</span><span class="number">{ size(*bytes) }</span>
                <button type="button" class="link" onclick={delete} aria-label={words.with("delete-what", [("name", name.as_str().into())])}
                    data-testid={format!("delete-{id}")}>{ words.say("delete") }</button>
            </li>
        }
    };
    let list = match &*stored {
        None => html! {},
        Some(None) => {
            html! { <p>{ words.say("stored-nowhere") }</p> }
        }
        Some(Some(stored)) => html! {
            <>
                <p>{ words.say("stored-why") }</p>
                if stored.items.is_empty() {
                    <p data-testid="stored-nothing">{ words.say("stored-nothing") }</p>
                }
                <ul>{ for stored.items.iter().map(row) }</ul>
                if let Some((used, allowed)) = stored.usage {
                    <p>{ words.with("stored-usage", [("used", size(used).into()), ("allowed", size(allowed).into())]) }</p>
                }
            </>
        },
    };
    html! {
        <details class="stored" ontoggle={toggle} data-testid="stored">
            <summary>{ words.say("stored") }</summary>
            { list }
        </details>
    }
}
