//! Has the browser keep the page, so that it opens without its server; looks at what it keeps, and has it forget.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::window;
use yew::Callback;

use crate::browser::{ask, call, global, object, part};
use crate::cache::{bytes, delete, names, prefix};
use crate::script_address::script_address;
use convscope_page::{Stored, StoredItem};

/// Value of the page's `meta` element of that name.
pub fn meta(name: &str) -> Option<String> {
    let element = window()?.document()?.query_selector(&format!("meta[name=\"{name}\"]")).ok()??;
    element.get_attribute("content")
}

/// Registers the service worker that the page names, if it names one: `cargo xtask serve` has none, so that a rebuilt page is
/// seen at once. Called when the engine runs, so that the two do not load at the same time. `newer` hears that a newer version of the
/// page is there and waits for this one to be closed.
pub fn keep(newer: Callback<()>) {
    let Some(script) = meta("convscope-service-worker") else { return };
    let workers = global("navigator.serviceWorker");
    // An older version's files are not needed any more, if this is the only window.
    let _ = call(&part(&workers, "controller"), "postMessage", &[&"tidy up".into()]);
    spawn_local(async move {
        let options = object(&[("updateViaCache", "none")]);
        // A page that is not kept works all the same; the list of what is stored does not have it.
        let Ok(registration) = ask(&workers, "register", &[&script_address(&script), &options]).await else { return };
        if part(&registration, "waiting").is_truthy() {
            newer.emit(());
        }
        // The first version of all replaces nothing.
        let found = {
            let registration = registration.clone();
            Closure::<dyn Fn()>::new(move || {
                let installing = part(&registration, "installing");
                // Asked now: while the first is installed, none controls the page.
                if part(&workers, "controller").is_truthy() && installing.is_truthy() {
                    tell(&installing, newer.clone());
                }
            })
        };
        // Not one more listener for each worker that is started: the one before gives way.
        let _ = Reflect::set(&registration, &"onupdatefound".into(), &found.into_js_value());
    });
}

/// Tells when a version has been installed.
fn tell(version: &JsValue, newer: Callback<()>) {
    let changed = {
        let version = version.clone();
        Closure::<dyn Fn()>::new(move || {
            if part(&version, "state") == "installed" {
                newer.emit(());
            }
        })
    };
    let _ = call(version, "addEventListener", &[&"statechange".into(), &changed.into_js_value()]);
}

/// Asks the browser, once, not to delete what is kept when its disk grows full: weights are hundreds of megabytes to get again.
pub fn persist() {
    spawn_local(async {
        let storage = global("navigator.storage");
        let kept = ask(&storage, "persisted", &[]).await.is_ok_and(|kept| kept.is_truthy());
        if !kept {
            let _ = ask(&storage, "persist", &[]).await;
        }
    });
}

/// Loads the page again.
pub fn reload() {
    let _ = call(&global("location"), "reload", &[]);
}

/// Everything that is kept; none where the browser keeps nothing for such a page.
pub async fn look() -> Option<Stored> {
    let prefix = prefix();
    let persisted = ask(&global("navigator.storage"), "persisted", &[]).await.ok().and_then(|kept| kept.as_bool());
    let mut stored = Stored { usage: usage().await, persisted, ..Stored::default() };
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
