//! Files that stay in the browser between visits, in its Cache Storage: a cache a model, one for the list of models,
//! and one each for images of the person's own, for optima of channels and for findings of surveys.
//!
//! Other pages of the same origin, also other copies of this one, have caches of their own: names begin with the page's folder.
//! Browsers have a Cache Storage for pages over https and from this machine only; elsewhere nothing is kept, and all else works.

#[cfg(feature = "worker")]
use convscope_core::model::Cache;
#[cfg(feature = "worker")]
use convscope_core::protocol::StorageError;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;

use crate::browser::{ask, call, global, new, object, part};

/// The address of the folder that the page and its worker's script lie in, with a slash at its end.
pub fn folder() -> String {
    let href = global("location.href").as_string().unwrap_or_default();
    // Cut at the last slash of the path, which a query may follow.
    let page = href.split(['?', '#']).next().unwrap_or_default();
    page.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"))
}

/// Prefix of the names of all caches of this page; the service worker says the same.
pub fn prefix() -> String {
    let folder = folder();
    let path = folder.splitn(4, '/').nth(3).unwrap_or_default();
    format!("convscope /{path} ")
}

/// Start of the names of models' caches, behind the prefix of all.
const OF_MODELS: &str = "weights ";

/// Name of the cache for the files of the model of that id.
pub fn name_of_model(id: &str) -> String {
    format!("{}{OF_MODELS}{id}", prefix())
}

/// The names of all caches of this page; none where the browser has no Cache Storage for it.
pub async fn names() -> Option<Vec<String>> {
    let keys = Array::from(&ask(&global("caches"), "keys", &[]).await.ok()?);
    let prefix = prefix();
    let names = keys.iter().filter_map(|key| key.as_string());
    Some(names.filter(|name| name.starts_with(&prefix)).collect())
}

/// The size of all that a cache holds, in bytes.
pub async fn bytes(name: &str) -> u64 {
    let Ok(cache) = ask(&global("caches"), "open", &[&name.into()]).await else { return 0 };
    let mut sum = 0;
    let Ok(requests) = ask(&cache, "keys", &[]).await else { return 0 };
    for request in Array::from(&requests) {
        let Ok(response) = ask(&cache, "match", &[&request]).await else { continue };
        let length = call(&part(&response, "headers"), "get", &[&"Content-Length".into()]);
        let length = length.ok().and_then(|length| length.as_string());
        sum += length.and_then(|length| length.parse::<u64>().ok()).unwrap_or(0);
    }
    sum
}

/// Deletes a cache.
pub async fn delete(name: &str) {
    // What cannot be deleted is still there, and seen to be.
    let _ = ask(&global("caches"), "delete", &[&name.into()]).await;
}

/// One cache: files of one kind, by their addresses relative to its place.
#[derive(Clone, Debug)]
pub struct BrowserCache {
    cache: JsValue,
    /// The address that keys are relative to.
    base: String,
}

impl BrowserCache {
    /// The cache for a model's files.
    pub async fn of_model(id: &str) -> Option<Self> {
        Self::open(&format!("{OF_MODELS}{id}"), &format!("weights/{id}/")).await
    }

    /// The cache for the list of models.
    pub async fn of_list() -> Option<Self> {
        Self::open("list", "weights/").await
    }

    /// The cache for images of the person's own.
    #[cfg(feature = "page")]
    pub async fn of_images() -> Option<Self> {
        Self::open("images own", "images/").await
    }

    /// The cache for optima of channels.
    #[cfg(feature = "page")]
    pub async fn of_optima() -> Option<Self> {
        Self::open("optima own", "optima/").await
    }

    /// The cache for findings of surveys.
    #[cfg(feature = "page")]
    pub async fn of_findings() -> Option<Self> {
        Self::open("findings own", "findings/").await
    }

    async fn open(name: &str, place: &str) -> Option<Self> {
        let cache = ask(&global("caches"), "open", &[&format!("{}{name}", prefix()).into()]).await.ok()?;
        Some(Self { cache, base: format!("{}{place}", folder()) })
    }

    fn address(&self, key: &str) -> JsValue {
        format!("{}{key}", self.base).into()
    }

    /// The content kept under `key`.
    pub async fn content(&self, key: &str) -> Option<Vec<u8>> {
        let response = ask(&self.cache, "match", &[&self.address(key)]).await.ok()?;
        let buffer = ask(&response, "arrayBuffer", &[]).await.ok()?;
        Some(Uint8Array::new(&buffer).to_vec())
    }

    /// All keys, the oldest first.
    pub async fn names(&self) -> Vec<String> {
        let Ok(requests) = ask(&self.cache, "keys", &[]).await else { return vec![] };
        let key = |request| Some(part(&request, "url").as_string()?.strip_prefix(&self.base)?.to_owned());
        Array::from(&requests).iter().filter_map(key).collect()
    }

    /// Forgets what is kept under `key`.
    pub async fn forget(&self, key: &str) {
        let _ = ask(&self.cache, "delete", &[&self.address(key)]).await;
    }

    /// Keeps `content` under `key`.
    ///
    /// # Errors
    /// The browser's own, such as `QuotaExceededError`.
    pub async fn keep(&self, key: &str, content: &[u8]) -> Result<(), JsValue> {
        self.keep_body(key, &Uint8Array::from(content), content.len() as u64).await
    }

    /// Keeps what a browser takes for the body of a response, of so many bytes.
    ///
    /// # Errors
    /// The browser's own, such as `QuotaExceededError`.
    pub async fn keep_body(&self, key: &str, body: &JsValue, bytes: u64) -> Result<(), JsValue> {
        // So that its size is known without reading it.
        let headers = object(&[("Content-Length", &bytes.to_string())]);
        let init = js_sys::Object::new();
        js_sys::Reflect::set(&init, &"headers".into(), &headers)?;
        let response = new("Response", &[body, &init])?;
        ask(&self.cache, "put", &[&self.address(key), &response]).await.map(|_| ())
    }
}

#[cfg(feature = "worker")]
impl Cache for BrowserCache {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.content(key).await
    }

    async fn put(&self, key: &str, content: &[u8]) -> Result<(), StorageError> {
        self.keep(key, content).await.map_err(|error| match part(&error, "name").as_string() {
            Some(name) if name == "QuotaExceededError" => StorageError::Full,
            _ => StorageError::Other(part(&error, "message").as_string().unwrap_or_else(|| format!("{error:?}"))),
        })
    }

    async fn keys(&self) -> Vec<String> {
        self.names().await
    }

    async fn remove(&self, key: &str) {
        self.forget(key).await;
    }
}
