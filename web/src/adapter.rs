//! The GPU, as the browser describes it.

#[cfg(feature = "page")]
use convscope_core::choice::is_imitation;

use crate::browser::{ask, global, part};

/// The GPU's maker and architecture, which browsers tell where they keep its name to themselves (as they do by default) and which wgpu does
/// not pass on; nothing where there is no GPU.
pub(crate) async fn words() -> Option<String> {
    let adapter = ask(&global("navigator.gpu"), "requestAdapter", &[]).await.ok()?;
    if adapter.is_null() || adapter.is_undefined() {
        return None;
    }
    let info = part(&adapter, "info");
    let word = |key: &str| part(&info, key).as_string().filter(|word| !word.is_empty());
    let words: Vec<String> = ["vendor", "architecture"].into_iter().filter_map(word).collect();
    Some(words.join(" "))
}

/// Whether there is a GPU, and not one that software imitates.
#[cfg(feature = "page")]
pub(crate) async fn is_real() -> bool {
    words().await.is_some_and(|words| !is_imitation(&words))
}
