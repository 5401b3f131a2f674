//! Findings of surveys that stay on this machine, so that a survey goes on after the page was closed: each under the name of what was asked
//! and the SHA-256 of its image, in a cache that is listed among what is stored.

use convscope_core::survey::KeptFinding;

use crate::cache::BrowserCache;

/// Findings that are kept, of about 10 kB each; the oldest give way.
const MOST: usize = 4000;

/// Keeps one. Where there is no room for it, the image is looked at again.
pub async fn keep(plan: &str, sha256: &str, finding: &KeptFinding) {
    let (Some(cache), Ok(bytes)) = (BrowserCache::of_findings().await, postcard::to_allocvec(finding)) else { return };
    let _ = cache.keep(&format!("{plan}/{sha256}"), &bytes).await;
}

/// Those that are kept under the name of what was asked, each under its image's SHA-256. Before a survey is also when the oldest give way.
pub async fn kept(plan: &str) -> Vec<(String, KeptFinding)> {
    let Some(cache) = BrowserCache::of_findings().await else { return vec![] };
    let names = cache.names().await;
    for old in names.iter().take(names.len().saturating_sub(MOST)) {
        cache.forget(old).await;
    }
    let mut found = vec![];
    for name in names {
        let Some(sha256) = name.strip_prefix(plan).and_then(|rest| rest.strip_prefix('/')) else { continue };
        let finding = cache.content(&name).await.and_then(|bytes| postcard::from_bytes(&bytes).ok());
        found.extend(finding.map(|finding| (sha256.to_owned(), finding)));
    }
    found
}

/// How many are kept.
pub async fn count() -> usize {
    match BrowserCache::of_findings().await {
        Some(cache) => cache.names().await.len(),
        None => 0,
    }
}
