//! Files of the person's machine: the browser holds them, and the page reads one when it is needed.

use std::rc::Rc;

use convscope_core::error::Fault;
use convscope_core::fault;
use convscope_page::{Content, FileHandle};
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

use crate::browser::part;

/// Takes up a file, without reading it.
pub fn handle(file: &File) -> FileHandle {
    let (name, bytes, modified) = (file.name(), file.size() as u64, file.last_modified() as u64);
    let path = part(file, "webkitRelativePath").as_string().unwrap_or_default();
    FileHandle { file: Rc::new(file.clone()), name, path, bytes, modified }
}

/// The file of a handle.
pub fn file(handle: &FileHandle) -> Option<&File> {
    handle.file.downcast_ref()
}

/// The folder that a file lies in, where a folder was given and not the file alone.
pub fn folder(file: &File) -> Option<String> {
    part(file, "webkitRelativePath").as_string()?.rsplit('/').nth(1).map(str::to_owned)
}

/// Bytes of a file.
///
/// # Errors
/// Fault where it is gone, or may not be read.
pub async fn bytes(handle: &FileHandle) -> Result<Vec<u8>, Fault> {
    let name = &handle.name;
    let unread =
        || fault!("file-unread", "{name} cannot be read; it may have been moved or changed: choose it again", name);
    let file = file(handle).ok_or_else(unread)?;
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| unread())?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Content of a file as what browsers decode and keep, without a copy of what is on a disk.
pub fn blob(content: &Content) -> Option<Blob> {
    match content {
        Content::File(handle) => file(handle).map(|file| file.clone().into()),
        Content::Bytes(bytes) => of_bytes(bytes).ok(),
    }
}

fn of_bytes(bytes: &Rc<[u8]>) -> Result<Blob, wasm_bindgen::JsValue> {
    Blob::new_with_u8_array_sequence(&js_sys::Array::of1(&Uint8Array::from(&bytes[..])))
}
