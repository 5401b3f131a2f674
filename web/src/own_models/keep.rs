//! Keeping of a packed model of the person's own, as a whole or not at all.

use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::model::Manifest;
use wasm_bindgen::JsValue;

use crate::browser::part;
use crate::cache::{BrowserCache, delete, name_of_model};

/// Keeps a model under its id, in place of one that was there: names of files, what a browser takes for their contents, and their bytes,
/// the manifest last. `progress` hears how many bytes of how many are kept.
///
/// # Errors
/// [`Error::Request`] where the browser does not keep it.
pub(crate) async fn keep(
    manifest: &Manifest,
    files: Vec<(String, JsValue, u64)>,
    progress: impl Fn(u64, u64),
) -> Result<()> {
    let name = name_of_model(&manifest.id);
    delete(&name).await;
    let cache = BrowserCache::of_model(&manifest.id).await.ok_or_else(nowhere)?;
    let (mut done, total) = (0, files.iter().map(|(_, _, bytes)| bytes).sum());
    for (file, body, bytes) in files {
        // The manifest comes last, so that the kept one always describes a whole model.
        let shard = manifest.shards.iter().find(|shard| shard.file == file);
        let key = shard.map_or(file, |shard| shard.key());
        if let Err(error) = cache.keep_body(&key, &body, bytes).await {
            delete(&name).await;
            let is_full = part(&error, "name").as_string().as_deref() == Some("QuotaExceededError");
            return Err(unkept(if is_full { full() } else { refused(&error) }));
        }
        done += bytes;
        progress(done, total);
    }
    Ok(())
}

/// The error of a browser that keeps nothing for this page.
pub(crate) fn nowhere() -> Error {
    unkept(fault!("import-nowhere", "this browser keeps nothing for this page; open it over https"))
}

fn full() -> Fault {
    fault!("import-full", "this browser has no more room for this page; delete a stored model, or pack it smaller")
}

/// The error of a model that cannot be kept.
pub(crate) fn unkept(cause: Fault) -> Error {
    Error::Request(fault!("import-unkept", "the model cannot be kept: {cause}", cause = cause))
}

/// The fault of something that a browser refuses.
pub(crate) fn refused(error: &JsValue) -> Fault {
    let part = |name: &str| part(error, name).as_string();
    let why = part("message").or_else(|| part("name")).unwrap_or_else(|| format!("{error:?}"));
    fault!("import-refused", "this browser refuses ({why})", why)
}
