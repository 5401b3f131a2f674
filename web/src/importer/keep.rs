//! Packed models on their way into the page's storage: each file goes to the browser at once, so that the importer never holds a whole
//! model, and is kept once all are there.

use convscope_core::error::{Error, Fault, Result};
use convscope_core::fault;
use convscope_core::import_message::{ImportMessage, ImportStage};
use convscope_core::model::Manifest;
use convscope_import::pack::Sink;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;

use super::{progress, refused};
use crate::browser::{new, part};
use crate::cache::{BrowserCache, delete, name_of_model};
use crate::own_models::MANIFEST;

/// Files of a packed model, which the browser holds.
#[derive(Default)]
pub(super) struct Kept {
    manifest: Option<Manifest>,
    /// Names, blobs, and their bytes.
    files: Vec<(String, JsValue, u64)>,
}

impl Sink for Kept {
    fn file(&mut self, name: &str, content: Vec<u8>) -> Result<()> {
        if name == MANIFEST {
            self.manifest = Some(Manifest::parse(&content)?);
        }
        let blob = new("Blob", &[&Array::of1(&Uint8Array::from(&content[..]))]);
        let blob = blob.map_err(|error| unkept(refused(&error)))?;
        self.files.push((name.to_owned(), blob, content.len() as u64));
        Ok(())
    }

    fn stored(&mut self, done: usize, total: usize) {
        progress(ImportStage::Packing, done as u64, total as u64);
    }
}

/// Keeps a model under its id, in place of one that was there. What cannot be kept as a whole is not kept at all.
pub(super) async fn keep(Kept { manifest, files }: Kept) -> Result<ImportMessage> {
    let nowhere = || fault!("import-nowhere", "this browser keeps nothing for this page; open it over https");
    let Some(manifest) = manifest else { return Err(unkept(nowhere())) };
    let name = name_of_model(&manifest.id);
    delete(&name).await;
    let cache = BrowserCache::of_model(&manifest.id).await.ok_or_else(|| unkept(nowhere()))?;
    let (mut done, total) = (0, files.iter().map(|(_, _, bytes)| bytes).sum());
    for (file, blob, bytes) in files {
        // The manifest comes last, so that the kept one always describes a whole model.
        let shard = manifest.shards.iter().find(|shard| shard.file == file);
        let key = shard.map_or(file, |shard| shard.key());
        if let Err(error) = cache.keep_body(&key, &blob, bytes).await {
            delete(&name).await;
            let is_full = part(&error, "name").as_string().as_deref() == Some("QuotaExceededError");
            return Err(unkept(if is_full { full() } else { refused(&error) }));
        }
        done += bytes;
        progress(ImportStage::Keeping, done, total);
    }
    let bytes = manifest.shards.iter().map(|shard| shard.bytes).sum();
    Ok(ImportMessage::Kept { id: manifest.id, name: manifest.name, bytes })
}

fn full() -> Fault {
    fault!("import-full", "this browser has no more room for this page; delete a stored model, or pack it smaller")
}

fn unkept(cause: Fault) -> Error {
    Error::Request(fault!("import-unkept", "the model cannot be kept: {cause}", cause = cause))
}
