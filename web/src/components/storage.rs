//! List of what the browser keeps for the page.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

use super::size;
use crate::dispatch::Dispatch;
use crate::offline::{forget, look};
use crate::words::{Words, key, use_words};
use crate::{own_models, save};
use convscope_core::import_message::OWN_MODEL;
use convscope_page::{ModelAction, ModelEntry, NoticeAction, Stored, StoredItem, SurveyAction, Text};

/// Properties of [`Storage`].
#[derive(Properties, PartialEq)]
pub struct StorageProps {
    /// The models, for their names.
    pub models: Rc<[ModelEntry]>,
    /// The id of the model in use.
    pub model: Option<String>,
    /// Hears that a model is deleted.
    pub dispatch: Dispatch,
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
            StoredItem::Optima => (words.say("stored-optima"), "optima".to_owned()),
            StoredItem::Findings => (words.say("stored-findings"), "findings".to_owned()),
            StoredItem::Model(id) => {
                let known = props.models.iter().find(|model| model.id == *id);
                (known.map_or_else(|| id.clone(), |model| model.name.clone()), id.clone())
            }
        };
        let export = own_id(kept).map(|id| export(&words, &props.dispatch, id, &name));
        let (refresh, kept, dispatch) = (refresh.clone(), kept.clone(), props.dispatch.clone());
        let delete = Callback::from(move |_: MouseEvent| {
            refresh(Some(kept.clone()));
            match &kept {
                StoredItem::Model(id) => dispatch.emit(ModelAction::Forgotten(id.clone())),
                StoredItem::Findings => dispatch.emit(SurveyAction::Stored(0)),
                _ => {}
            }
        });
        html! {
            <li key={id.clone()} data-testid={format!("stored-{id}")}>
                <span>{ &name }</span><span class="number">{ size(*bytes) }</span>
                { for export }
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
                if stored.items.iter().any(|(kept, _)| own_id(kept).is_some()) {
                    <p>{ words.say("stored-own") }</p>
                }
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

/// The id of a model of the person's own.
fn own_id(kept: &StoredItem) -> Option<&str> {
    match kept {
        StoredItem::Model(id) if id.starts_with(OWN_MODEL) => Some(id),
        _ => None,
    }
}

/// The button that saves a model of the person's own as a file that any convscope opens.
fn export(words: &Words, dispatch: &Dispatch, id: &str, name: &str) -> Html {
    let testid = format!("export-{id}");
    let (id, dispatch) = (id.to_owned(), dispatch.clone());
    let export = Callback::from(move |_: MouseEvent| {
        let (id, dispatch) = (id.clone(), dispatch.clone());
        spawn_local(async move {
            match own_models::zip(&id).await {
                Ok(zip) => save::download(&format!("{id}.zip"), &zip),
                Err(error) => dispatch.emit(NoticeAction::Failed(Text::Engine(error.fault().clone()))),
            }
        });
    });
    html! {
        <button type="button" class="link" onclick={export} aria-label={words.with("import-export-what", [("name", name.into())])}
            data-testid={testid}>{ words.say("import-export") }</button>
    }
}
