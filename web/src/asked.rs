//! Wishes in the query of the page's address.

use convscope_core::Choice;
use web_sys::UrlSearchParams;

use crate::components::DEVICES;

/// Wishes in the page's address: `?model=vgg16_base&device=cpu&picture=examples/cat.jpg`.
pub(crate) struct Asked {
    /// Id of a model.
    pub(crate) model: Option<String>,
    /// The device.
    pub(crate) device: Choice,
    /// An image of the page's own origin.
    pub(crate) image: Option<String>,
}

/// What the address asks for.
pub(crate) fn asked() -> Asked {
    let query = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    let Ok(asked) = UrlSearchParams::new_with_str(&query) else {
        return Asked { model: None, device: Choice::Auto, image: None };
    };
    let device = asked.get("device").unwrap_or_default();
    let device = DEVICES.iter().find(|(_, name, _)| *name == device).map_or(Choice::Auto, |(choice, ..)| *choice);
    Asked { model: asked.get("model"), device, image: asked.get("picture") }
}
