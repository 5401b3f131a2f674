//! Files that the page gets from where it came from: the list of models, examples, and images that its address names.

use std::rc::Rc;

use serde::Deserialize;
use web_sys::{RequestCache, Url};

use crate::cache::BrowserCache;
use crate::components::Example;
use crate::{fetch, own_models};
use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_page::{Action, ExampleFile, ImageAction, ModelEntry, NoticeAction, Text};

/// `weights/index.json`.
#[derive(Deserialize)]
struct Index {
    models: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    name: String,
    bytes: u64,
}

/// The models that can be chosen: the server's, and behind them, where they are wanted, the person's `own`, which the page was given.
///
/// # Errors
/// Why the list cannot be had.
pub(crate) async fn models(own: bool) -> Result<Vec<ModelEntry>, Fault> {
    let name = "weights/index.json";
    let drawer = BrowserCache::of_list().await;
    let json = match (fetch::get(name, name, RequestCache::NoCache, &mut |_| {}).await, &drawer) {
        (Ok(json), Some(drawer)) => {
            // Without room for it, the list is what the server says.
            let _ = drawer.keep("index.json", &json).await;
            json
        }
        (Ok(json), None) => json,
        (Err(error), Some(drawer)) => drawer.content("index.json").await.ok_or_else(|| error.fault().clone())?,
        (Err(error), None) => return Err(error.fault().clone()),
    };
    let index: Index = serde_json::from_slice(&json).map_err(|error| {
        fault!(
            "model-list",
            "{name} is not the list of models that it should be ({error}); build the page again",
            name,
            error
        )
    })?;
    let mut models: Vec<ModelEntry> =
        index.models.into_iter().map(|Entry { id, name, bytes }| ModelEntry { id, name, bytes }).collect();
    let own = if own { own_models::manifests().await } else { vec![] };
    models.extend(own.into_iter().map(|manifest| {
        let bytes = manifest.shards.iter().map(|shard| shard.bytes).sum();
        ModelEntry { id: manifest.id, name: manifest.name, bytes }
    }));
    Ok(models)
}

/// An example's file.
///
/// # Errors
/// Why it cannot be had.
pub(crate) async fn example(example: Example) -> Result<ExampleFile, Text> {
    let file = fetch::get(example.url, example.url, RequestCache::NoCache, &mut |_| {}).await;
    let file = file.map_err(|error| Text::Engine(error.fault().clone()))?;
    Ok(ExampleFile { id: example.id.into(), name: example.name.into(), file: Rc::from(file) })
}

/// An image that the page's address names, as if it had been given. The policy would forbid another origin; here it is said.
pub(crate) async fn image(address: &str) -> Action {
    let location = web_sys::window().map(|window| window.location());
    let page = location.and_then(|location| location.href().ok()).and_then(|page| Url::new(&page).ok());
    let image = page.as_ref().and_then(|page| Url::new_with_base(address, &page.href()).ok());
    let (Some(page), Some(image)) = (page, image) else {
        return NoticeAction::Failed(Text::Own("image-elsewhere", vec![("address", address.into())])).into();
    };
    if page.origin() != image.origin() {
        return NoticeAction::Failed(Text::Own("image-elsewhere", vec![("address", address.into())])).into();
    }
    match fetch::get(&image.href(), address, RequestCache::NoCache, &mut |_| {}).await {
        Ok(file) => {
            let name = address.rsplit('/').next().unwrap_or(address).to_owned();
            ImageAction::Given { name, file: Rc::from(file) }.into()
        }
        Err(error) => NoticeAction::Failed(Text::Engine(error.fault().clone())).into(),
    }
}
