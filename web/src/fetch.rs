//! Files over fetch, with progress, and with sentences for what goes wrong on the way.

use std::pin::pin;

#[cfg(feature = "worker")]
use convscope_core::model::Source;
use convscope_core::{Error, Result, fault};
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Request, RequestCache, RequestInit, Response, Window, WorkerGlobalScope};

/// Seconds without a byte after which a network is given up.
const PATIENCE_SECONDS: u32 = 20;
/// Code of the fault that says so.
const HANGS: &str = "fetch-hangs";

/// A packed model in a folder beside the page.
#[cfg(feature = "worker")]
#[derive(Clone, Debug)]
pub struct FetchSource {
    /// An address beside which the folder lies.
    pub base: String,
    /// The folder, relative to it.
    pub folder: String,
    /// Mode of the browser's own cache for its files.
    pub cache: RequestCache,
}

#[cfg(feature = "worker")]
impl Source for FetchSource {
    async fn read(&self, name: &str, progress: &mut dyn FnMut(u64)) -> Result<Vec<u8>> {
        let path = format!("{}/{name}", self.folder);
        // Cut at the last slash of the path, which a query may follow.
        let page = self.base.split(['?', '#']).next().unwrap_or_default();
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        get(&format!("{folder}/{path}"), &path, self.cache, progress).await
    }
}

/// Gets the file at `url`, called `name` in what is said about it; `progress` hears how many bytes have come. A connection that
/// breaks off is tried once more.
///
/// # Errors
/// [`Error::Weights`]: offline, not found, something else than the file, a connection that broke off.
pub async fn get(url: &str, name: &str, cache: RequestCache, progress: &mut dyn FnMut(u64)) -> Result<Vec<u8>> {
    match body(&respond(url, name, cache).await?, name, progress).await {
        Ok(bytes) => Ok(bytes),
        // Whoever has waited that long is asked before it is tried again.
        Err(error) if error.code() == HANGS => Err(error),
        Err(_) => body(&respond(url, name, cache).await?, name, progress).await,
    }
}

/// The server's answer, which is the file.
async fn respond(url: &str, name: &str, cache: RequestCache) -> Result<Response> {
    let response = ask(url, name, cache).await?;
    if !response.ok() {
        return Err(Error::Weights(fault!(
            "fetch-status",
            "{name} cannot be loaded: the server answers {status} {text}; see whether the file lies beside the page",
            name,
            status = response.status(),
            text = response.status_text()
        )));
    }
    // Hosts of single-page applications answer a file that they do not have with the page.
    let kind = response.headers().get("content-type").ok().flatten().unwrap_or_default();
    if kind.starts_with("text/html") {
        return Err(Error::Weights(fault!(
            "fetch-web-page",
            "{name} cannot be loaded: the server sends a web page in its place; see whether the file lies beside the page",
            name
        )));
    }
    Ok(response)
}

async fn ask(url: &str, name: &str, cache: RequestCache) -> Result<Response> {
    let unreachable = |_: JsValue| {
        Error::Weights(fault!(
            "fetch-no-answer",
            "{name} cannot be loaded: the server does not answer; see whether you are online and try again",
            name
        ))
    };
    let options = RequestInit::new();
    options.set_cache(cache);
    let request = Request::new_with_str_and_init(url, &options).map_err(unreachable)?;
    let global = js_sys::global();
    let promise = match global.dyn_ref::<Window>() {
        Some(window) => window.fetch_with_request(&request),
        None => global.unchecked_ref::<WorkerGlobalScope>().fetch_with_request(&request),
    };
    let response: JsValue = patiently(JsFuture::from(promise), name).await?.map_err(unreachable)?;
    Ok(response.unchecked_into())
}

/// What comes of a promise of the network's, unless that takes too long.
async fn patiently<T>(promise: impl Future<Output = T>, name: &str) -> Result<T> {
    match select(pin!(promise), pin!(TimeoutFuture::new(1000 * PATIENCE_SECONDS))).await {
        Either::Left((come, _)) => Ok(come),
        Either::Right(_) => Err(Error::Weights(fault!(
            "fetch-hangs",
            "{name} cannot be loaded: nothing has come for {seconds} seconds; see whether you are online and try again",
            name,
            seconds = PATIENCE_SECONDS
        ))),
    }
}

async fn body(response: &Response, name: &str, progress: &mut dyn FnMut(u64)) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let Some(stream) = response.body() else { return Ok(bytes) };
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    loop {
        let come = patiently(JsFuture::from(reader.read()), name).await;
        if come.is_err() {
            // What still comes is wanted no longer.
            let _ = reader.cancel();
        }
        let chunk: JsValue = match come? {
            Ok(chunk) => chunk,
            Err(_) => {
                return Err(Error::Weights(fault!(
                    "fetch-broke-off",
                    "{name} cannot be loaded: the connection broke off after {bytes} bytes; try again",
                    name,
                    bytes = bytes.len()
                )));
            }
        };
        let part = |key: &str| Reflect::get(&chunk, &key.into()).unwrap_or(JsValue::UNDEFINED);
        if part("done").is_truthy() {
            return Ok(bytes);
        }
        let value: Uint8Array = part("value").unchecked_into();
        let start = bytes.len();
        bytes.resize(start + value.length() as usize, 0);
        value.copy_to(&mut bytes[start..]);
        progress(bytes.len() as u64);
    }
}
