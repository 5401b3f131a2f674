//! Wishes in the query of the page's address.

use convscope_core::Choice;
use web_sys::UrlSearchParams;

use crate::components::DEVICES;
use crate::embed::Embedding;
use crate::words;
use convscope_page::Language;

/// Wishes in the page's address: `?model=vgg16_base&device=cpu&picture=examples/cat.jpg`, `?embed&language=zh`.
pub(crate) struct Asked {
    /// Id of a model.
    pub(crate) model: Option<String>,
    /// The device.
    pub(crate) device: Choice,
    /// An image of the page's own origin.
    pub(crate) image: Option<String>,
    /// The way in which it lies in a frame, if it does.
    pub(crate) embedding: Option<Embedding>,
    /// The language; without one in the address the person's own.
    pub(crate) language: Language,
}

/// What the address asks for.
pub(crate) fn asked() -> Asked {
    let query = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    let asked = UrlSearchParams::new_with_str(&query).ok();
    let get = |key: &str| asked.as_ref().and_then(|asked| asked.get(key));
    let device = get("device").unwrap_or_default();
    let device = DEVICES.iter().find(|(_, name, _)| *name == device).map_or(Choice::Auto, |(choice, ..)| *choice);
    let embedding = get("embed").map(|way| if way == "wait" { Embedding::Waits } else { Embedding::Shown });
    let language = get("language").and_then(|tag| Language::of_tag(&tag)).unwrap_or_else(words::preferred);
    Asked { model: get("model"), device, image: get("picture"), embedding, language }
}
