//! What is kept of the models of the person's own, for the page.

use convscope_core::error::Result;
use convscope_core::export::Zip;
use convscope_core::import_message::OWN_MODEL;
use convscope_core::model::Manifest;

use super::{MANIFEST, gone};
use crate::cache::{BrowserCache, name_of_model, names};

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
