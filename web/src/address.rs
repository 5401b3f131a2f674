//! The page's address: its fragment is a [`Link`] to what is seen.

use gloo_events::EventListener;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Window;

use convscope_page::{Action, Link, LinkAction, Visit};

/// The link that the page was opened with, or was given since.
pub fn followed() -> Option<Action> {
    let fragment = web_sys::window()?.location().hash().ok()?;
    Link::parse(&fragment).map(|(link, problem)| LinkAction::Follow(Box::new(link), problem).into())
}

/// Hears of steps back and forward, and of links that are pasted into the address of the open page.
pub fn listen(window: &Window, hear: impl Fn(Action) + 'static) -> EventListener {
    EventListener::new(window, "hashchange", move |_| {
        if let Some(action) = followed() {
            hear(action);
        }
    })
}

/// Makes a link the page's address, as an entry of its own or in place of the one before. Nobody hears of it.
pub fn show(link: &Link, visit: Visit) {
    let Some(window) = web_sys::window() else { return };
    if let Ok(history) = window.history() {
        // A browser refuses where it is done too often; the next one will be right again.
        let fragment = format!("#{}", link.encode());
        let _ = match visit {
            Visit::Enter => history.push_state_with_url(&JsValue::NULL, "", Some(&fragment)),
            Visit::Replace => history.replace_state_with_url(&JsValue::NULL, "", Some(&fragment)),
        };
    }
}

/// Copies the page's address.
///
/// # Errors
/// Where the browser does not let it.
pub async fn copy() -> Result<(), JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let address = window.location().href()?;
    // Not there on a page that came over plain HTTP from another machine.
    let clipboard = Reflect::get(&window.navigator(), &"clipboard".into())?;
    let write: Function = Reflect::get(&clipboard, &"writeText".into())?.dyn_into()?;
    let written: Promise = write.call1(&clipboard, &address.into())?.dyn_into()?;
    JsFuture::from(written).await.map(|_| ())
}
