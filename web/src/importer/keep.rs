//! Packed models on their way into the page's storage: each file goes to the browser at once, so that the importer never holds a whole
//! model, and is kept once all are there.

use convscope_core::error::Result;
use convscope_core::import_message::{ImportMessage, ImportStage};
use convscope_core::model::{Manifest, Sink};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;

use super::{given, progress};
use crate::browser::new;
use crate::own_models::{self, MANIFEST, nowhere, refused, unkept};

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
        // Tensors tell it where the file was read before.
        if !given::tells() {
            progress(ImportStage::Packing, done as u64, total as u64);
        }
    }
}

/// Keeps a model under its id, in place of one that was there. What cannot be kept as a whole is not kept at all.
pub(super) async fn keep(Kept { manifest, files }: Kept) -> Result<ImportMessage> {
    let manifest = manifest.ok_or_else(nowhere)?;
    own_models::keep(&manifest, files, |done, total| progress(ImportStage::Keeping, done, total)).await?;
    let bytes = manifest.shards.iter().map(|shard| shard.bytes).sum();
    Ok(ImportMessage::Kept { id: manifest.id, name: manifest.name, bytes })
}
