//! Has the browser keep the page, so that it opens without its server; looks at what it keeps, and has it forget.

use wasm_bindgen_futures::spawn_local;
use web_sys::window;

use crate::browser::{ask, call, global, object, part};
use crate::cache::{bytes, delete, names, prefix};
use convscope_page::{Stored, StoredItem};

/// Value of the page's `meta` element of that name.
pub fn meta(name: &str) -> Option<String> {
    let element = window()?.document()?.query_selector(&format!("meta[name=\"{name}\"]")).ok()??;
    element.get_attribute("content")
}

/// Registers the service worker that the page names, if it names one: `cargo xtask serve` has none, so that a rebuilt page is
/// seen at once. Called when the engine runs, so that the two do not load at the same time.
pub fn keep() {
    let Some(script) = meta("convscope-service-worker") else { return };
    let workers = global("navigator.serviceWorker");
    // An older version's files are not needed any more, if this is the only window.
    let _ = call(&part(&workers, "controller"), "postMessage", &[&"tidy up".into()]);
    spawn_local(async move {
        let options = object(&[("updateViaCache", "none")]);
        // A page that is not kept works all the same; the list of what is stored does not have it.
        let _ = ask(&workers, "register", &[&script.into(), &options]).await;
    });
}

/// Everything that is kept; none where the browser keeps nothing for such a page.
pub async fn look() -> Option<Stored> {
    let prefix = prefix();
    let mut stored = Stored { usage: usage().await, ..Stored::default() };
    for name in names().await? {
        stored.add(&prefix, &name, bytes(&name).await);
    }
    Some(stored)
}

/// Forgets one thing. What is in use goes on, and is kept again at the next visit.
pub async fn forget(kept: &StoredItem) {
    if *kept == StoredItem::Page
        && let Ok(registration) = ask(&global("navigator.serviceWorker"), "getRegistration", &[]).await
    {
        let _ = ask(&registration, "unregister", &[]).await;
    }
    let prefix = prefix();
    for name in names().await.unwrap_or_default() {
        if StoredItem::named(&prefix, &name).as_ref() == Some(kept) {
            delete(&name).await;
        }
    }
}

/// Usage that the browser counts for this origin, and what it allows, in bytes.
async fn usage() -> Option<(u64, u64)> {
    let estimate = ask(&global("navigator.storage"), "estimate", &[]).await.ok()?;
    let number = |key: &str| part(&estimate, key).as_f64().map(|number| number as u64);
    Some((number("usage")?, number("quota")?))
}
