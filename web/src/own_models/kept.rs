//! What is kept of the models of the person's own, for the page.

use convscope_core::error::Result;
use convscope_core::export::Zip;
use convscope_core::import_message::OWN_MODEL;
use convscope_core::model::Manifest;

use web_sys::RequestCache;

use super::{MANIFEST, gone};
use crate::cache::{BrowserCache, name_of_model, names};
use crate::fetch;

/// What every model of the person's own says of itself; those that are not whole are left out.
pub async fn manifests() -> Vec<Manifest> {
    let mut found = vec![];
    for name in names().await.unwrap_or_default() {
        let Some(id) = name.strip_prefix(&name_of_model("")).filter(|id| id.starts_with(OWN_MODEL)) else { continue };
        let Some(cache) = BrowserCache::of_model(id).await else { continue };
        let manifest = cache.content(MANIFEST).await.and_then(|json| Manifest::parse(&json).ok());
        found.extend(manifest);
    }
    found
}

/// What a model says of itself, of the person's own or of the server's, of which the kept one stands in where there is no network; none
/// where it cannot be read.
pub async fn manifest(id: &str) -> Option<Manifest> {
    let path = format!("weights/{id}/{MANIFEST}");
    let own = id.starts_with(OWN_MODEL);
    let here = if own { None } else { fetch::get(&path, &path, RequestCache::NoCache, &mut |_| {}).await.ok() };
    let json = match here {
        Some(json) => json,
        // Opening a drawer makes one.
        None if names().await?.contains(&name_of_model(id)) => {
            BrowserCache::of_model(id).await?.content(MANIFEST).await?
        }
        None => return None,
    };
    Manifest::parse(&json).ok()
}

/// The whole model as a zip archive, which any convscope opens.
///
/// # Errors
/// [`Error::Weights`](convscope_core::Error::Weights) where it is not whole any longer.
pub async fn zip(id: &str) -> Result<Vec<u8>> {
    let cache = BrowserCache::of_model(id).await.ok_or_else(|| gone(id))?;
    let json = cache.content(MANIFEST).await.ok_or_else(|| gone(id))?;
    let manifest = Manifest::parse(&json)?;
    let mut zip = Zip::default();
    zip.add(&format!("{id}/{MANIFEST}"), &json)?;
    for shard in &manifest.shards {
        let content = cache.content(&shard.key()).await.ok_or_else(|| gone(id))?;
        zip.add(&format!("{id}/{}", shard.file), &content)?;
    }
    zip.finish()
}
