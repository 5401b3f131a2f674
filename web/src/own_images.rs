//! Images of the person's own that stay on this machine, so that a page that is loaded again shows them: the last few, under their
//! SHA-256 and their names, in a cache that is listed among what is stored.

use js_sys::decode_uri_component;

use crate::cache::BrowserCache;
use crate::files;
use convscope_page::{ImageFile, KeptImage};

/// Images that are kept; the oldest give way.
const MOST: usize = 8;
/// Milliseconds for which an image has to be seen before it is kept: those of a camera come and go.
pub const REST_MILLISECONDS: u32 = 500;

/// Keeps an image. Where there is no room for it, a page that is loaded again says that it is gone.
pub async fn keep(photo: &ImageFile) {
    let (Some(cache), Some(sha256)) = (BrowserCache::of_images().await, photo.sha256()) else { return };
    let key = format!("{sha256}/{}", String::from(js_sys::encode_uri_component(&photo.name)));
    // The newest is the last one.
    cache.forget(&key).await;
    let Some(file) = files::blob(&photo.file) else { return };
    let bytes = file.size() as u64;
    if cache.keep_body(&key, &file.into(), bytes).await.is_ok() {
        let keys = cache.names().await;
        for old in keys.iter().take(keys.len().saturating_sub(MOST)) {
            cache.forget(old).await;
        }
    }
}

/// Forgets the image of that SHA-256.
pub async fn forget(sha256: &str) {
    let Some(cache) = BrowserCache::of_images().await else { return };
    for key in cache.names().await.iter().filter(|key| key.starts_with(sha256)) {
        cache.forget(key).await;
    }
}

/// The image that is kept whose SHA-256 begins like that.
pub async fn kept(start: &str) -> Option<KeptImage> {
    let cache = BrowserCache::of_images().await?;
    let key = cache.names().await.into_iter().rfind(|key| key.starts_with(start))?;
    let (_, name) = key.split_once('/')?;
    let name = decode_uri_component(name).ok().map(String::from)?;
    Some(KeptImage { name, file: cache.content(&key).await?.into() })
}
