//! Optima of channels that stay on this machine: the last few, under what they were asked by, in a cache that is listed among what is stored.

use convscope_core::artifact::Panel;

use crate::cache::BrowserCache;

/// Optima that are kept; the oldest give way.
const MOST: usize = 64;

/// Keeps one. Where there is no room for it, it is made again.
pub async fn keep(key: &str, panel: &Panel) {
    let (Some(cache), Ok(bytes)) = (BrowserCache::of_optima().await, serde_json::to_vec(panel)) else { return };
    if cache.keep(key, &bytes).await.is_ok() {
        let keys = cache.names().await;
        for old in keys.iter().take(keys.len().saturating_sub(MOST)) {
            cache.forget(old).await;
        }
    }
}

/// The one that is kept; none where what is kept is of another version.
pub async fn kept(key: &str) -> Option<Panel> {
    serde_json::from_slice(&BrowserCache::of_optima().await?.content(key).await?).ok()
}
