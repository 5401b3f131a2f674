//! List of what the browser keeps for the page.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

use super::size;
use crate::offline::{forget, look};
use crate::words::{key, use_words};
use convscope_page::{ModelEntry, Stored, StoredItem};

/// Properties of [`Storage`].
#[derive(Properties, PartialEq)]
pub struct StorageProps {
    /// The models, for their names.
    pub models: Rc<[ModelEntry]>,
    /// The id of the model in use.
    pub model: Option<String>,
}

/// Milliseconds after which it is looked up once more: a browser keeps the page when it has nothing else to do.
const AGAIN: u32 = 4_000;

/// Whether the page with its model opens without a network; below, a list of what is kept, with its size, each with a button that deletes
/// it. It is looked up when a model has come and whenever the list is opened.
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
    {
        let refresh = refresh.clone();
        use_effect_with(props.model.clone(), move |model| {
            let again = model.is_some().then(|| {
                refresh(None);
                Timeout::new(AGAIN, move || refresh(None))
            });
            move || drop(again)
        });
    }
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
                if let Some(persisted) = stored.persisted {
                    <p data-testid="stored-persisted">{ words.say(if persisted { key("stored-persisted") } else { key("stored-passing") }) }</p>
                }
                if let Some((used, allowed)) = stored.usage {
                    <p>{ words.with("stored-usage", [("used", size(used).into()), ("allowed", size(allowed).into())]) }</p>
                }
            </>
        },
    };
    html! {
        <details class="menu stored" name="menu" ontoggle={toggle} data-testid="stored">
            <summary class="button">{ words.say(offline((*stored).as_ref(), props.model.as_ref())) }</summary>
            <div class="menu-body">
                <h2>{ words.say("stored") }</h2>
                { list }
            </div>
        </details>
    }
}

/// The key of what is to be known without opening the list.
fn offline(stored: Option<&Option<Stored>>, model: Option<&String>) -> &'static str {
    let Some(stored) = stored else { return key("offline-unknown") };
    let has = |item: &StoredItem| stored.iter().flat_map(|stored| &stored.items).any(|(kept, _)| kept == item);
    let model = model.is_some_and(|model| has(&StoredItem::Model(model.clone())));
    if model && has(&StoredItem::Page) { key("offline-yes") } else { key("offline-no") }
}
